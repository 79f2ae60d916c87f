"""The events of a filing: each is what it says, none is missing, moved or added, and the ledger's roots hold them."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from hub.core.chain import GENESIS
from hub.core.merkle import root_from
from hub.evidence.findings import Findings
from hub.evidence.happened import Happened
from hub.evidence.layout import EVENTS
from hub.evidence.rooted import Ledger

LONG = timedelta(days=1)
MAX_NAMED = 20
"""Of one kind of fault, so that a cut-up file is not told event by event for ever."""


def check_events(events: Sequence[Happened], ledger: Ledger, count: int, filing: str, found: Findings) -> None:
    """`count`: how many events the bundle says to hold; `filing`: whose they must be."""
    _check_order(events, count, found)
    ordered = _first_of_each(events)
    good = [event.is_itself and event.told["filing"] == filing for event in ordered]
    tied = [_is_after(before, event) for before, event in zip([None, *ordered], ordered, strict=False)]
    for event, is_good, is_tied in zip(ordered, good, tied, strict=True):
        if not is_good:
            found.false("EVENT_CHANGED", _place(event), position=event.position, kind=event.kind)
        elif not is_tied:
            found.false("EVENT_OUT_OF_CHAIN", _place(event), position=event.position, kind=event.kind)
    _check_proofs(ordered, [a and b for a, b in zip(good, tied, strict=True)], ledger, found)


def _place(event: Happened) -> str:
    return f"{EVENTS}#{event.position}"


def _check_order(events: Sequence[Happened], count: int, found: Findings) -> None:
    positions = [event.position for event in events]
    missing = sorted(set(range(1, max([count, *positions], default=count) + 1)) - set(positions))
    for position in missing[:MAX_NAMED]:
        found.false("EVENT_REMOVED", f"{EVENTS}#{position}", position=position)
    if not missing and positions != sorted(positions):
        found.false("EVENTS_REORDERED", EVENTS, positions=", ".join(map(str, positions[:MAX_NAMED])))
    times = Counter(positions)
    for event in [one for one in events if times[one.position] > 1][1:MAX_NAMED]:
        found.false("EVENT_INSERTED", _place(event), position=event.position, kind=event.kind)
    for event in [one for one in events if one.position > count][:MAX_NAMED]:
        found.false("EVENT_INSERTED", _place(event), position=event.position, kind=event.kind)


def _first_of_each(events: Sequence[Happened]) -> list[Happened]:
    """In the order of their positions; of two at the same place, the one that is itself."""
    by_place: dict[int, Happened] = {}
    for event in events:
        known = by_place.get(event.position)
        if known is None or (event.is_itself and not known.is_itself):
            by_place[event.position] = event
    return [by_place[position] for position in sorted(by_place)]


def _is_after(before: Happened | None, event: Happened) -> bool:
    """Whether it is tied to the one before; what is missing before it was named already."""
    if before is None:
        return event.position != 1 or event.previous == GENESIS
    return event.position != before.position + 1 or event.previous == before.hash


def _check_proofs(events: list[Happened], holds: list[bool], ledger: Ledger, found: Findings) -> None:
    proven = [_is_in_root(event, ledger) for event in events]
    last_sealed = max((number for number, event in enumerate(events) if event.proof), default=-1)
    confirmed = False  # whether a later event, that is proven, is tied to this one
    for number in range(len(events) - 1, -1, -1):
        event = events[number]
        if event.proof is None:
            if number < last_sealed:
                found.false("EVENT_INSERTED", _place(event), position=event.position, kind=event.kind)
        elif not proven[number]:
            _name_unproven(event, ledger, confirmed, found)
        confirmed = (confirmed or proven[number]) and holds[number]
    _tell(events, holds, proven, ledger, found)


def _is_in_root(event: Happened, ledger: Ledger) -> bool:
    proof = event.proof
    root = ledger.roots.get(proof.batch) if proof else None
    if proof is None or root is None or proof.count != root.count:
        return False
    try:
        return root_from(event.hash, proof.index, proof.count, proof.path) == root.root
    except ValueError:
        return False


def _name_unproven(event: Happened, ledger: Ledger, is_confirmed: bool, found: Findings) -> None:
    """A root that is not to be believed, a path that leads elsewhere, or an event that was never sealed so."""
    said = {"position": event.position, "kind": event.kind, "batch": event.proof.batch if event.proof else 0}
    if said["batch"] not in ledger.roots:
        found.false("EVENT_WITHOUT_ROOT", _place(event), **said)
    elif is_confirmed:
        found.false("PROOF_BROKEN", _place(event), **said)
    else:
        found.false("EVENT_NOT_IN_ROOT", _place(event), **said)


def _tell(events: list[Happened], holds: list[bool], proven: list[bool], ledger: Ledger, found: Findings) -> None:
    sealed = [event for event, a, b in zip(events, holds, proven, strict=True) if a and b]
    stamps = [ledger.covered.get(event.proof.batch) for event in sealed if event.proof]
    if sealed:
        found.proven("EVENTS_SEALED", EVENTS, count=len(sealed), total=len(events))
    for event, stamp in zip(sealed, stamps, strict=True):
        if stamp and stamp.at < event.at.replace(microsecond=0):
            found.false("EVENT_AFTER_ITS_STAMP", _place(event), position=event.position, kind=event.kind, at=stamp.at)
    known = [stamp.at for stamp in stamps if stamp]
    if known:
        found.proven("EVENTS_STAMPED", EVENTS, count=len(known), total=len(events), at=max(known))
    if len(known) < len(sealed):
        found.missing("EVENTS_NOT_STAMPED", EVENTS, count=len(sealed) - len(known))


def check_waiting(events: Sequence[Happened], made_at: datetime, found: Findings) -> None:
    """Events that the sealer had not taken when the bundle was made: usual for seconds, and not for a day."""
    waiting = [event for event in events if event.proof is None]
    if not waiting:
        return
    is_long = made_at - min(event.at for event in waiting) > LONG
    code = "EVENTS_LONG_UNSEALED" if is_long else "EVENTS_NOT_SEALED"
    found.missing(code, EVENTS, count=len(waiting), first=waiting[0].position)
