"""`mesa incident report | list | told`: incidents with personal data and their 48 hours, from a terminal."""

import argparse
import getpass
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from hub import incidents
from hub.cli.complaint import Complaint
from hub.clock import now
from hub.core.calendar import LIMA, read_instant
from hub.core.errors import InvalidFiling, MesaError
from hub.entities import load

REFUSALS = {
    "ENTITY_UNKNOWN": "esa entidad no está en el directorio",
    "INSTANT_FUTURE": "ese momento todavía no llega",
    "INCIDENT_WHAT_MISSING": "falta decir qué pasó",
    "INCIDENT_NOT_FOUND": "no existe ese incidente",
    "INCIDENT_TOLD": "ya se comunicó antes",
    "REASON_REQUIRED": "falta decir cómo se comunicó",
}


def add_to(
    parent: Any,
    group: Callable[[Any, str, str], Any],
    add: Callable[..., argparse.ArgumentParser],
    engine: Callable[[], Engine],
) -> None:
    """Hang the three commands under `mesa incident`."""
    commands = group(parent, "incident", "incidentes con datos personales: 48 horas para comunicarlos")
    report = add(commands, "report", lambda given: report_incident(engine(), given), "anota un incidente")
    report.add_argument("--sabido", required=True, metavar="AAAA-MM-DDTHH:MM", help="cuándo se supo, hora de Perú")
    report.add_argument("--que", required=True, help="qué pasó, sin datos de las personas afectadas")
    report.add_argument("--entidad", default="", metavar="CODIGO", help="por defecto, todo el sector")
    add(commands, "list", lambda _: list_incidents(engine()), "lista los incidentes y las horas que quedan")
    told = add(commands, "told", lambda given: tell_incident(engine(), given), "anota que se comunicó a la autoridad")
    told.add_argument("id", type=int)
    told.add_argument("--como", required=True, help="el número del cargo de la autoridad")


def report_incident(engine: Engine, given: argparse.Namespace) -> int:
    """Write an incident down. Raises Complaint for what is wrong with it."""
    at = now()
    known_at = read_instant(given.sabido, at)
    if known_at is None:
        raise Complaint(f"No se entiende «{given.sabido}»: escribe como 2026-11-20T16:20, de hace menos de un año.")
    with Session(engine) as session:
        try:
            one = incidents.record(session, load(session, at), given.entidad, known_at, given.que, _who(), at)
        except InvalidFiling as error:
            reasons = ", ".join(REFUSALS[problem.code] for problem in error.problems)
            raise Complaint(f"No se anotó: {reasons}.") from error
        session.commit()
        due = incidents.due_at(one.known_at).astimezone(LIMA)
        print(f"Incidente {one.id} anotado: comunícalo a la autoridad hasta el {due:%d/%m/%Y a las %H:%M}.")
    return 0


def list_incidents(engine: Engine) -> int:
    """One a line, those not told yet first."""
    at = now()
    with Session(engine) as session:
        for one in incidents.listed(session):
            body, known = one.entity_code or "sector", one.known_at.astimezone(LIMA)
            print(f"{one.id:>5}  {body:<12} {known:%d/%m/%Y %H:%M}  {_state(one, at):<34} {one.what[:60]}")
    return 0


def _state(one: Any, at: datetime) -> str:
    if one.told_authority_at:
        return "comunicado" + (" fuera de plazo" if incidents.is_overdue(one, at) else "")
    left = incidents.due_at(one.known_at) - at
    hours = abs(int(left.total_seconds())) // 3600
    return f"VENCIDO hace {hours} h" if left.total_seconds() < 0 else f"quedan {hours} h"


def tell_incident(engine: Engine, given: argparse.Namespace) -> int:
    """Write down that the authority was told. Raises Complaint."""
    with Session(engine) as session:
        try:
            incidents.told(session, given.id, given.como, now())
        except MesaError as error:
            raise Complaint(f"No se anotó: {REFUSALS.get(error.code, error.code)}.") from error
        session.commit()
    print(f"Incidente {given.id}: comunicado.")
    return 0


def _who() -> str:
    return f"operador:{getpass.getuser()}"
