"""What we answer as the platform (contract A): always a code and a text that is not empty."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from lxml import etree

from hub.core.statuses import FilingStatus
from hub.wire.iotramite.codes import (
    DOCUMENT_TYPES,
    FOUND_TEXT,
    NOT_FOUND,
    NOT_FOUND_TEXT,
    OK,
    STATE_OF_FILING,
    State,
)
from hub.wire.iotramite.dates import write_instant
from hub.wire.iotramite.envelope import write_answer
from hub.wire.iotramite.fields import CONSULTAR, GET_TIPO_DOCUMENTO, LENGTHS, NAMESPACE_A, RESPUESTA, RESPUESTA_CONSULTA
from hub.wire.iotramite.files import encode_twice
from hub.wire.iotramite.texts import fit

WSDL: Final = Path(__file__).parents[3] / "schemas" / "iotramite" / "PcmIMgdTramite.wsdl"


@dataclass(frozen=True)
class Known:
    """What the hub knows of a CUO that an institution asks about; the registry's words may be empty."""

    cuo: str
    status: FilingStatus
    registry_number: str = ""
    registry_year: str = ""
    registered_at: datetime | None = None
    unit: str = ""
    official: str = ""
    remark: str = ""
    """Why it was observed, lapsed, refused or withdrawn: goes out as vobs."""
    cargo_pdf: bytes = b""


def result(operation: str, code: str, text: str) -> bytes:
    """The answer to recepcionar or cargo, and to a consultar that failed."""
    return write_answer(NAMESPACE_A, operation, [{"vcodres": code, "vdesres": text}], RESPUESTA)


def consulta(known: Known | None) -> bytes:
    """The answer to consultar: 0000 with P, R or O for every CUO that we know, 0001 for one that we do not."""
    if known is None:
        return result(CONSULTAR, NOT_FOUND, NOT_FOUND_TEXT)
    state = STATE_OF_FILING[known.status]
    values = {"vcodres": OK, "vdesres": FOUND_TEXT, "vcuo": known.cuo, "cflgest": state.value}
    if state is not State.PENDING:
        values |= {
            "vnumregstd": fit(known.registry_number, LENGTHS["vnumregstd"]),
            "vanioregstd": known.registry_year[: LENGTHS["vanioregstd"]],
            "vuniorgstd": fit(known.unit, LENGTHS["vuniorgstd"]),
            "dfecregstd": write_instant(known.registered_at) if known.registered_at else "",
            "vusuregstd": fit(known.official, LENGTHS["vusuregstd"]),
            "bcarstd": encode_twice(known.cargo_pdf) if known.cargo_pdf else "",
        }
    if state is State.OBSERVED:
        values["vobs"] = fit(known.remark, LENGTHS["vobs"])
    return write_answer(NAMESPACE_A, CONSULTAR, [values], RESPUESTA_CONSULTA)


def document_types() -> bytes:
    """The answer to getTipoDocumento."""
    types = [{"ccodtipdoctra": code, "vnomtipdoctra": name} for code, name in DOCUMENT_TYPES.items()]
    return write_answer(NAMESPACE_A, GET_TIPO_DOCUMENTO, types, ("ccodtipdoctra", "vnomtipdoctra"))


def wsdl(address: str) -> bytes:
    """The contract as we serve it, with our own address in it."""
    definitions = etree.parse(str(WSDL))
    for port in definitions.iter("{http://schemas.xmlsoap.org/wsdl/soap/}address"):
        port.set("location", address)
    return bytes(etree.tostring(definitions, xml_declaration=True, encoding="UTF-8"))
