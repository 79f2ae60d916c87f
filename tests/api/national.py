"""Calls of the national contract in few words: what an institution of the sector sends, and what it is answered."""

from itertools import count

import requests

from hub.wire.iotramite.envelope import read_envelope, values_of
from hub.wire.iotramite.files import encode_twice
from hub.wire.iotramite.services import TRAMITE
from tests.fixtures.parcels import PDF

OEFA, IGP, MINAM = "20521286769", "20131367008", "20492966658"
NAMESPACE = "http://ws.wsiopidetramite.segdi.gob.pe/"
ENTITY_NAMESPACE = "http://ws.wsiotramite.segdi.gob.pe/"
PATH = TRAMITE.addresses[0]
_numbers = count(4_010_337_392)


def a_number():
    """A CUO of the national platform's own, as an institution brings it."""
    return str(next(_numbers))


def document(**change):
    """What OEFA sends to IGP, right in everything."""
    return {
        "vrucentrem": OEFA, "vrucentrec": IGP, "vnomentemi": "ORGANISMO DE EVALUACIÓN Y FISCALIZACIÓN AMBIENTAL",
        "vuniorgrem": "OFICINA DE ASESORÍA", "vcuo": a_number(), "ccodtipdoc": "01", "vnumdoc": "00123-2026-OEFA/OAJ",
        "dfecdoc": "2026-11-20T09:30:00-05:00", "vuniorgdst": "DIRECCIÓN CIENTÍFICA", "vnomdst": "ANA RUIZ PAREDES",
        "vnomcardst": "DIRECTORA", "vasu": "Solicita el registro sísmico de Lomas", "snumanx": "0", "snumfol": "2",
        "bpdfdoc": encode_twice(PDF), "vnomdoc": "oficio 123.pdf", "lstanexos": (), "vurldocanx": "",
        "ctipdociderem": "1", "vnumdociderem": "10117410",
    } | change  # fmt: skip


def elements(values):
    """The fields as elements, empty ones too; annexes as a list."""
    parts = []
    for name, value in values.items():
        if name == "lstanexos":
            parts += [f"<lstanexos><vnomdoc>{one}</vnomdoc></lstanexos>" for one in value]
        elif value is not None:
            parts.append(f"<{name}>{value}</{name}>")
    return "".join(parts)


def envelope(inside, namespace=NAMESPACE, prolog=""):
    return (
        f'{prolog}<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:n="{namespace}">'
        f"<s:Body>{inside}</s:Body></s:Envelope>"
    )


def a_call(operation, values, wrapper="request", namespace=NAMESPACE):
    inside = f"<{wrapper}>{elements(values)}</{wrapper}>" if wrapper else elements(values)
    return envelope(f"<n:{operation}>{inside}</n:{operation}>", namespace)


def recepcion(**change):
    return a_call("recepcionarTramiteResponse", document(**change))


def question(cuo, asker=OEFA):
    return a_call("consultarTramiteResponse", {"vrucentrem": asker, "vrucentrec": IGP, "vcuo": cuo})


def send(hub, body, path=PATH, **headers):
    content = body if isinstance(body, bytes) else body.encode()
    headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '"otra"'} | headers
    return requests.post(hub.url + path, content, headers=headers, timeout=20)


def say(hub, body, path=PATH, **headers):
    """Send it, and give what is answered, by element; it is never anything but 200."""
    answer = send(hub, body, path, **headers)
    assert answer.status_code == 200, answer.text
    return values_of(read_envelope(answer.content).element)
