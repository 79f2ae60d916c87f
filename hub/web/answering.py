"""Reading what an officer answers: the form as news of their institution, or what is missing in it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from hub.core.bodies import EntityRecord
from hub.core.calendar import local_date
from hub.core.directory import Directory
from hub.core.errors import NotFound, Problem
from hub.core.ports import News, NewsKind
from hub.core.statuses import Movement, RefusalReason
from hub.rerouting import Why
from hub.web.forms import Form

Typed = Mapping[str, str]
LIMITS = {"registry_number": 14, "expediente_number": 40, "unit": 250, "observe_note": 250, "refuse_text": 250}
MOST_ITEMS, LONGEST_ITEM = 50, 500


def read_answer(
    form: Form, directory: Directory, entity: EntityRecord, cuo: str, now: datetime
) -> tuple[News | None, tuple[Problem, ...]]:
    """The news of an answer, and every problem of it; no news where there is a problem."""
    typed = form.values()
    reader = _READERS.get(typed["answer"])
    if reader is None:
        return None, (Problem("answer", "CHOICE_REQUIRED"),)
    news, problems = reader(typed, directory, News(NewsKind.HELD, cuo, now, entity.ruc))
    problems += [
        Problem(name, "TOO_LONG", {"limit": limit}) for name, limit in LIMITS.items() if len(typed[name]) > limit
    ]
    return (None if problems else news), tuple(problems)


def read_movement(form: Form, entity: EntityRecord, cuo: str, now: datetime) -> tuple[News | None, tuple[Problem, ...]]:
    """The news of a movement inside the body, and every problem of it."""
    typed = form.values()
    problems = [] if typed["movement"] in OFFERED else [Problem("movement", "CHOICE_REQUIRED")]
    problems += [
        Problem(name, "TOO_LONG", {"limit": 250})
        for name in ("movement_unit", "movement_text")
        if len(typed[name]) > 250
    ]
    if problems:
        return None, tuple(problems)
    movement = Movement(typed["movement"])
    unit, said = typed["movement_unit"], typed["movement_text"]
    return News(NewsKind.MOVEMENT, cuo, now, entity.ruc, movement=movement, unit=unit, text=said), ()


OFFERED = (Movement.IN_PROCESS.value, Movement.ANSWERED.value, Movement.CLOSED.value)


def _registered(typed: Typed, directory: Directory, blank: News) -> tuple[News, list[Problem]]:
    """A number left blank is given by the hub, when it is applied."""
    return replace(
        blank,
        kind=NewsKind.REGISTERED,
        registry_number=typed["registry_number"],
        registry_year=str(local_date(blank.happened_at).year) if typed["registry_number"] else "",
        expediente_number=typed["expediente_number"],
        unit=typed["unit"],
    ), []


def _observed(typed: Typed, directory: Directory, blank: News) -> tuple[News, list[Problem]]:
    items = tuple(" ".join(line.split()) for line in typed["items"].splitlines() if line.strip())
    problems = [] if items else [Problem("items", "ITEMS_MISSING")]
    if len(items) > MOST_ITEMS or any(len(item) > LONGEST_ITEM for item in items):
        problems.append(Problem("items", "TOO_LONG", {"limit": LONGEST_ITEM}))
    note = typed["observe_note"]
    return replace(blank, kind=NewsKind.OBSERVED, items=items, text=note), problems


def _refused(typed: Typed, directory: Directory, blank: News) -> tuple[News, list[Problem]]:
    problems = []
    if typed["reason"] not in {reason.value for reason in RefusalReason}:
        problems.append(Problem("reason", "REFUSAL_REASON_MISSING"))
    if not typed["refuse_text"]:
        problems.append(Problem("refuse_text", "REFUSAL_TEXT_MISSING"))
    right_body, wrong = _ruc_of(directory, typed["right_body"])
    problems += wrong
    if right_body == blank.said_by_ruc:
        problems.append(Problem("right_body", "SAME_DESTINATION"))
    reason = None if problems else RefusalReason(typed["reason"])
    return replace(
        blank,
        kind=NewsKind.REFUSED,
        reason=reason,
        text=typed["refuse_text"],
        right_body_ruc=right_body,
    ), problems


def read_why(form: Form) -> tuple[Why | None, tuple[Problem, ...]]:
    """Why a leg goes elsewhere, or what is missing: a destination, a reason of the list, its text."""
    typed, problems = form.values(), []
    if not typed["to"]:
        problems.append(Problem("to", "DESTINATION_MISSING"))
    if typed["why"] not in {reason.value for reason in RefusalReason}:
        problems.append(Problem("why", "REFUSAL_REASON_MISSING"))
    if not typed["why_text"]:
        problems.append(Problem("why_text", "REFUSAL_TEXT_MISSING"))
    if len(typed["why_text"]) > LONGEST_ITEM:
        problems.append(Problem("why_text", "TOO_LONG", {"limit": LONGEST_ITEM}))
    return (None if problems else Why(RefusalReason(typed["why"]), typed["why_text"])), tuple(problems)


def _ruc_of(directory: Directory, code: str) -> tuple[str, list[Problem]]:
    if not code:
        return "", []
    try:
        return directory.entity(code).ruc, []
    except NotFound as error:
        return "", [Problem("right_body", error.code)]


_READERS = {"register": _registered, "observe": _observed, "refuse": _refused}
