"""The words of the State's look-ups by the national platform: RENIEC by DNI (SOAP), SUNAT by RUC (REST, XML).

WSDL ReniecConsultaDni; the REST way of SunatConsultaRuc answers with the SOAP body of an RPC service. Only names are
read: the photograph, the address and the rest of what comes are neither kept nor shown.
"""

from typing import Final

from lxml import etree

from hub.core.errors import ContractError
from hub.wire.xml import parse

RENIEC: Final = "http://ws.reniec.gob.pe/"
SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"
FOUND: Final = "0000"
MAX_ANSWER: Final = 1024 * 1024
"""A photograph comes with it."""


def reniec_question(dni: str, official_dni: str, ruc: str, password: str) -> bytes:
    """The envelope that asks for a DNI, in the name of an official of a body: the credential is personal."""
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soapenv": SOAP, "ws": RENIEC})
    call = etree.SubElement(etree.SubElement(envelope, f"{{{SOAP}}}Body"), f"{{{RENIEC}}}consultar")
    asked = etree.SubElement(call, "arg0")
    for name, text in (
        ("nuDniConsulta", dni), ("nuDniUsuario", official_dni), ("nuRucUsuario", ruc), ("password", password),
    ):
        etree.SubElement(asked, name).text = text
    return bytes(etree.tostring(envelope, xml_declaration=True, encoding="UTF-8"))


def reniec_names(raw: bytes) -> str:
    """Surnames and names as RENIEC has them. Raises ContractError RENIEC_SAYS with its code where it gives none."""
    root = parse(raw, max_bytes=MAX_ANSWER, is_envelope=True)
    said = _text(root, "coResultado")
    if said != FOUND:
        raise ContractError("RENIEC_SAYS", said[:40])
    surnames = " ".join(part for name in ("apPrimer", "apSegundo") if (part := _text(root, name)))
    return ", ".join(part for part in (surnames, _text(root, "prenombres")) if part)


def sunat_name(raw: bytes) -> str:
    """The razón social of an answer; empty for a RUC that SUNAT does not know, which comes as blanks."""
    return _text(parse(raw, max_bytes=MAX_ANSWER, is_envelope=True), "ddp_nombre")


def _text(root: etree._Element, name: str) -> str:
    """The text of the only element of that name, wherever it stands: a SOAP stack puts namespaces as it likes."""
    found = [one for one in root.iter() if isinstance(one.tag, str) and etree.QName(one).localname == name]
    if len(found) > 1:
        raise ContractError("ANSWER_AMBIGUOUS", name)
    return " ".join((found[0].text or "").split()) if found else ""
