"""The services of the national contract as we serve them: their addresses, their WSDL, their operations."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from lxml import etree

from hub.wire.iotramite.fields import CARGO, CONSULTAR, GET_TIPO_DOCUMENTO, NAMESPACE_A, NAMESPACE_D, RECEPCIONAR
from hub.wire.xml import SCHEMAS

NAMESPACE_B: Final = "http://ws.wsentidad.segdi.gob.pe/"
NAMESPACE_C: Final = "http://pcm.pide.gob.pe/webservice"

GET_LISTA_ENTIDAD: Final = "getListaEntidad"
VALIDAR_ENTIDAD: Final = "validarEntidad"
GET_CUO_ENTIDAD: Final = "getCUOEntidad"
GET_CUO: Final = "getCUO"

_ADDRESS: Final = "{http://schemas.xmlsoap.org/wsdl/soap/}address"


@dataclass(frozen=True)
class Service:
    """One service: the file that describes it, every address at which it answers, the operations in it.

    `endpoint` is the address that its WSDL names.
    """

    name: str
    file: str
    namespace: str
    addresses: tuple[str, ...]
    endpoint: str
    operations: tuple[str, ...]


_PLATFORM = (CARGO, CONSULTAR, GET_TIPO_DOCUMENTO, RECEPCIONAR)
_BODIES = (GET_LISTA_ENTIDAD, VALIDAR_ENTIDAD)


def _production(name: str, namespace: str, operations: tuple[str, ...], *other: str) -> Service:
    """At `/services/<name>`, and at the address of its endpoint, as the platform's bus has it."""
    path = f"/services/{name}"
    endpoint = f"{path}.{name}HttpsSoap11Endpoint"
    return Service(name, f"{name}.wsdl", namespace, (path, endpoint, *other), endpoint, operations)


def _at(path: str, file: str, namespace: str, operations: tuple[str, ...]) -> Service:
    return Service(file.partition(".")[0], file, namespace, (path,), path, operations)


TRAMITE: Final = _production("PcmIMgdTramite", NAMESPACE_A, _PLATFORM, "/services/PcmIMGDTramite")
"""Contract A. The last address is as the specification writes it."""
IOTRAMITE: Final = _at("/wsiopidetramite/IOTramite", "IOTramite.wsdl", NAMESPACE_A, _PLATFORM)
ENTIDAD: Final = _production("PcmIMgdEntidad", NAMESPACE_B, _BODIES, "/services/PcmIMGDEntidad")
ENTIDAD_DEV: Final = _at("/wsentidad/Entidad", "Entidad.wsdl", NAMESPACE_B, _BODIES)
CUO: Final = _production("PcmCuo", NAMESPACE_C, (GET_CUO_ENTIDAD, GET_CUO))
ENTITY_SIDE: Final = _at("/wsiotramite/Tramite", "Tramite.wsdl", NAMESPACE_D, (CARGO, CONSULTAR, RECEPCIONAR))
"""Contract D, where the national platform calls the bodies that live in the hub."""

SERVICES: Final = (TRAMITE, IOTRAMITE, ENTIDAD, ENTIDAD_DEV, CUO, ENTITY_SIDE)


@lru_cache(maxsize=16)
def wsdl(service: Service, public_url: str) -> bytes:
    """The contract as we serve it, with our own address in it."""
    definitions = etree.parse(str(SCHEMAS / "iotramite" / service.file))
    for port in definitions.iter(_ADDRESS):
        port.set("location", public_url + service.endpoint)
    return bytes(etree.tostring(definitions, xml_declaration=True, encoding="UTF-8"))
