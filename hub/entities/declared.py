"""From a checked file to the JSON that the tables keep: one for the sector, each body and each agreement."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.entities.faults import Path
from hub.entities.looking import mappings, size
from hub.entities.meaning import hours_of
from hub.entities.relations import resolve

SECTOR, ENTITY, AGREEMENT = "sector", "entity", "agreement"


@dataclass(frozen=True)
class Declared:
    """One thing declared, as the tables keep it: nothing is left to read elsewhere."""

    kind: str
    key: str
    json: Mapping[str, Any]

    @property
    def digest(self) -> bytes:
        """SHA-256 of the JSON with sorted keys."""
        return digest(self.json)


def digest(declared: Mapping[str, Any]) -> bytes:
    """SHA-256 of a declared JSON, whatever the order of its keys."""
    text = json.dumps(declared, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).digest()


def declare(value: dict[str, Any], certificates: Mapping[Path, Mapping[str, str]]) -> tuple[Declared, ...]:
    """What a file without faults declares. `certificates` are the ones read, by their path in the file."""
    entities = list(mappings(value, (), "entities"))
    by_code = {entity["code"]: (path, entity) for path, entity in entities}
    bodies = [Declared(ENTITY, entity["code"], _entity(path, entity, certificates)) for path, entity in entities]
    agreements = []
    for _, agreement in mappings(value, (), "agreements"):
        parties = {key: resolve(agreement[key], by_code) for key in ("from", "to")}
        key = f"{parties['from']}>{parties['to']}@{agreement['valid_from']}"
        agreements.append(Declared(AGREEMENT, key, agreement | parties))
    return (Declared(SECTOR, SECTOR, dict(value["sector"])), *bodies, *agreements)


def _entity(path: Path, entity: dict[str, Any], certificates: Mapping[Path, Mapping[str, str]]) -> dict[str, Any]:
    declared = dict(entity)
    declared["counters"] = [_counter(counter) for _, counter in mappings(entity, path, "counters")]
    named = mappings(entity, path, "certificates")
    declared["certificates"] = [dict(certificates[where]) for where, _ in named]
    limits = entity.get("limits", {}).items()
    declared["limits"] = {key: size(one) if key.endswith("_bytes") else one for key, one in limits}
    return declared


def _counter(counter: dict[str, Any]) -> dict[str, Any]:
    hours = sorted((weekday, opens, closes) for _, weekday, opens, closes in hours_of(counter))
    rows = [
        {"weekday": weekday, "opens": f"{opens:%H:%M}", "closes": f"{closes:%H:%M}"} for weekday, opens, closes in hours
    ]
    return counter | {"hours": rows}
