"""Filings observed and corrected, for the tests of the law: at the counter, by a destination, in few words."""

from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select

from hub import corrections, lapses, observations
from hub.cargos import apply
from hub.core.calendar import LIMA
from hub.core.messages import DocumentRole
from hub.core.tupa import ProcedureRecord, Silence
from hub.corrections import Correction
from hub.intake import receive
from hub.models import Observation
from hub.observations import Asked
from hub.storage import Stored
from hub.submitted import SubmittedFile
from tests.stages.legs import news
from tests.stages.sector import a_submission, at_counter

EVALUATED = ProcedureRecord("IGP-07", "Registros sísmicos", Silence.POSITIVE, 30, fee_cents=4000, norm="TUPA del IGP")
WITH_TUPA = {code: {"procedures": (EVALUATED,)} for code in ("igp", "sernanp", "senace")}
"""Changes of the sector: a procedure of thirty days in three bodies."""


def lima(day, hour=9, minute=0, second=0):
    """An instant of Peru: lima("2026-11-20", 16, 20)."""
    return datetime.fromisoformat(day).replace(hour=hour, minute=minute, second=second, tzinfo=LIMA)


FRIDAY, MONDAY, WEDNESDAY = lima("2026-11-20", 16, 20), lima("2026-11-23"), lima("2026-11-25", 10)
"""Filed on the first, observed on the second, corrected on the third."""


def a_file(name="firma.pdf"):
    return SubmittedFile(DocumentRole.CORRECTION, name, "application/pdf", Stored(uuid4().hex, "ef" * 32, 900), pages=1)


def file_at(session, directory, now, destination="igp", counter_of="sernanp", asked=None, **changes):
    """File for a procedure of thirty days; observed on reception where `asked` is given."""
    submission = replace(a_submission(destination_code=destination), **{"procedure_code": "IGP-07"} | changes)
    filing = receive(session, directory, submission, at_counter(counter_of), now, observed=asked)
    session.flush()
    return filing


def say(session, directory, leg, kind, at, known_at=None, by="igp", **values):
    """News of a destination, applied; True if it changed something."""
    changed = apply(session, directory, news(leg, kind, at, by, **values), known_at or at).changed
    session.flush()
    return changed


def observe(session, directory, leg, at, *items, by="igp", notified=None, how="opened"):
    """Its destination observes it; notified at `notified` if given."""
    assert say(session, directory, leg, "observed", at, by=by, items=items or ("Falta la firma",))
    observation = newest(session, leg.filing_id)
    if notified:
        assert observations.notify(session, directory, observation, notified, how)
    return observation


def newest(session, filing_id):
    query = select(Observation).where(Observation.filing_id == filing_id).order_by(Observation.id.desc())
    return session.scalars(query).first()


def correct(session, directory, observation, now, answers=("La firmé",), files=(), **changes):
    """Submit a subsanación; gives the leg that carries it."""
    given = {"form_token": uuid4(), "answers": answers, "files": files} | changes
    subsanacion = corrections.submit(session, directory, observation, Correction(**given), now)
    session.flush()
    return subsanacion


def let_lapse(session, now):
    """One round of the clock over what was not corrected; gives how many lapsed."""
    return sum(lapses.lapse(session, one, now) for one in lapses.lapsed_ids(session, now))


ASKED = Asked(("Falta la firma", "Falta el recibo de pago"), allegations="Dice que lo trae mañana")
