"""R-NOT: what notifies, from when, with what alert; and what only informs."""

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from hub import casilla, notified, unnotified
from hub.core.bodies import DecreeDayRecord
from hub.core.messages import Filer
from hub.core.statuses import DeliveryStatus, MessageKind
from hub.models import Notice, Observation, OutboundMessage
from hub.papers.letters import COURTESY
from hub.sight import Viewer
from hub.unnotified import ByHand
from tests.stages.casillas import FRIDAY, alerts_of, notify_act, registered
from tests.stages.legs import events_of, put
from tests.stages.observed import lima
from tests.stages.observed import say as say_of
from tests.stages.sector import make_sector

ADMIN = Viewer(1, frozenset({"sector_admin"}))
MONDAY = date(2026, 11, 30)


@pytest.fixture
def sector(session):
    return make_sector(session)


def alert(session, sector, notice, at=FRIDAY):
    casilla.alert_taken(session, sector, notice.id, at)
    session.flush()


def deem(session, sector, notice, at):
    assert notice.id in notified.due(session, at) or notice.notified_on or notice.alerted_at is None
    return notified.deem(session, sector, notice.id, at)


def why(session, sector, notice, at):
    return next(one.why for one in unnotified.pending(session, sector, ADMIN, at) if one.notice is notice)


# R-NOT-1: within five business days of the act


@pytest.mark.rule("R-NOT-1")
@pytest.mark.parametrize(("issued", "until", "is_late"), [("13", "20", False), ("12", "19", True)])
def test_an_act_is_notified_in_five_business_days_or_flagged(session, sector, issued, until, is_late):
    issued_on = date(2026, 11, int(issued))
    notice = notify_act(session, sector, registered(session, sector), issued_on=issued_on)
    assert (notice.issued_on, notice.notify_by) == (issued_on, date(2026, 11, int(until)))
    assert notice.is_late is is_late
    (event,) = events_of(session, notice, "notice_deposited")
    assert (event.data["is_late"], event.data["notify_by"]) == (is_late, f"2026-11-{until}")


# R-NOT-2: authorised expressly; a receipt in two business days, or the cédula


@pytest.mark.rule("R-NOT-2")
def test_without_authorisation_nothing_is_deemed_and_a_person_notifies(session, sector):
    notice = notify_act(session, sector, registered(session, sector, consents=False))
    assert (notice.has_consent, notice.deemed_on) == (False, None)
    assert why(session, sector, notice, FRIDAY) is ByHand.NO_CONSENT
    alert(session, sector, notice)
    assert notice.id not in notified.due(session, lima("2027-03-01"))
    assert notified.deem(session, sector, notice.id, lima("2027-03-01")) is False


@pytest.mark.rule("R-NOT-2")
def test_without_a_receipt_in_two_business_days_it_goes_by_cedula(session, sector):
    notice = notify_act(session, sector, registered(session, sector))
    alert(session, sector, notice)
    assert why(session, sector, notice, lima("2026-11-24", 23, 59)) is None
    assert why(session, sector, notice, lima("2026-11-25", 0, 1)) is ByHand.NO_RECEIPT
    notified.by_hand(session, sector, ADMIN, notice.id, date(2026, 11, 25), "Cédula 45-2026", lima("2026-11-26"))
    assert (notice.notified_on, notice.notified_how) == (date(2026, 11, 25), "in_person")
    assert notice.notified_note == "Cédula 45-2026"
    assert notice not in [one.notice for one in unnotified.pending(session, sector, ADMIN, lima("2026-11-26"))]


@pytest.mark.rule("R-NOT-2")
def test_a_receipt_in_time_needs_no_cedula(session, sector):
    notice = notify_act(session, sector, registered(session, sector))
    alert(session, sector, notice)
    notified.acknowledged(session, sector, notice, lima("2026-11-23", 8))
    assert (notice.notified_on, notice.notified_how) == (date(2026, 11, 23), "acknowledged")
    assert notice.opened_at is None


@pytest.mark.rule("R-NOT-2")
def test_the_authorisation_is_asked_apart_and_is_off_until_given(house, clerk):
    page = clerk.get("/mesa-de-partes/recepcion").text
    legend = page.index("Autorización para notificar por medios electrónicos")
    tick = page[legend : page.index("</fieldset>", legend)]
    assert tick.count('type="checkbox"') == 1
    assert "checked" not in tick
    assert "no es requisito" in tick
    filing = house.filing(clerk.filed(email="ana@ejemplo.pe"))[0]
    assert filing.accepts_notification is False
    with house.session() as session:
        assert events_of(session, SimpleNamespace(filing_id=filing.id), "presented")[0].data[
            "authorises_notification"
        ] is False


# R-NOT-3: five business days, and valid from the first one after


@pytest.mark.rule("R-NOT-3")
def test_what_nobody_opens_counts_from_the_first_business_day_after_the_fifth(session, sector):
    notice = notify_act(session, sector, registered(session, sector))
    alert(session, sector, notice)
    assert notice.deemed_on == MONDAY
    assert notice.id not in notified.due(session, lima("2026-11-29", 23, 59))
    assert notified.deem(session, sector, notice.id, lima("2026-11-29", 23, 59)) is False
    assert deem(session, sector, notice, lima("2026-11-30", 0, 1)) is True
    assert (notice.notified_on, notice.notified_how, notice.opened_at) == (MONDAY, "deemed", None)
    (event,) = events_of(session, notice, "notified")
    assert (event.data["on"], event.data["how"]) == ("2026-11-30", "deemed")


@pytest.mark.rule("R-NOT-3")
def test_what_is_opened_counts_from_that_day_and_only_once(session, sector):
    notice = notify_act(session, sector, registered(session, sector))
    alert(session, sector, notice)
    notified.opened(session, sector, notice, lima("2026-11-24", 20))
    notified.opened(session, sector, notice, lima("2026-11-25", 9))
    assert (notice.notified_on, notice.notified_how) == (date(2026, 11, 24), "opened")
    assert notice.opened_at == lima("2026-11-24", 20)
    assert notice.id not in notified.due(session, lima("2026-12-30"))
    assert len(events_of(session, notice, "notified")) == 1


@pytest.mark.rule("R-NOT-3")
def test_opening_it_after_the_window_does_not_move_the_day(session, sector):
    notice = notify_act(session, sector, registered(session, sector))
    alert(session, sector, notice)
    notified.opened(session, sector, notice, lima("2026-12-03"))  # before any round of the clock saw it
    assert (notice.notified_on, notice.notified_how) == (MONDAY, "deemed")
    assert notice.opened_at == lima("2026-12-03")


@pytest.mark.rule("R-NOT-3")
def test_a_day_decreed_afterwards_moves_the_window(session, sector):
    notice = notify_act(session, sector, registered(session, sector))
    alert(session, sector, notice)
    decreed = make_decreed(sector, date(2026, 11, 26))
    assert notified.deem(session, decreed, notice.id, lima("2026-11-30", 9)) is False
    assert notice.deemed_on == date(2026, 12, 1)
    assert notified.deem(session, decreed, notice.id, lima("2026-12-01", 9)) is True
    assert notice.notified_on == date(2026, 12, 1)


def make_decreed(sector, day):
    return replace(sector, decree_days=(DecreeDayRecord(day, "DS de prueba"),))


@pytest.mark.rule("R-NOT-3")
def test_an_observation_that_nobody_opens_runs_from_the_deemed_day(session, sector):
    leg = registered(session, sector)
    put(session, leg, DeliveryStatus.SENT)
    assert say_of(session, sector, leg, "observed", FRIDAY + timedelta(minutes=5), items=("Falta la firma",))
    observation = session.scalars(select(Observation).where(Observation.delivery_id == leg.id)).one()
    notice = session.scalars(select(Notice).where(Notice.observation_id == observation.id)).one()
    alert(session, sector, notice)
    assert observation.notified_at is None  # an alert alone notifies nothing
    assert notified.deem(session, sector, notice.id, lima("2026-11-30", 0, 1)) is True
    assert (observation.notified_how, observation.notified_at) == ("deemed", lima("2026-11-30", 0))
    assert observation.correct_by == lima("2026-12-02", 23, 59, 59)


# R-NOT-4: alerts by mail and by SMS, a requirement of its validity


@pytest.mark.rule("R-NOT-4")
def test_an_alert_leaves_at_once_by_mail_and_by_sms(session, sector):
    notice = notify_act(session, sector, registered(session, sector))
    assert set(alerts_of(session, notice)) == {MessageKind.MAIL, MessageKind.SMS}
    assert {row.next_try_at for row in alerts_of(session, notice).values()} == {FRIDAY}


@pytest.mark.rule("R-NOT-4")
@pytest.mark.parametrize(("filer", "kind"), [
    (Filer("dni", "10117410", "Ana", email="ana@ejemplo.pe"), MessageKind.MAIL),
    (Filer("dni", "10117410", "Ana", phone="987654321"), MessageKind.SMS),
])  # fmt: skip
def test_who_left_one_address_is_alerted_there(session, sector, filer, kind):
    assert set(alerts_of(session, notify_act(session, sector, registered(session, sector, filer)))) == {kind}


@pytest.mark.rule("R-NOT-4")
def test_without_any_alert_taken_nothing_is_deemed_and_a_person_looks(session, sector):
    notice = notify_act(session, sector, registered(session, sector))
    for message in alerts_of(session, notice).values():
        message.status = "dead"
    session.flush()
    assert why(session, sector, notice, FRIDAY) is ByHand.NO_ALERT
    assert notice.id not in notified.due(session, lima("2027-01-30"))
    assert notified.deem(session, sector, notice.id, lima("2027-01-30")) is False


@pytest.mark.rule("R-NOT-4")
def test_an_alert_that_leaves_late_starts_the_window(session, sector):
    notice = notify_act(session, sector, registered(session, sector))
    alert(session, sector, notice, lima("2026-11-25", 11))
    assert notice.deemed_on == date(2026, 12, 3)


# R-NOT-5: what only informs


@pytest.mark.rule("R-NOT-5")
def test_a_courtesy_letter_makes_no_notice(session, sector):
    leg = registered(session, sector)
    rows = session.scalars(select(OutboundMessage).where(OutboundMessage.filing_id == leg.filing_id)).all()
    mails = [row for row in rows if row.kind is MessageKind.MAIL]
    assert [row.content["letter"] for row in mails] == ["constancia"]
    assert [row.notice_id for row in mails] == [None]
    assert session.scalars(select(Notice).where(Notice.filing_id == leg.filing_id)).all() == []
    assert "no es notificación" in COURTESY
