"""Write the sector that holds now as a file again: what was declared, and over it what screens published.

So that the declared truth stays declared: a body that joined by itself and a form that its coordinator published stand
in the file from then on, and `mesa entities check` passes on it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any

import yaml
from sqlalchemy.orm import Session

from hub.core.calendar import local_date
from hub.core.errors import NotFound
from hub.entities.declared import AGREEMENT, ENTITY, SECTOR
from hub.entities.loading import FILE, WITHDRAWN, newest, overlaid
from hub.wire.trusted import leaf_of

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HEAD = """\
# yaml-language-server: $schema=../schemas/entities.schema.json
#
# Escrito por `mesa entities export`: lo declarado y, encima, lo que cada institución publicó en pantalla.
# Las variables del entorno y los archivos de certificados están aquí con su valor.
"""


class _Dumper(yaml.SafeDumper):
    """Without anchors, which the reader of the sector's file refuses."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def export(session: Session, now: datetime) -> str:
    """The sector that holds at `now`, as the text of entities.yaml. Raises NotFound where nothing was imported yet."""
    held = newest(session, now)
    grounds = [row for (kind, key, origin), row in held.items() if origin == FILE or (kind, key, FILE) not in held]
    parts = {(row.kind, row.key): overlaid(row, held) for row in grounds if row.declared != WITHDRAWN}
    if (SECTOR, SECTOR) not in parts:
        raise NotFound(code="DIRECTORY_EMPTY")
    value: dict[str, Any] = {
        "version": 1,
        "sector": parts[SECTOR, SECTOR],
        "entities": [_entity(one) for (kind, _), one in sorted(parts.items()) if kind == ENTITY],
    }
    if agreements := [one for (kind, _), one in sorted(parts.items()) if kind == AGREEMENT]:
        value["agreements"] = agreements
    return _HEAD + yaml.dump(_plain(value), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)


def _entity(declared: Mapping[str, Any]) -> dict[str, Any]:
    return dict(declared) | {
        "counters": [_counter(one) for one in declared["counters"]],
        "certificates": [_certificate(one) for one in declared.get("certificates", ())],
    }


def _counter(declared: Mapping[str, Any]) -> dict[str, Any]:
    return {**declared, "hours": list(_hours(declared.get("hours", ())))}


def _hours(rows: Iterable[Mapping[str, Any]]) -> Iterable[dict[str, str]]:
    """The same hours on days that follow each other are one line: mon-fri."""
    ordered = sorted(rows, key=lambda row: (row["opens"], row["closes"], row["weekday"]))
    for (opens, closes), same in groupby(ordered, lambda row: (row["opens"], row["closes"])):
        days = [row["weekday"] for row in same]
        for _, run in groupby(enumerate(days), lambda pair: pair[1] - pair[0]):
            together = [day for _, day in run]
            first, last = _DAYS[together[0]], _DAYS[together[-1]]
            yield {"days": first if first == last else f"{first}-{last}", "opens": opens, "closes": closes}


def _certificate(declared: Mapping[str, Any]) -> dict[str, str]:
    """In the text itself, with its days where they are narrower than its own."""
    leaf = leaf_of(declared["pem"].encode())
    starts, ends = (datetime.fromisoformat(declared[key]) for key in ("valid_from", "valid_until"))
    found = {"pem": declared["pem"]}
    if starts != leaf.valid_from:
        found["valid_from"] = local_date(starts).isoformat()
    if ends != leaf.valid_until:
        found["valid_to"] = local_date(ends).isoformat()
    return found


def _plain(value: Any) -> Any:
    """Without what is empty; and no text that a reader would take for a variable of its own machine."""
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items() if one not in ("", None, [], {}, ())}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.replace("${", "$ {") if isinstance(value, str) else value
