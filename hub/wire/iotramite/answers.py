"""What we answer as the platform (contract A): always a code and a text that is not empty."""

from dataclasses import dataclass
from datetime import datetime

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
from hub.wire.iotramite.fields import LENGTHS, RESPUESTA_CONSULTA
from hub.wire.iotramite.files import encode_twice
from hub.wire.iotramite.texts import fit


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
    cuo_ref: str = ""


def consulta(known: Known | None) -> dict[str, str]:
    """What consultar returns: 0000 with P, R or O for every CUO that we know, 0001 for one that we do not."""
    if known is None:
        return {"vcodres": NOT_FOUND, "vdesres": NOT_FOUND_TEXT}
    state = STATE_OF_FILING[known.status]
    values = {"vcodres": OK, "vdesres": FOUND_TEXT, "vcuo": known.cuo, "vcuoref": known.cuo_ref}
    if state is not State.PENDING:
        values |= {
            "vnumregstd": fit(known.registry_number, LENGTHS["vnumregstd"]),
            "vanioregstd": known.registry_year[: LENGTHS["vanioregstd"]],
            "vuniorgstd": fit(known.unit, LENGTHS["vuniorgstd"]),
            "dfecregstd": write_instant(known.registered_at) if known.registered_at else "",
            "vusuregstd": fit(known.official, LENGTHS["vusuregstd"]),
            "bcarstd": encode_twice(known.cargo_pdf) if known.cargo_pdf else "",
        }
    values["vobs"] = fit(known.remark, LENGTHS["vobs"]) if state is State.OBSERVED else ""
    values["cflgest"] = state.value
    return {name: values[name] for name in RESPUESTA_CONSULTA if values.get(name)}


def document_types() -> tuple[dict[str, str], ...]:
    """What getTipoDocumento returns."""
    return tuple({"ccodtipdoctra": code, "vnomtipdoctra": name} for code, name in DOCUMENT_TYPES.items())
