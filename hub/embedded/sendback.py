"""What the mail servers of the world do with an address that does not exist: a report goes back (RFC 3464)."""

import smtplib
from email.message import Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

NOBODY = "rebota.example"
"""Mail to this domain comes back, so that the demonstration shows it."""


def report_of(recipient: str, raw: bytes) -> MIMEMultipart:
    """The report of a letter that nobody takes."""
    report: MIMEMultipart = MIMEMultipart("report")
    report.set_param("report-type", "delivery-status")
    report["Subject"] = "Undelivered Mail Returned to Sender"
    report.attach(MIMEText("El buzón no existe.\n", "plain", "utf-8"))
    whole, about = Message(), Message()
    whole["Reporting-MTA"] = "dns; correo.de.prueba"
    about["Final-Recipient"], about["Action"], about["Status"] = f"rfc822; {recipient}", "failed", "5.1.1"
    about["Diagnostic-Code"] = "smtp; 550 5.1.1 mailbox unavailable"
    status = MIMEBase("message", "delivery-status")
    status.set_payload([whole, about])
    report.attach(status)
    headers = MIMEBase("text", "rfc822-headers")
    headers.set_payload(raw.partition(b"\r\n\r\n")[0].decode("ascii", "replace"))
    report.attach(headers)
    return report


def send_back(returns: str, to: str, recipient: str, raw: bytes) -> None:
    """Hand the report to the return path, with the empty sender that a report has."""
    host, _, port = returns.rpartition(":")
    with smtplib.SMTP(host, int(port), timeout=10) as server:
        report = report_of(recipient, raw)
        report["From"], report["To"] = "mailer-daemon@correo.de.prueba", to
        server.send_message(report, from_addr="", to_addrs=[to])
