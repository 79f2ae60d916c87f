"""RENIEC and SUNAT by the national platform, for the tests and to try a form: `python -m adapters.sandbox.identities`.

SOAP at /services/ReniecConsultaDni (its WSDL), REST at /Rest/Sunat/DatosPrincipales. It knows nothing of the hub; its
people and companies do not exist.
"""

import argparse
import contextlib
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from lxml import etree

from adapters.sandbox.serving import serve_until_told

PEOPLE = {
    "10117410": ("QUISPE", "ÑAHUI", "ANA MARÍA"),
    "45678912": ("HUAMÁN", "ROJAS", "PEDRO"),
    "00062929": ("TUESTA", "RUIZ", "NELLY"),
}
COMPANIES = {"20131367008": "INSTITUTO DE PRUEBA DEL PERÚ", "20492966658": "MINERA DE PRUEBA S.A.C."}
RENIEC = "http://ws.reniec.gob.pe/"
SUNAT = "http://service.consultaruc.registro.servicio2.sunat.gob.pe"
ENVELOPE = (
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>{}</soapenv:Body>'
    "</soapenv:Envelope>"
)
MOST_BYTES = 16 * 1024


def reniec_answer(dni: str, official: str, password: str) -> str:
    """consultarResponse, as the WSDL has it. Who asks must say in whose name."""
    if not official or not password:
        return _answered("1999", "Credencial no valida", "")
    if dni not in PEOPLE:
        return _answered("0001", "No se encontro el DNI consultado", "")
    first, second, names = (escape(part) for part in PEOPLE[dni])
    person = (
        f"<datosPersona><apPrimer>{first}</apPrimer><apSegundo>{second}</apSegundo>"
        f"<direccion>AV. DE PRUEBA 1</direccion><estadoCivil>SOLTERO</estadoCivil>"
        f"<prenombres>{names}</prenombres><restriccion>NINGUNA</restriccion>"
        "<ubigeo>LIMA/LIMA/SAN ISIDRO</ubigeo></datosPersona>"
    )
    return _answered("0000", "Consulta realizada correctamente", person)


def _answered(code: str, said: str, person: str) -> str:
    told = f"<return><coResultado>{code}</coResultado>{person}<deResultado>{said}</deResultado></return>"
    return ENVELOPE.format(f'<ns2:consultarResponse xmlns:ns2="{RENIEC}">{told}</ns2:consultarResponse>')


def sunat_answer(ruc: str) -> str:
    """The RPC body that the REST way gives, its values behind an href; an unknown RUC comes as blanks."""
    name = escape(COMPANIES.get(ruc, " " * 60))
    number = ruc if ruc in COMPANIES else " "
    return ENVELOPE.format(
        f'<getDatosPrincipalesResponse xmlns="{SUNAT}"><getDatosPrincipalesReturn href="#id0"/>'
        f'</getDatosPrincipalesResponse><multiRef id="id0"><ddp_numruc>{number}</ddp_numruc>'
        f"<ddp_nombre>{name}</ddp_nombre><desc_estado>ACTIVO</desc_estado></multiRef>"
    )


class Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    server: "Server"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path == "/":
            return self._answer(200, "<vivo/>")
        if parts.path != "/Rest/Sunat/DatosPrincipales":
            return self._answer(404, "")
        return self._answer(200, sunat_answer(parse_qs(parts.query).get("numruc", [""])[0]))

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if self.path != "/services/ReniecConsultaDni" or not 0 < length <= MOST_BYTES:
            self.close_connection = True
            return self._answer(404, "")
        try:
            asked = etree.fromstring(self.rfile.read(length), etree.XMLParser(resolve_entities=False, no_network=True))
        except etree.XMLSyntaxError:
            return self._answer(500, "")
        said = {etree.QName(one).localname: one.text or "" for one in asked.iter() if isinstance(one.tag, str)}
        wanted = (said.get(name, "") for name in ("nuDniConsulta", "nuDniUsuario", "password"))
        return self._answer(200, reniec_answer(*wanted))

    def _answer(self, status: int, text: str) -> None:
        if self.path != "/":
            self.server.asked.append(self.path)
        time.sleep(self.server.slow)
        body = text.encode()
        self.send_response(self.server.status or status)
        self.send_header("Content-Type", "text/xml; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # who asked did not wait
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Who was asked about is nobody's business."""


class Server(ThreadingHTTPServer):
    """`slow`: seconds before each answer; `status`: of every answer, where it is out of order."""

    daemon_threads = True

    def __init__(self, port: int = 0, slow: float = 0.0) -> None:
        super().__init__(("127.0.0.1", port), Door)
        self.slow, self.status = slow, 0
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any free port, printed on the first line")
    parser.add_argument("--slow", type=float, default=0.0, help="seconds before each answer")
    given = parser.parse_args()
    server = Server(given.port, given.slow)
    serve_until_told(server, f"{server.url}/")


if __name__ == "__main__":
    main()
