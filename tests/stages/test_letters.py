"""Letters: sent once through a real mail server, tried again while it is down, dead where it says never."""

import threading
from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from adapters.mail import Mail
from hub import letters
from hub.clock import now
from hub.core.calendar import LIMA
from hub.core.errors import PermanentFailure, TemporaryFailure
from hub.core.services import Letter
from hub.core.statuses import MessageKind, OutboundStatus
from hub.models import Delivery, Observation, OutboundMessage
from hub.papers.letters import Words, spanish_day, subject_and_text
from tests.ports import free_port
from tests.stages.observed import ASKED, lima
from tests.stages.office import office

__all__ = ["office"]
SENDER = "no-responder@mesa.example"


class Box:
    """What a mail server does: keeps mail, or says `refuse[address]` to an address, `refuse_data` to every mail."""

    def __init__(self):
        self.mails, self.refuse, self.refuse_data = [], {}, ""

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):
        if self.refuse_data:
            return self.refuse_data
        self.mails.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default)))
        return "250 OK"


class MailServer:
    def __init__(self):
        self.box, self.port = Box(), free_port()
        self.controller = None

    def start(self):
        self.controller = Controller(self.box, "127.0.0.1", self.port, enable_SMTPUTF8=False)
        self.controller.start()

    def stop(self):
        if self.controller is not None:
            self.controller.stop(no_assert=True)
            self.controller = None

    def postman(self):
        return Mail(f"127.0.0.1:{self.port}", SENDER, 20)


@pytest.fixture
def server():
    made = MailServer()
    made.start()
    yield made
    made.stop()


def make_due(office):
    with Session(office.engine) as session:
        session.execute(
            update(OutboundMessage)
            .where(OutboundMessage.kind == MessageKind.MAIL)
            .values(next_try_at=OutboundMessage.created_at)
        )
        session.commit()


def test_the_letter_of_what_was_received_with_observations_names_them_and_their_last_instant(office, server):
    office.file(email="ana@ejemplo.pe", observed=ASKED)
    letters.send_due(office.tools, server.postman())
    ((_, mail),) = server.box.mails
    with Session(office.engine) as session:
        correct_by = session.scalars(select(Observation.correct_by)).one().astimezone(LIMA)
    until = f"{spanish_day(correct_by.date())} a las 23:59:59 (hora oficial del Perú)"
    for said in ("- Falta la firma", "- Falta el recibo de pago", until, "se considera no presentado"):
        assert said in mail.get_content(), said


def test_what_was_not_observed_says_nothing_of_corrections(office, server):
    office.file(email="ana@ejemplo.pe")
    letters.send_due(office.tools, server.postman())
    ((_, mail),) = server.box.mails
    assert "Se considera presentado el" in mail.get_content() and "no presentado" not in mail.get_content()


@pytest.mark.parametrize("letter", ["rerouted", "corrected"])
def test_a_letter_tells_the_instant_of_presentation_and_the_day_that_counts_apart(office, letter):
    cuo = office.file(email="ana@ejemplo.pe")
    with Session(office.engine) as session:
        leg = session.scalars(select(Delivery).where(Delivery.cuo == cuo)).one()
        session.expunge_all()
        filing, words = leg.filing, Words("SERNANP", "IGP", "ABCD1234", "http://127.0.0.1/seguimiento/x")
        filing.presented_at, filing.considered_on = lima("2026-11-21", 10), date(2026, 11, 23)
        text = subject_and_text(letter, filing, leg, words)[1]
        filing.considered_on = date(2026, 11, 21)
        same = subject_and_text(letter, filing, leg, words)[1]
    assert "Lo presentaste el sábado 21 de noviembre de 2026 a las 10:00:00" in text
    assert "se considera presentado el lunes 23 de noviembre de 2026: eso no cambia" in text
    assert "sábado 21 de noviembre de 2026 a las 10:00:00 (hora oficial del Perú) y esa fecha no cambia" in same


def states(office):
    return [(letter.status, letter.attempts, letter.last_code) for letter in office.letters()]


def test_a_letter_is_sent_once_with_its_number_and_its_link(office, server):
    office.file(email="ana@ejemplo.pe")
    assert letters.send_due(office.tools, server.postman()) == 1
    assert letters.send_due(office.tools, server.postman()) == 0
    ((to, mail),) = server.box.mails
    assert to == ["ana@ejemplo.pe"]
    assert mail["From"] == SENDER
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "/seguimiento/" in mail.get_content()
    (letter,) = office.letters()
    assert (letter.status, letter.attempts) == (OutboundStatus.DONE, 1)
    assert letter.done_at is not None


def test_who_left_no_address_is_written_no_letter(office, server):
    office.file()
    assert letters.send_due(office.tools, server.postman()) == 0


def test_a_server_that_is_down_is_waited_for_and_tried_with_one_letter_a_round(office, server):
    server.stop()
    for _ in range(3):
        office.file(email="ana@ejemplo.pe")
    assert letters.send_due(office.tools, server.postman()) == 1
    assert states(office)[0] == (OutboundStatus.WAITING, 1, "MAIL_UNREACHABLE")
    make_due(office)
    server.start()
    assert letters.send_due(office.tools, server.postman()) == 3
    assert {state for state, _, _ in states(office)} == {OutboundStatus.DONE}
    assert len(server.box.mails) == 3


def test_an_address_that_is_refused_for_good_is_dead_and_the_next_is_not(office, server):
    server.box.refuse["no@ejemplo.pe"] = "550 5.1.1 no such user"
    office.file(email="no@ejemplo.pe")
    office.file(email="ana@ejemplo.pe")
    assert letters.send_due(office.tools, server.postman()) == 2
    assert states(office) == [(OutboundStatus.DEAD, 1, "MAIL_REFUSED"), (OutboundStatus.DONE, 1, "")]


def test_an_address_that_is_refused_for_now_is_tried_again(office, server):
    server.box.refuse["ana@ejemplo.pe"] = "450 4.2.1 greylisted"
    office.file(email="ana@ejemplo.pe")
    at = now()  # the clock stands still: its next try, a moment later, is not of this round
    letters.send_due(replace(office.tools, clock=lambda: at), server.postman())
    assert states(office)[0] == (OutboundStatus.WAITING, 1, "MAIL_REFUSED")
    server.box.refuse.clear()
    make_due(office)
    letters.send_due(office.tools, server.postman())
    assert states(office)[0][:2] == (OutboundStatus.DONE, 2)


def test_a_letter_that_is_tried_for_three_days_is_dead(office, server):
    server.stop()
    office.file(email="ana@ejemplo.pe")
    letters.send_due(office.tools, server.postman())
    with Session(office.engine) as session:
        first = office.letters()[0].first_tried_at
        session.execute(
            update(OutboundMessage).values(first_tried_at=first - office.settings.retry_policy.give_up_after)
        )
        session.commit()
    make_due(office)
    letters.send_due(office.tools, server.postman())
    assert states(office)[0][0] is OutboundStatus.DEAD


def test_a_letter_that_cannot_be_written_is_dead_and_the_next_is_sent(office, server):
    office.file(email="ana@ejemplo.pe")
    office.file(email="luis@ejemplo.pe")
    with Session(office.engine) as session:
        message = session.get(OutboundMessage, office.letters()[0].id)
        message.content = {"letter": "one that nobody wrote"}
        session.commit()
    assert letters.send_due(office.tools, server.postman()) == 2
    assert [state for state, _, _ in states(office)] == [OutboundStatus.DEAD, OutboundStatus.DONE]


def test_two_workers_send_a_letter_once(office, server):
    for _ in range(8):
        office.file(email="ana@ejemplo.pe")
    other = office.another_worker()
    threads = [
        threading.Thread(target=letters.send_due, args=(worker.tools, server.postman()))
        for worker in (office.worker, other)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(server.box.mails) == 8
    assert {state for state, _, _ in states(office)} == {OutboundStatus.DONE}


def test_a_letter_claimed_by_a_dead_worker_is_sent_by_the_next(office, server):
    office.file(email="ana@ejemplo.pe")
    with pytest.raises(KeyboardInterrupt):
        letters.send_due(office.tools, Dying())
    assert states(office)[0][0] is OutboundStatus.CLAIMED
    with Session(office.engine) as session:
        session.execute(update(OutboundMessage).values(lease_until=OutboundMessage.created_at))
        session.commit()
    assert office.worker.free_stuck() == 1
    assert letters.send_due(office.tools, server.postman()) == 1


class Dying:
    """A postman during whose round the process is killed."""

    def send(self, letter):
        raise KeyboardInterrupt


# The postman itself


def a_letter(to="ana@ejemplo.pe"):
    return Letter(id="5f0c1c1e-0f4b-4d55-9a53-0c54b1f8e7a1", to=to, subject="Tu trámite, señora Ñahui", text="Está.\n")


def test_a_mail_has_the_same_id_in_every_retry(server):
    for _ in range(2):
        server.postman().send(a_letter())
    ids = {mail["Message-ID"] for _, mail in server.box.mails}
    assert ids == {"<5f0c1c1e-0f4b-4d55-9a53-0c54b1f8e7a1@mesa.example>"}
    assert server.box.mails[0][1]["Subject"] == "Tu trámite, señora Ñahui"
    assert server.box.mails[0][1].get_content().strip() == "Está."


@pytest.mark.parametrize("to", ["ana@ejemplo.pe\nBcc: todos@ejemplo.pe", "ñandú@ejemplo.pe"])
def test_an_address_that_cannot_be_written_fails_for_good(server, to):
    with pytest.raises(PermanentFailure):
        server.postman().send(a_letter(to))
    assert server.box.mails == []


@pytest.mark.parametrize(("answer", "kind"), [("554 no", PermanentFailure), ("451 later", TemporaryFailure)])
def test_what_a_server_says_of_the_text_counts_too(server, answer, kind):
    server.box.refuse_data = answer
    with pytest.raises(kind):
        server.postman().send(a_letter())


def test_a_server_that_is_not_there_is_a_temporary_failure():
    with pytest.raises(TemporaryFailure):
        Mail(f"127.0.0.1:{free_port()}", SENDER, 1).send(a_letter())
