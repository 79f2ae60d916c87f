"""Letters that come back: the whole way over real SMTP, from our own letter to the mark on its filing."""

import smtplib
import time
from email.message import EmailMessage
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select
from sqlalchemy.orm import sessionmaker

from adapters.mail import Mail
from hub.core.return_paths import message_of, return_address
from hub.core.services import Letter
from hub.core.statuses import MessageKind, OutboundStatus
from hub.embedded.mail import Postman
from hub.embedded.mailbox import Mailbox
from hub.embedded.sendback import NOBODY, report_of
from hub.models import Attempt, Event, OutboundMessage
from hub.returns_process import ReturnDesk, controller
from hub.settings import Settings
from hub.wire.returned_mail import read_report
from tests.ports import free_port
from tests.web.reading import text_of

DOMAIN, SECRET = "rebotes.mesa.invalid", b"de prueba"


@pytest.fixture
def post(house, tmp_path):
    """(the hub's postman, port of the return path): a mail server of the world between them, all over SMTP."""
    world, back = free_port(), free_port()
    settings = Settings(tracking_secret=SECRET.decode(), returns=f"127.0.0.1:{back}", returns_domain=DOMAIN)
    sessions = sessionmaker(house.engine, expire_on_commit=False)
    desk = controller(settings, ReturnDesk(sessions, lambda: house.directory, settings))
    there = Controller(Postman(Mailbox(tmp_path), settings.returns), hostname="127.0.0.1", port=world)
    desk.start()
    there.start()

    def path(letter_id):
        return return_address(SECRET, UUID(letter_id), DOMAIN)

    yield Mail(f"127.0.0.1:{world}", "no-responder@mesa.invalid", 5, path), back
    there.stop()
    desk.stop()


def letter_of(house, number):
    """The letter of a constancia, as if a mail server had just taken it."""
    with house.session() as session:
        query = select(OutboundMessage).where(
            OutboundMessage.filing_id == house.filing(number)[0].id, OutboundMessage.kind == MessageKind.MAIL
        )
        message = session.scalars(query).one()
        message.status, message.attempts = OutboundStatus.DONE, 1
        session.commit()
        return message


def wait_for(house, message_id, status):
    ends = time.monotonic() + 10
    while time.monotonic() < ends:
        with house.session() as session:
            if session.get_one(OutboundMessage, message_id).status is status:
                return
        time.sleep(0.05)
    raise AssertionError(f"{message_id} is not {status}")


def told(house, number):
    with house.session() as session:
        query = select(Event).where(Event.filing_id == house.filing(number)[0].id, Event.kind == "mail_failed")
        return [event.data for event in session.scalars(query)]


def test_a_letter_to_nobody_comes_back_and_counter_and_filer_see_it(house, clerk, post):
    to = f"ana@{NOBODY}"
    number = clerk.filed(email=to)
    message = letter_of(house, number)
    post[0].send(Letter(str(message.id), to, "Tu constancia", "Aquí está."))
    wait_for(house, message.id, OutboundStatus.DEAD)
    assert told(house, number) == [{"letter": "constancia", "code": "MAIL_BOUNCED"}]
    with house.session() as session:
        attempt = session.scalars(select(Attempt).where(Attempt.message_id == message.id)).one()
    assert (attempt.outcome, attempt.code) == ("permanent", "MAIL_BOUNCED")
    assert attempt.detail.startswith("5.1.1 smtp; 550")
    assert number in clerk.get("/mesa-de-partes/correos-no-entregados").text
    page = clerk.get(f"/seguimiento/{house.filing(number)[0].verification_code}").text
    assert "Correo no entregado" in text_of(page)


def test_a_report_that_comes_twice_is_told_once(house, clerk, post):
    number = clerk.filed(email=f"ana@{NOBODY}")
    message = letter_of(house, number)
    to = return_address(SECRET, message.id, DOMAIN)
    for _ in range(2):
        with smtplib.SMTP("127.0.0.1", post[1], timeout=10) as server:
            server.sendmail("", [to], report_of("x@y.example", b"").as_bytes())
    wait_for(house, message.id, OutboundStatus.DEAD)
    assert len(told(house, number)) == 1


def an_ordinary_mail():
    mail = EmailMessage()
    mail["Subject"] = "Fuera de la oficina"
    mail.set_content("Action: failed")
    return mail.as_bytes()


@pytest.mark.parametrize("change", ["delayed", "ordinary"])
def test_a_delay_or_an_answer_marks_nothing(house, clerk, post, change):
    number = clerk.filed(email="ana@ejemplo.pe")
    message = letter_of(house, number)
    report = report_of("x@y.example", b"").as_bytes().replace(b"Action: failed", b"Action: delayed")
    with smtplib.SMTP("127.0.0.1", post[1], timeout=10) as server:
        raw = report if change == "delayed" else an_ordinary_mail()
        server.sendmail("", [return_address(SECRET, message.id, DOMAIN)], raw)
    wait_for(house, message.id, OutboundStatus.DONE)
    assert told(house, number) == []


LETTER = UUID("7f0d6a52-6d1c-4b0a-9f5e-2f3f4a1b9c10")
FORGED = {
    "no form": "ana@rebotes.mesa.invalid",
    "no mark": f"rebote-{LETTER.hex}-{'0' * 20}@{DOMAIN}",
    "another secret": return_address(b"otro secreto", LETTER, DOMAIN),
    "another domain": return_address(SECRET, LETTER, "otro.example"),
}


@pytest.mark.parametrize("address", FORGED.values(), ids=FORGED)
def test_an_address_that_we_never_wrote_is_refused_before_its_mail(post, address):
    with smtplib.SMTP("127.0.0.1", post[1], timeout=10) as server, pytest.raises(smtplib.SMTPRecipientsRefused):
        server.sendmail("", [address], report_of("x@y.example", b"").as_bytes())


def test_an_address_names_its_letter_whatever_a_server_does_to_its_capitals():
    address = return_address(SECRET, LETTER, DOMAIN)
    assert len(address.partition("@")[0]) <= 64
    assert message_of(SECRET, address.upper(), DOMAIN) == LETTER


def test_a_server_that_gave_up_failed_too():
    raw = report_of("x@y.example", b"").as_bytes().replace(b"Status: 5.1.1", b"Status: 4.4.7")
    report = read_report(raw)
    assert (report.status, report.diagnostic) == ("4.4.7", "smtp; 550 5.1.1 mailbox unavailable")


@pytest.mark.parametrize("raw", [b"", b"\x00\xff", b"Content-Type: multipart/report; boundary=x\n\n--x--"])
def test_what_is_no_report_is_none(raw):
    assert read_report(raw) is None
