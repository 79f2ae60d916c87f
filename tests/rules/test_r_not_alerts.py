"""R-NOT-4, R-NOT-5: alerts through a real mail server and a real gateway, each try kept; courtesy letters say so."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from adapters.sms import Sms
from hub import letters
from hub.clock import now
from hub.core.errors import PermanentFailure, TemporaryFailure
from hub.core.services import Text
from hub.core.statuses import DeliveryStatus, MessageKind
from hub.models import Attempt, Delivery, Event, Notice, OutboundMessage
from hub.papers import letters as written
from tests.ports import free_port
from tests.stages.casillas import Gateway, notify_act
from tests.stages.office import office
from tests.stages.test_letters import server

__all__ = ["office", "server"]


@pytest.fixture
def gateway():
    return Gateway()


@pytest.fixture
def sms(serve, gateway):
    return Sms(serve(gateway), "palabra", 3)


@pytest.fixture
def notice_id(office):
    """An act notified to Ana, who left mail and mobile and authorised it."""
    cuo = office.file(email="ana@ejemplo.pe")
    with Session(office.engine) as session:
        leg = session.scalars(select(Delivery).where(Delivery.cuo == cuo)).one()
        leg.status, leg.filing.accepts_notification = DeliveryStatus.REGISTERED, True
        leg.filing.filer.phone = "987 654 321"
        session.flush()
        notice = notify_act(session, office.tools.directory, leg, now(), issued_on=now().date() - timedelta(days=1))
        session.commit()
        return notice.id


def attempts(office, kind):
    with Session(office.engine) as session:
        query = select(Attempt).join(OutboundMessage, OutboundMessage.id == Attempt.message_id)
        query = query.where(OutboundMessage.kind == kind, OutboundMessage.notice_id.is_not(None))
        return session.scalars(query.order_by(Attempt.id)).all()


def notice_of(office, notice_id):
    with Session(office.engine) as session:
        return session.get(Notice, notice_id)


def make_due(office):
    with Session(office.engine) as session:
        session.execute(update(OutboundMessage).values(next_try_at=OutboundMessage.created_at))
        session.commit()


@pytest.mark.rule("R-NOT-4")
def test_both_alerts_arrive_and_each_try_is_kept_with_its_time_and_result(office, server, sms, gateway, notice_id):
    before = now()
    letters.send_due(office.tools, server.postman(), sms)
    (text,) = gateway.texts
    assert text["to"] == "+51987654321"
    assert re.search(r"^\w+ te envió una notificación en tu trámite \S+\. Ábrela en \S+/casilla/\S+ con", text["text"])
    assert gateway.tokens == ["Bearer palabra"]
    alert = next(mail for _, mail in server.box.mails if "Notificación" in mail["Subject"])
    assert "/acuse/" in alert.get_content()
    for kind in (MessageKind.MAIL, MessageKind.SMS):
        (attempt,) = attempts(office, kind)
        assert (attempt.number, attempt.outcome, attempt.code) == (1, "ack", "")
        assert before <= attempt.started_at <= attempt.finished_at <= now()
    assert notice_of(office, notice_id).alerted_at is not None


@pytest.mark.rule("R-NOT-4")
def test_a_gateway_that_fails_is_tried_again_and_both_tries_are_kept(office, sms, gateway, notice_id):
    gateway.says = ["503 Busy"]
    letters.send_due(office.tools, None, sms)
    assert notice_of(office, notice_id).alerted_at is None
    make_due(office)
    letters.send_due(office.tools, None, sms)
    assert [(one.number, one.outcome, one.code) for one in attempts(office, MessageKind.SMS)] == [
        (1, "temporary", "SMS_UNREACHABLE"), (2, "ack", ""),
    ]  # fmt: skip
    assert notice_of(office, notice_id).alerted_at is not None


@pytest.mark.rule("R-NOT-4")
def test_a_number_that_the_gateway_refuses_is_written_down(office, sms, gateway, notice_id):
    gateway.says = ["422 Unprocessable Entity"]
    letters.send_due(office.tools, None, sms)
    (attempt,) = attempts(office, MessageKind.SMS)
    assert (attempt.outcome, attempt.code) == ("permanent", "SMS_REFUSED")
    with Session(office.engine) as session:
        (event,) = session.scalars(select(Event).where(Event.kind == "alert_failed")).all()
    assert event.data == {"notice": notice_id, "channel": "sms"}


def test_without_a_gateway_the_sms_waits(office, server, notice_id):
    letters.send_due(office.tools, server.postman())
    assert attempts(office, MessageKind.SMS) == []


def test_what_is_not_about_the_text_is_tried_again(serve):
    gateway = Gateway()
    gateway.says = ["401 Who are you", "429 Slowly", "302 Elsewhere"]
    carrier = Sms(serve(gateway), "", 3)
    for kind in (TemporaryFailure, TemporaryFailure, PermanentFailure):
        with pytest.raises(kind):
            carrier.send(Text("1", "+51987654321", "Hola"))
    assert gateway.tokens[0] == ""
    with pytest.raises(TemporaryFailure):
        Sms(f"http://127.0.0.1:{free_port()}/", "", 1).send(Text("1", "+51987654321", "Hola"))


# R-NOT-5


@pytest.mark.rule("R-NOT-5")
def test_a_courtesy_letter_says_that_it_notifies_nothing_and_an_alert_does_not(office, server, notice_id):
    letters.send_due(office.tools, server.postman())
    texts = {mail["Subject"]: mail.get_content() for _, mail in server.box.mails}
    constancia = next(text for subject, text in texts.items() if subject.startswith("Recibimos"))
    alert = next(text for subject, text in texts.items() if subject.startswith("Notificación"))
    assert "Aviso informativo, no es notificación" in constancia
    assert "Aviso informativo" not in alert
    assert "quedas notificado" in alert.lower()


@pytest.mark.rule("R-NOT-5")
@pytest.mark.parametrize("letter", sorted(written._OPENINGS))
def test_every_courtesy_letter_ends_with_the_sentence(office, letter):
    cuo = office.file(email="ana@ejemplo.pe")
    with Session(office.engine) as session:
        leg = session.scalars(select(Delivery).where(Delivery.cuo == cuo)).one()
        words = written.Words("SERNANP", "IGP", "ABCD1234", "http://127.0.0.1/seguimiento/x")
        text = written.subject_and_text(letter, leg.filing, leg, words)[1]
    assert text.endswith(written.COURTESY)


@pytest.mark.rule("R-NOT-5")
def test_a_letter_greets_by_the_given_name_and_puts_the_article_before_a_body(office):
    cuo = office.file(email="ana@ejemplo.pe")
    with Session(office.engine) as session:
        leg = session.scalars(select(Delivery).where(Delivery.cuo == cuo)).one()
        leg.filing.filer.names = "Quispe Ñahui, Ana"
        words = written.Words("Servicio Nacional", "Instituto Geofísico", "ABCD1234", "http://127.0.0.1/x")
        subject, text = written.subject_and_text("rerouted", leg.filing, leg, words)
        received = written.subject_and_text("constancia", leg.filing, leg, words)[1]
        session.rollback()
    assert subject.endswith(" al Instituto Geofísico") and "Lo enviamos al Instituto Geofísico" in text
    assert text.startswith("Hola, Ana Quispe Ñahui:") and "desde que el Instituto Geofísico lo reciba" in text
    assert "para el Instituto Geofísico" in received and "a través del Servicio Nacional" in received
