"""An institution that speaks the contract over SOAP 1.1: `python -m adapters.sandbox.soap --help`."""

import base64
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from adapters.sandbox.calls import NotTaken, Unreachable
from adapters.sandbox.door import Answer, Door, run
from adapters.sandbox.institution import Institution
from adapters.sandbox.options import institution_from
from adapters.sandbox.problems import ON_THIS_SIDE, Refused
from adapters.sandbox.seal import b64
from adapters.sandbox.wsdl import SCHEMAS, wsdl_at

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
SERVICE = "urn:pe:mesa-integrada:1:servicio"
ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<soap:Envelope xmlns:soap="{SOAP}"><soap:Body>%s</soap:Body></soap:Envelope>'
)
FAULT = (
    "<soap:Fault><faultcode>soap:%s</faultcode><faultstring>%s</faultstring><detail>"
    f'<falla xmlns="{SERVICE}">%s</falla></detail></soap:Fault>'
)


class SoapDoor(Door):
    """Three operations by POST, at any path; the signed messages travel as base64 of their bytes. GET: the WSDL."""

    def contract(self, method: str, path: str, body: bytes) -> Answer:
        if method == "GET":
            contract = wsdl_at(SCHEMAS / "mesadepartes.wsdl", "Institucion", self.address())
            return Answer(200, contract, "text/xml; charset=utf-8")
        if self.headers.get_content_type() != "text/xml":
            raise Refused("TIPO_DE_CONTENIDO_NO_ADMITIDO")
        operation = open_envelope(body)
        institution = self.server.institution
        if operation.tag == f"{{{SERVICE}}}recibirSobre":
            acuse = institution.receive(bytes_of(operation, "mensaje"))
            said = _element("estado", "acusado" if acuse else "tomado")
            said += _element("acuse", b64(acuse)) if acuse else ""
            return in_envelope("recibirSobreRespuesta", said)
        if operation.tag == f"{{{SERVICE}}}recibirMensaje":
            message_id, is_new = institution.told_of(bytes_of(operation, "mensaje"))
            said = _element("idMensaje", message_id) + _element("estado", "aplicado" if is_new else "repetido")
            return in_envelope("recibirMensajeRespuesta", said)
        if operation.tag == f"{{{SERVICE}}}consultarSobre":
            messages = institution.told(text_of(operation, "credencial"), text_of(operation, "cuo"))
            said = _element("estado", "tomado" if messages is None else "tiene")
            said += "".join(_element("mensaje", b64(message)) for message in messages or ())
            return in_envelope("consultarSobreRespuesta", said)
        raise Refused("PEDIDO_MAL_FORMADO", str(operation.tag))

    def refuse(self, refused: Refused) -> Answer:
        is_ours = refused.code in ON_THIS_SIDE
        told = (
            _element("codigo", refused.code)
            + _element("temporal", "true" if refused.problem.is_temporary else "false")
            + _element("mensaje", refused.problem.sentence)
            + _element("culpable", "receptor" if is_ours else "emisor")
            + (_element("idMensaje", refused.message_id) if refused.message_id else "")
        )
        body = ENVELOPE % (FAULT % ("Server" if is_ours else "Client", refused.code, told))
        return Answer(500, body.encode(), "text/xml; charset=utf-8")


def _element(tag: str, text: str) -> str:
    return f"<{tag}>{escape(text)}</{tag}>"


def in_envelope(operation: str, content: str) -> Answer:
    body = ENVELOPE % f'<{operation} xmlns="{SERVICE}">{content}</{operation}>'
    return Answer(200, body.encode(), "text/xml; charset=utf-8")


def open_envelope(data: bytes) -> Any:
    """The one element in the Body of a SOAP 1.1 envelope, read with a hardened parser."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Refused("XML_MAL_FORMADO", str(error)) from error
    if root.getroottree().docinfo.doctype:
        raise Refused("XML_CON_DTD")
    body = root.find(f"{{{SOAP}}}Body") if root.tag == f"{{{SOAP}}}Envelope" else None
    if body is None or len(body) != 1:
        raise Refused("PEDIDO_MAL_FORMADO", "one operation in the Body of a SOAP 1.1 envelope")
    return body[0]


def text_of(operation: Any, tag: str) -> str:
    return (operation.findtext(f"{{{SERVICE}}}{tag}") or "").strip()


def bytes_of(operation: Any, tag: str) -> bytes:
    try:
        return base64.b64decode("".join(text_of(operation, tag).split()), validate=True)
    except ValueError as error:
        raise Refused("PEDIDO_MAL_FORMADO", "base64") from error


def carry_over_soap(institution: Institution, message: bytes) -> None:
    """Bring one of our messages to the hub; returns once it has confirmed.

    Raises NotTaken where it is refused for good, Unreachable for anything else.
    """
    url = f"{institution.who.hub_url}/soap/mesadepartes"
    asked = ENVELOPE % f'<recibirMensaje xmlns="{SERVICE}"><mensaje>{b64(message)}</mensaje></recibirMensaje>'
    headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '"recibirMensaje"'}
    status, answer = institution.caller.call("POST", url, headers, asked.encode())
    try:
        said = open_envelope(answer)
    except Refused as error:
        raise Unreachable(f"{status} {answer[:500]!r}") from error
    fault = said.find(f"detail/{{{SERVICE}}}falla")
    if fault is not None and text_of(fault, "temporal") == "false":
        raise NotTaken(text_of(fault, "codigo"), text_of(fault, "mensaje"))
    if status != 200 or said.tag != f"{{{SERVICE}}}recibirMensajeRespuesta":
        raise Unreachable(f"{status} {answer[:500]!r}")


def main() -> None:
    port, institution = institution_from(__doc__)
    run(port, SoapDoor, institution, lambda message: carry_over_soap(institution, message))


if __name__ == "__main__":
    main()
