"""An answer whose alert came back reached nobody: a person is needed though the filing is over."""

import pytest

from hub import needing, notified
from hub.core.needs import Kind
from hub.core.statuses import FilingStatus, MessageKind
from hub.figures.reading import Narrow
from hub.models import OutboundMessage
from tests.stages.casillas import FRIDAY, alerts_of, notify_act, registered
from tests.stages.sector import make_sector


@pytest.fixture
def sector(session):
    return make_sector(session)


def needed(session):
    return [(one.cuo, one.code) for one in needing.needs(session, Narrow(), FRIDAY).get(Kind.MAIL, [])]


def bounce(session, letter):
    letter.status, letter.last_code = "dead", "MAIL_BOUNCED"
    session.flush()


def over(session, leg, status):
    leg.filing.status = status
    session.flush()


@pytest.mark.parametrize("status", [FilingStatus.ANSWERED, FilingStatus.CLOSED])
def test_the_alert_of_an_answer_that_came_back_needs_a_person_until_it_is_notified(session, sector, status):
    leg = registered(session, sector)
    notice = notify_act(session, sector, leg)
    over(session, leg, status)
    assert needed(session) == []
    bounce(session, alerts_of(session, notice)[MessageKind.MAIL])
    assert needed(session) == [(leg.cuo, "MAIL_BOUNCED")]
    notified.acknowledged(session, sector, notice, FRIDAY)
    session.flush()
    assert needed(session) == []


def test_other_letters_of_what_is_over_and_answers_of_what_was_taken_back_need_nobody(session, sector):
    leg = registered(session, sector)
    notice = notify_act(session, sector, leg)
    courtesy = session.query(OutboundMessage).filter_by(filing_id=leg.filing_id, channel="mail", notice_id=None).first()
    bounce(session, courtesy)
    over(session, leg, FilingStatus.ANSWERED)
    assert needed(session) == []
    bounce(session, alerts_of(session, notice)[MessageKind.MAIL])
    over(session, leg, FilingStatus.WITHDRAWN)
    assert needed(session) == []
