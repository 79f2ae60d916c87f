"""Alerts about what stands around the hub: real servers that stop, refuse and come back."""

import subprocess
import threading
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from adapters.mail import Mail
from adapters.sandbox.timestamp import Server
from hub import letters
from hub.core.statuses import MessageKind
from hub.models import OutboundMessage
from hub.monitoring import measures
from hub.sealer import seal_events
from tests.fixtures.clamd import listening
from tests.monitoring.overseer import WATCHER
from tests.ports import free_port
from tests.stages.test_letters import Box, MailServer


def opened_and_closed(overseer, kind):
    return overseer.stands(kind) == [] and overseer.told(kind) == ["opened", "closed"]


def answering(authority, port):
    server = Server(port, authority)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    return server


def test_an_authority_that_gives_no_stamp_is_told_after_two_real_tries(overseer, office, tsa):
    port = free_port()
    trusted = office.settings.keys_folder / "tsa" / "crt.pem"
    trusted.parent.mkdir(exist_ok=True)
    trusted.write_bytes(tsa.pem)
    overseer.set(tsa=f"http://127.0.0.1:{port}/")
    overseer.look()
    assert overseer.stands("time_stamps_failing") == []  # once is a hiccup
    overseer.look()
    assert len(overseer.stands("time_stamps_failing")) == 1
    server = answering(tsa.authority, port)
    overseer.look(2)
    server.shutdown()
    server.server_close()
    assert opened_and_closed(overseer, "time_stamps_failing")


def test_an_antivirus_that_is_set_nowhere_is_told_and_so_is_one_that_died(overseer):
    overseer.look(2)
    (alert,) = overseer.alerts("antivirus_absent")
    assert alert.details["code"] == "ANTIVIRUS_UNSET"
    port = free_port()
    with listening(port) as clamd:
        overseer.set(clamav=clamd.address)
        overseer.look()
        assert opened_and_closed(overseer, "antivirus_absent")
    overseer.look(2)
    assert overseer.alerts("antivirus_absent")[-1].details["code"] == "ANTIVIRUS_DOWN"


class Refusing(Box):
    """A mail server that wants nothing of a sender, while `refuses`."""

    refuses = True

    async def handle_MAIL(self, _server, _session, envelope, address, options):
        if self.refuses:
            return "550 5.7.1 not from you"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"


@pytest.fixture
def mail():
    server = MailServer()
    server.box = Refusing()
    server.start()
    yield server
    server.stop()


def test_a_mail_server_that_refuses_us_is_told_and_the_letter_goes_once_it_takes_them(overseer, mail):
    overseer.set(smtp=f"127.0.0.1:{mail.port}")
    overseer.look(2)
    (alert,) = overseer.alerts("mail_failing")
    assert alert.details["code"] == "MAIL_REFUSED"
    mail.box.refuses = False
    overseer.look()
    assert opened_and_closed(overseer, "mail_failing")
    letters.send_due(overseer.tools, Mail(f"127.0.0.1:{mail.port}", "hub@mesa.example", 3))
    subjects = [str(letter["Subject"]) for to, letter in mail.box.mails if to == [WATCHER]]
    assert any(one.startswith("Aviso: El correo no sale") for one in subjects)
    assert any(one.startswith("Resuelto: El correo no sale") for one in subjects)
    texts = [letter.get_content() for _, letter in mail.box.mails]
    assert any("docs/operate/mail-failing.md" in text and "/operacion" in text for text in texts)


def test_letters_that_nobody_sends_are_told_though_no_server_refuses_them(overseer, office, mail):
    office.file(email="ana@ejemplo.pe")
    overseer.at += timedelta(minutes=31)
    overseer.look()
    (alert,) = overseer.alerts("mail_failing")
    assert alert.details["code"] == "MAIL_UNSENT"
    mail.box.refuses = False
    letters.send_due(overseer.tools, mail.postman())
    overseer.look()
    assert opened_and_closed(overseer, "mail_failing")


def test_a_mailbox_that_is_full_is_no_failing_mail_to_prometheus_either(overseer, office):
    office.file(email="llena@ejemplo.pe")
    overseer.at += timedelta(hours=2)
    with Session(office.engine) as session:
        full = update(OutboundMessage).where(OutboundMessage.kind == MessageKind.MAIL)
        session.execute(full.values(attempts=3, last_code="MAIL_REFUSED"))
        measured = list(measures.letters(session, office.tools.directory, overseer.at))
        assert ("mesa_letters_oldest_seconds", {"kind": "mail"}, 0.0) in measured
        session.rollback()


def test_events_that_nobody_seals_are_told_and_closed_when_they_are_sealed(overseer, office):
    office.file()
    overseer.at += timedelta(minutes=6)
    overseer.look()
    assert overseer.stands("ledger_not_sealing") == [""]
    seal_events(overseer.tools)
    overseer.look()
    assert opened_and_closed(overseer, "ledger_not_sealing")


@pytest.fixture
def small_disk(tmp_path):
    """A disk of one megabyte, where this machine lets us mount one."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", place], capture_output=True)
    if mounted.returncode:
        pytest.skip("this account may mount nothing")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_disk_that_fills_is_told_and_closed_when_there_is_room_again(overseer, small_disk):
    overseer.set(data=str(small_disk))
    overseer.look()
    assert overseer.alerts("disk_filling") == []
    (small_disk / "letters").write_bytes(bytes(1000 * 1024))
    overseer.look()
    (subject,) = overseer.stands("disk_filling")
    assert subject.endswith(f":{small_disk}")
    (small_disk / "letters").unlink()
    overseer.look()
    assert opened_and_closed(overseer, "disk_filling")


def test_a_certificate_is_told_at_sixty_thirty_fourteen_and_seven_days_and_when_it_ends(overseer, office):
    ends_at = office.tools.directory.entity("igp").certificates[0].valid_until
    for days, times in ((61, 0), (60, 1), (59, 1), (30, 2), (14, 3), (7, 4), (1, 4), (0, 5)):
        overseer.at = ends_at - timedelta(days=days, seconds=30)
        overseer.look()
        told = [one for one in overseer.alerts("certificate_expiring") if one.subject == "igp"]
        assert [one.times_told for one in told] == [times] * bool(times), days
