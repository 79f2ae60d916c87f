"""What an entity of the national contract does at the platform: download the annexes, send its cargo (contract A)."""

import json
from datetime import datetime
from pathlib import Path

from lxml import etree

from adapters.sandbox.calls import Caller, NotTaken, Unreachable

NAMESPACE = "http://ws.wsiopidetramite.segdi.gob.pe/"
LATER = (408, 429)
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
CARGO = (
    "vrucentrem", "vrucentrec", "vcuo", "vnumregstd", "vanioregstd", "dfecregstd", "vuniorgstd", "vusuregstd",
    "bcarstd", "vobs", "cflgest",
)  # fmt: skip


def download(caller: Caller, page: str, folder: Path) -> list[str]:
    """Bring everything that a download page lists; gives the digests. What we hold already is not brought again.

    A person would open the page in a browser; asked for JSON, it says the same. Raises Unreachable, or Refused for
    bytes that are not as listed.
    """
    folder.mkdir(exist_ok=True)
    status, listed = caller.call("GET", page, {"Accept": "application/json"})
    if status != 200:
        raise Unreachable(f"{page}: {status}")
    documents = json.loads(listed)["documentos"]
    for document in documents:
        kept = folder / document["sha256"]
        if not kept.exists():
            caller.download(document["direccion"], lambda: "", document["bytes"], document["sha256"], kept)
    return [document["sha256"] for document in documents]


def send_cargo(caller: Caller, given, cuo: str, registro: dict, state: str) -> None:
    """Call cargoResponse. 0002 means that the platform had it before.

    Raises NotTaken for 0003, which says what is wrong with the cargo, and for what could not be read as a call;
    Unreachable for anything else: -1 says no more than that it did not work this time.
    """
    values = {"vrucentrem": given.ruc, "vrucentrec": given.hub_ruc, "vcuo": cuo, "cflgest": state} | registro
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soapenv": SOAP, "ws": NAMESPACE})
    call = etree.SubElement(etree.SubElement(envelope, f"{{{SOAP}}}Body"), f"{{{NAMESPACE}}}cargoResponse")
    request = etree.SubElement(call, "request")
    for name in CARGO:
        if name in values:
            etree.SubElement(request, name).text = values[name]
    headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '"cargoResponse"'}
    body = etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")
    status, answer = caller.call("POST", f"{given.hub_url.rstrip('/')}/services/PcmIMgdTramite", headers, body)
    if 400 <= status < 500 and status not in LATER:
        raise NotTaken(str(status), answer[:500].decode("utf-8", "replace"))
    if status != 200:
        raise Unreachable(f"cargoResponse: {status}")
    said = {item.tag: item.text for item in etree.fromstring(answer).iter("vcodres", "vdesres")}
    if said.get("vcodres") == "0003":
        raise NotTaken("0003", said.get("vdesres") or "")
    if said.get("vcodres") not in ("0000", "0002"):
        raise Unreachable(f"cargoResponse: {said}")


def cargo_pdf(code: str, cuo: str, number: str, at: datetime) -> bytes:
    """A cargo of one page, by hand: a real one comes out of the entity's own system, signed."""
    lines = [
        "CARGO DE RECEPCION (DEMOSTRACION)",
        code.upper(),
        f"CUO {cuo}",
        f"Registro {number}",
        f"{at:%d/%m/%Y %H:%M:%S}",
    ]
    shown = " ".join(f"({line}) Tj 0 -24 Td" for line in lines)
    content = f"BT /F1 14 Tf 72 760 Td {shown} ET".encode("ascii")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    pdf, offsets = b"%PDF-1.4\n", []
    for number_of_object, one in enumerate(objects, 1):
        offsets.append(len(pdf))
        pdf += b"%d 0 obj\n%s\nendobj\n" % (number_of_object, one)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(pdf)
    return pdf + b"xref\n0 5\n0000000000 65535 f \n" + table + trailer
