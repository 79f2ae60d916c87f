"""A body's form: its coordinator adapts introduction, limits, counters and hours, looks at it, and publishes it."""

from dataclasses import dataclass, replace
from datetime import datetime, time

from sqlalchemy.orm import Session

from hub import trail
from hub.core.bodies import DOCUMENT_TYPES, CounterRecord, EntityRecord, OpeningHours
from hub.core.errors import InvalidFiling, Problem
from hub.entities.screen import counter_json, limits_json, publish

LONGEST_INTRODUCTION = 1000
LONGEST_ADDRESS = 250
MOST_MB, MOST_FILES = 2048, 500
WEEK = range(5)
_MB = 1024 * 1024


@dataclass(frozen=True)
class CounterTyped:
    """What was typed of a counter: its address, and from when to when it attends on weekdays ("08:30")."""

    code: str
    address: str = ""
    opens: str = ""
    closes: str = ""


@dataclass(frozen=True)
class Adapted:
    """What a coordinator typed. Sizes in MB and the count of files as text; empty for the hub's own limit."""

    introduction: str = ""
    main_mb: str = ""
    annex_mb: str = ""
    total_mb: str = ""
    files: str = ""
    counters: tuple[CounterTyped, ...] = ()
    new_seat: tuple[str, str, str] = ("", "", "")
    """Name, place and ubigeo of a further counter; all empty for none."""
    document_types: tuple[tuple[str, str], ...] = ()
    """The place of each type of document in its form, as typed; empty: not offered. None with a place: all are."""


def adapted(body: EntityRecord, typed: Adapted) -> EntityRecord:
    """The body as it would be published. Raises InvalidFiling with every problem."""
    problems: list[Problem] = []
    if len(typed.introduction) > LONGEST_INTRODUCTION:
        problems.append(Problem("introduction", "TOO_LONG", {"limit": LONGEST_INTRODUCTION}))
    sizes = [_number(problems, name, getattr(typed, name), MOST_MB) for name in ("main_mb", "annex_mb", "total_mb")]
    files = _number(problems, "files", typed.files, MOST_FILES)
    main, annex, total = (size * _MB if size else None for size in sizes)
    if total and max(main or 0, annex or 0) > total:
        problems.append(Problem("total_mb", "SIZE_INVALID", {"limit": MOST_MB}))
    types = _types(problems, typed.document_types)
    counters = [_counter(problems, body.counter(one.code), one) for one in typed.counters]
    if problems:
        raise InvalidFiling(problems)
    limits = replace(body.limits, main_bytes=main, annex_bytes=annex, total_bytes=total, files=files)
    return replace(
        body,
        introduction=" ".join(typed.introduction.split()),
        limits=limits,
        document_types=types,
        counters=(*counters, *(one for one in body.counters if one.is_closed), *_new_seat(body, typed.new_seat)),
    )


def publish_form(session: Session, body: EntityRecord, by_user_id: int, now: datetime) -> None:
    """Publish an adapted body as a version of the screen, and note who did; flushed. The same again is nothing."""
    changed = {
        "introduction": body.introduction,
        "limits": limits_json(body.limits),
        "document_types": list(body.document_types),
        "counters": [counter_json(one) for one in body.counters],
    }
    if publish(session, body.code, changed, now):
        trail.note(session, "form_published", now, actor_id=by_user_id, entity_code=body.code)
        session.flush()


def _number(problems: list[Problem], field: str, typed: str, most: int) -> int | None:
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 6 and 0 < int(typed) <= most):
        problems.append(Problem(field, "SIZE_INVALID", {"limit": most}))
        return None
    return int(typed)


def _types(problems: list[Problem], typed: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """The types that have a place, in the order of their places; of two with the same, the hub's first one first."""
    most = len(DOCUMENT_TYPES)
    places = [(_number(problems, f"type-{code}", place, most), code) for code, place in typed if code in DOCUMENT_TYPES]
    return tuple(code for place, code in sorted(places, key=lambda one: one[0] or 0) if place)


def _counter(problems: list[Problem], counter: CounterRecord, typed: CounterTyped) -> CounterRecord:
    if len(typed.address) > LONGEST_ADDRESS:
        problems.append(Problem(f"address-{typed.code}", "TOO_LONG", {"limit": LONGEST_ADDRESS}))
    hours = counter.hours if not typed.opens and not typed.closes else _hours(problems, typed)
    return replace(counter, address=" ".join(typed.address.split()), hours=hours)


def _hours(problems: list[Problem], typed: CounterTyped) -> tuple[OpeningHours, ...]:
    """The same hours on each weekday."""
    try:
        opens, closes = time.fromisoformat(typed.opens), time.fromisoformat(typed.closes)
    except ValueError:
        opens = closes = time()
    if closes <= opens:
        problems.append(Problem(f"opens-{typed.code}", "HOURS_INVALID"))
        return ()
    return tuple(OpeningHours(weekday, opens, closes) for weekday in WEEK)


def _new_seat(body: EntityRecord, typed: tuple[str, str, str]) -> tuple[CounterRecord, ...]:
    name, place, ubigeo = (" ".join(one.split()) for one in typed)
    if not (name and place and ubigeo):
        return ()
    known = {counter.code for counter in body.counters}
    code = next(f"sede-{number}" for number in range(2, 1000) if f"sede-{number}" not in known)
    return (CounterRecord(code=code, name=name[:100], place=place[:100], ubigeo=ubigeo),)
