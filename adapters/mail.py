"""Mail: one letter at a time over SMTP, with the constancia's link; a permanent refusal of an address is told apart."""

import smtplib
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from hub.core.errors import PermanentFailure, TemporaryFailure
from hub.core.ports import Letter


class Mail:
    """`server` is host:port; `sender` the address letters come from; `timeout` seconds bounds each step."""

    def __init__(self, server: str, sender: str, timeout: float) -> None:
        host, _, port = server.rpartition(":")
        self._host, self._port = host, int(port)
        self._sender = sender
        self._timeout = timeout

    def send(self, letter: Letter) -> None:
        """Hand a letter to the mail server. Raises TemporaryFailure or PermanentFailure."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, letter.to, letter.subject
        message["Date"], message["Message-ID"] = formatdate(), make_msgid(letter.id, domain=self._sender.split("@")[1])
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        try:
            with smtplib.SMTP(self._host, self._port, timeout=self._timeout) as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, text = next(iter(error.recipients.values()))
            kind = PermanentFailure if code >= 500 else TemporaryFailure
            raise kind("MAIL_REFUSED", f"{code} {text.decode(errors='replace')}") from error
        except (OSError, smtplib.SMTPException) as error:
            raise TemporaryFailure("MAIL_UNREACHABLE", type(error).__name__) from error
