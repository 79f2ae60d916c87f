"""Answers of the signed contract, true and false ones, wrapped as REST and as SOAP carry them."""

import base64
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

from hub.core.messages import Acuse, Cargo, CargoOutcome, Header
from hub.wire.keys import load_signer
from hub.wire.seal import digest_of, seal
from hub.wire.sobre import build
from tests.fixtures.sandbox import HUB_RUC

SERVICE = "urn:pe:mesa-integrada:1:servicio"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"


def b64(data):
    return base64.b64encode(data).decode()


class Answers:
    """The answers of institution `partner`, signed with its own key unless another is named."""

    def __init__(self, keys, partner):
        self.keys, self.partner = keys, partner

    def header(self, parcel, **changes):
        head = Header(
            uuid4(),
            self.partner.ruc,
            HUB_RUC,
            parcel.sobre.header.filing_number,
            parcel.cuo,
            datetime.now(UTC),
            answers=parcel.message_id,
        )
        return replace(head, **changes)

    def sealed(self, message, signed_by=None):
        return seal(build(message), load_signer(*self.keys.of(signed_by or self.partner.code)))

    def acuse(self, parcel, signed_by=None, digest=None, **header):
        message = Acuse(self.header(parcel, **header), digest or digest_of(parcel.sealed), datetime.now(UTC))
        return self.sealed(message, signed_by)

    def cargo(self, parcel, signed_by=None, **header):
        head, now = self.header(parcel, **header), datetime.now(UTC)
        return self.sealed(Cargo(head, CargoOutcome.REGISTERED, now, "000077", str(now.year)), signed_by)


class RestScript:
    """Says over REST what an institution would."""

    def __init__(self, script):
        self.script = script

    def acuse(self, data):
        self.script.say(200, data)

    def taken(self, call):
        self.script.say(202, b"")

    def report(self, cuo, *messages):
        inside = "".join(f"<Mensaje>{b64(message)}</Mensaje>" for message in messages)
        self.script.say(200, f'<Reporte xmlns="urn:pe:mesa-integrada:1" cuo="{cuo}">{inside}</Reporte>'.encode())

    def problem(self, code, status, is_temporary):
        flag = "true" if is_temporary else "false"
        body = f'{{"code": "{code}", "temporary": {flag}, "title": "No.", "status": {status}}}'
        self.script.say(status, body.encode(), "application/problem+json")


class SoapScript:
    """Says over SOAP what an institution would."""

    def __init__(self, script):
        self.script = script

    def _say(self, status, content):
        body = f'<s:Envelope xmlns:s="{SOAP}"><s:Body>{content}</s:Body></s:Envelope>'
        self.script.say(status, body.encode(), "text/xml; charset=utf-8")

    def acuse(self, data):
        said = f"<estado>acusado</estado><acuse>{b64(data)}</acuse>"
        self._say(200, f'<recibirSobreRespuesta xmlns="{SERVICE}">{said}</recibirSobreRespuesta>')

    def taken(self, call):
        name = "recibirSobreRespuesta" if call == "deliver" else "consultarSobreRespuesta"
        self._say(200, f'<{name} xmlns="{SERVICE}"><estado>tomado</estado></{name}>')

    def report(self, cuo, *messages):
        inside = "".join(f"<mensaje>{b64(message)}</mensaje>" for message in messages)
        said = f"<estado>tiene</estado>{inside}"
        self._say(200, f'<consultarSobreRespuesta xmlns="{SERVICE}">{said}</consultarSobreRespuesta>')

    def problem(self, code, status, is_temporary):
        flag, culprit = ("true", "receptor") if is_temporary else ("false", "emisor")
        detail = (
            f'<falla xmlns="{SERVICE}"><codigo>{code}</codigo><temporal>{flag}</temporal>'
            f"<mensaje>No.</mensaje><culpable>{culprit}</culpable></falla>"
        )
        side = "Server" if is_temporary else "Client"
        fault = f"<faultcode>s:{side}</faultcode><faultstring>{code}</faultstring><detail>{detail}</detail>"
        self._say(500, f"<s:Fault>{fault}</s:Fault>")
