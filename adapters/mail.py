"""Mail: one letter at a time over SMTP, with the constancia's link; a permanent refusal of an address is told apart."""

import smtplib
from collections.abc import Callable
from contextlib import suppress
from email.message import EmailMessage
from email.utils import format_datetime, formatdate, parsedate_to_datetime

from hub.core.calendar import LIMA
from hub.core.errors import PermanentFailure, TemporaryFailure
from hub.core.services import Letter


class Mail:
    """`server` is host:port; `sender` the address letters come from; `timeout` seconds bounds each step.

    `return_path`: a letter's id -> the envelope's sender, where what cannot be delivered comes back to.
    """

    def __init__(
        self, server: str, sender: str, timeout: float, return_path: Callable[[str], str] | None = None
    ) -> None:
        host, _, port = server.rpartition(":")
        self._host, self._port = host, int(port)
        self._sender = sender
        self._timeout = timeout
        self._return_path = return_path

    def send(self, letter: Letter) -> None:
        """Hand a letter to the mail server. Raises TemporaryFailure or PermanentFailure."""
        try:
            message = self._written(letter)
        except ValueError as error:
            raise PermanentFailure("MAIL_NOT_WRITABLE", type(error).__name__) from error
        try:
            self._hand_over(message, self._return_path(letter.id) if self._return_path else self._sender)
        except smtplib.SMTPRecipientsRefused as error:
            code, text = next(iter(error.recipients.values()))
            raise _refused(code, text) from error
        except smtplib.SMTPDataError as error:
            raise _refused(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPNotSupportedError as error:  # an address that this server cannot write
            raise PermanentFailure("MAIL_REFUSED", type(error).__name__) from error
        except (OSError, smtplib.SMTPException) as error:
            raise TemporaryFailure("MAIL_UNREACHABLE", type(error).__name__) from error

    def try_out(self) -> None:
        """Ask the server, without a letter, whether it takes what comes from us. Raises TemporaryFailure."""
        try:
            with smtplib.SMTP(self._host, self._port, timeout=self._timeout) as server:
                server.ehlo_or_helo_if_needed()
                code, text = server.mail(self._sender)
                server.rset()
        except (OSError, smtplib.SMTPException) as error:
            raise TemporaryFailure("MAIL_UNREACHABLE", type(error).__name__) from error
        if code >= 400:
            raise TemporaryFailure("MAIL_REFUSED", f"{code} {text.decode(errors='replace')}")

    def _written(self, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, letter.to, letter.subject
        message["Date"] = format_datetime(parsedate_to_datetime(formatdate()).astimezone(LIMA))
        message["Message-ID"] = f"<{letter.id}@{self._sender.split('@')[1]}>"  # the same in every retry
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        return message

    def _hand_over(self, message: EmailMessage, envelope_sender: str) -> None:
        server = smtplib.SMTP(self._host, self._port, timeout=self._timeout)
        try:
            server.send_message(message, from_addr=envelope_sender)
            with suppress(OSError, smtplib.SMTPException):  # it was taken: how the server says goodbye changes nothing
                server.quit()
        finally:
            server.close()


def _refused(code: int, text: bytes | str) -> PermanentFailure | TemporaryFailure:
    said = text.decode(errors="replace") if isinstance(text, bytes) else text
    kind = PermanentFailure if code >= 500 else TemporaryFailure
    return kind("MAIL_REFUSED", f"{code} {said}")
