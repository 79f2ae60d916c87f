"""What the trail says in words: each act of a person, whether a line of the trail or an event of a filing."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext

from hub.trail_search import Line
from hub.web.catalogue import N_
from hub.web.staff_words import ROLES, TRAIL, UNKNOWN_ACT

OF_FILINGS: Mapping[str, str] = {
    "presented": N_("Recibió un documento"),
    "observed": N_("Observó un documento"),
    "observation_notified": N_("Entregó una observación en persona"),
    "corrected": N_("Recibió una subsanación"),
    "registered": N_("Registró un documento"),
    "refused": N_("No aceptó un documento"),
    "movement": N_("Anotó en qué está un documento"),
    "rerouted": N_("Envió un documento a otra institución"),
    "sent_again": N_("Envió otra vez un documento"),
    "cancelled": N_("Anuló un envío"),
    "withdrawn": N_("Anotó que se retiró un documento"),
    "set_aside": N_("Dejó de lado una noticia"),
    "applied_by_hand": N_("Aplicó a mano una noticia apartada"),
    "cargo_again": N_("Dio otra vez un cargo"),
    "archived": N_("Archivó un documento en la bandeja"),
    "taken_up": N_("Sacó un documento del archivo"),
    "own_document": N_("Envió un documento por un trámite"),
    "notice_deposited": N_("Notificó un documento a la casilla"),
    "notified": N_("Anotó una notificación"),
    "custody_taken": N_("Recibió originales o soportes físicos"),
    "custody_sent": N_("Remitió originales o soportes físicos"),
    "custody_received": N_("Recibió una remisión"),
    "custody_returned": N_("Devolvió originales o soportes físicos"),
    "bundle_made": N_("Pidió el expediente con pruebas"),
    "passed": N_("Pasó un documento a una oficina"),
}
SAW: Mapping[str, str] = {
    "saw_filing": N_("Vio un documento de la bandeja"),
    "saw_file": N_("Abrió un archivo de un documento"),
    "saw_route": N_("Vio un envío y sus mensajes"),
    "saw_receipt": N_("Vio o imprimió una constancia"),
    "saw_own": N_("Vio un documento de la institución"),
    "saw_register": N_("Consultó el registro"),
    "took_register": N_("Descargó el registro"),
    "took_report": N_("Descargó un informe"),
    "searched_filings": N_("Buscó trámites en la mesa de partes"),
    "searched_trail": N_("Consultó la auditoría"),
    "took_trail": N_("Exportó la auditoría"),
    "saw_person": N_("Vio la cuenta de una persona"),
}
ACTS: Mapping[str, str] = {**TRAIL, **SAW, **OF_FILINGS}
GROUPS: tuple[tuple[str, Mapping[str, str]], ...] = (
    (N_("Lo que vio"), SAW), (N_("Trámites"), OF_FILINGS), (N_("Personas y configuración"), TRAIL),
)  # fmt: skip
TOLD: tuple[str, ...] = (
    "body", "certificate", "counter", "cuo", "day", "fields", "format", "issuer", "legs", "proposal", "role", "since",
    "unit", "until", "wanted",
)  # fmt: skip
"""What of a line's data is shown and exported: codes and names of things. Reasons are words about people, and stay."""


def act(line: Line) -> str:
    """What somebody did."""
    return gettext(ACTS.get(line.kind) or UNKNOWN_ACT)


def details(line: Line) -> dict[str, Any]:
    """What may be told of its data."""
    return {key: line.data[key] for key in TOLD if line.data.get(key)}


def said(line: Line) -> Iterable[str]:
    """The same for a page."""
    for key, value in details(line).items():
        if key == "role":
            yield gettext(ROLES.get(value, value))
        elif key == "proposal":
            yield gettext("propuesta %(number)s", number=value)
        elif key not in ("cuo", "wanted", "fields", "since", "until"):
            yield ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def named(user_id: int | None, names: Mapping[int, str]) -> str:
    """A person of the house by name; a citizen by the number of their account."""
    if user_id is None:
        return ""
    return names.get(user_id) or gettext("Cuenta de ciudadano %(number)s", number=user_id)


