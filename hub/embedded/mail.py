"""The demonstration's mail server: takes every letter by SMTP, keeps it on disk, shows it on a page.

python -m hub.embedded.mail --smtp-port 2525 --http-port 8025 --data var/mail
"""

import argparse
import json
import re
import signal
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import FrameType
from urllib.parse import quote

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from hub.embedded.mailbox import Attachment, Mailbox
from hub.embedded.mailpage import STYLE, letter_page, list_page, missing_page, sms_page
from hub.embedded.ports import LOOPBACK
from hub.embedded.sendback import NOBODY, send_back
from hub.embedded.smsbox import NotAText, SmsBox

LARGEST = 40 * 1024 * 1024
LARGEST_SMS = 16 * 1024
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_LETTER = re.compile(r"^/mensajes/([0-9a-f-]+)$")
_ATTACHMENT = re.compile(r"^/mensajes/([0-9a-f-]+)/adjuntos/([0-9]{1,3})$")


class Postman:
    """aiosmtpd's handler: a letter is acknowledged once it is on disk.

    One to an address of NOBODY is taken, and comes back to its envelope's sender, as mail of the world does.
    """

    def __init__(self, mailbox: Mailbox, returns: str = "") -> None:
        self._mailbox, self._returns = mailbox, returns

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        raw = content if isinstance(content, bytes) else (content or "").encode()
        self._mailbox.keep(raw)
        lost = [one for one in envelope.rcpt_tos if one.rpartition("@")[2].lower() == NOBODY]
        if lost and self._returns and envelope.mail_from:
            threading.Thread(target=send_back, args=(self._returns, envelope.mail_from, lost[0], raw)).start()
        return "250 OK"


class PageServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, mailbox: Mailbox, smsbox: SmsBox) -> None:
        super().__init__((LOOPBACK, port), Page)
        self.mailbox, self.smsbox = mailbox, smsbox


class Page(BaseHTTPRequestHandler):
    """GET / · /mensajes/<id> · /mensajes/<id>/adjuntos/<n> · /sms · /estilo.css; POST /sms is the SMS gateway."""

    server: PageServer
    server_version = "correo"
    sys_version = ""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/":
            self._send(200, list_page(self.server.mailbox.letters()))
        elif path == "/sms":
            self._send(200, sms_page(self.server.smsbox.texts()))
        elif path == "/estilo.css":
            self._send(200, STYLE, "text/css; charset=utf-8")
        elif match := _LETTER.match(path):
            letter = self.server.mailbox.letter(match[1])
            self._send(200, letter_page(letter)) if letter else self._send(404, missing_page())
        elif (match := _ATTACHMENT.match(path)) and (found := self._attachment(match)):
            self._send_file(found)
        else:
            self._send(404, missing_page())

    def do_POST(self) -> None:
        """The gateway: {"id", "to", "text"}. JSON alone, which no form of a strange page can send."""
        length = self.headers.get("Content-Length", "")
        is_json = self.headers.get_content_type() == "application/json"
        if self.path != "/sms" or not is_json or not length.isdecimal() or int(length) > LARGEST_SMS:
            self.close_connection = True
            return self._send(404 if self.path != "/sms" else 400, "{}", "application/json")
        try:
            taken = self.server.smsbox.keep(self.rfile.read(int(length)))
        except NotAText as error:
            return self._send(422, json.dumps({"error": str(error)}, ensure_ascii=False), "application/json")
        return self._send(202, json.dumps({"id": taken}), "application/json")

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: addresses of letters are of no use in a log."""

    def _attachment(self, match: re.Match[str]) -> Attachment | None:
        letter = self.server.mailbox.letter(match[1])
        number = int(match[2])
        return letter.attachments[number] if letter and number < len(letter.attachments) else None

    def _send_file(self, attachment: Attachment) -> None:
        name = f"attachment; filename*=UTF-8''{quote(attachment.name, safe='')}"
        self._send_bytes(200, attachment.content, "application/octet-stream", {"Content-Disposition": name})

    def _send(self, status: int, text: str, kind: str = "text/html; charset=utf-8") -> None:
        self._send_bytes(status, text.encode("utf-8", "replace"), kind, {})

    def _send_bytes(self, status: int, body: bytes, kind: str, more: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**HEADERS, **more, "Content-Type": kind, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def serve(smtp_port: int, http_port: int, folder: Path, returns: str = "") -> None:
    """Serve both until SIGTERM or SIGINT."""
    mailbox = Mailbox(folder)
    pages = PageServer(http_port, mailbox, SmsBox(folder / "sms"))
    smtp = Controller(Postman(mailbox, returns), hostname=LOOPBACK, port=smtp_port, data_size_limit=LARGEST)
    smtp.start()

    def stop(_number: int, _frame: FrameType | None) -> None:
        threading.Thread(target=pages.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    pages.serve_forever(poll_interval=0.2)
    smtp.stop()
    pages.server_close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m hub.embedded.mail", description="Correo de prueba.")
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--http-port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True, help="carpeta donde se guardan los correos")
    parser.add_argument("--returns", default="", help="host:puerto a donde se devuelve lo que va a @" + NOBODY)
    options = parser.parse_args()
    serve(options.smtp_port, options.http_port, options.data, options.returns)


if __name__ == "__main__":
    main()
