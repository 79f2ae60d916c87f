"""What the first `mesa run` of a clone chooses, and every later one finds again: secrets and ports."""

import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from hub.embedded.ports import free_port

_SYLLABLES = [c + v + e for c in "bcdfglmnprst" for v in "aeiou" for e in ("", "l", "n", "r")]
SECRETS: dict[str, Callable[[], str]] = {
    "MESA_SECRET_KEY": lambda: secrets.token_hex(32),
    "MESA_TRACKING_SECRET": lambda: secrets.token_hex(32),
    "MESA_DEMO_PASSWORD": lambda: "-".join(secrets.choice(_SYLLABLES) for _ in range(6)),
}


def demo_secrets(data: Path) -> dict[str, str]:
    """The secrets of this clone, from var/secrets.env, where missing ones are added."""
    file = data / "secrets.env"
    known = read_env(file)
    missing = {name: make() for name, make in SECRETS.items() if name not in known}
    if missing:
        write_env(file, known | missing)
    return known | missing


def chosen_ports(data: Path, wanted: Mapping[str, int]) -> dict[str, int]:
    """A free port for each name: the one of last time, else the wanted one, else another. All are noted."""
    file = data / "ports.json"
    before: dict[str, int] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    chosen: dict[str, int] = {}
    for name, port in wanted.items():
        chosen[name] = free_port(before.get(name, port), _taken(before, chosen, name))
    file.write_text(json.dumps(chosen, indent=1) + "\n", "utf-8")
    return chosen


def _taken(before: Mapping[str, int], chosen: Mapping[str, int], name: str) -> frozenset[int]:
    others: Iterable[int] = (port for other, port in before.items() if other != name)
    return frozenset(chosen.values()) | frozenset(others)


def read_env(file: Path) -> dict[str, str]:
    """The NAME=value lines of a file; empty if there is none."""
    if not file.exists():
        return {}
    lines = file.read_text("utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def write_env(file: Path, values: Mapping[str, str]) -> None:
    """Write NAME=value lines that their owner alone may read, in one step."""
    half = file.with_suffix(".new")
    half.unlink(missing_ok=True)
    half.touch(mode=0o600)
    half.write_text("".join(f"{name}={value}\n" for name, value in values.items()), "utf-8")
    half.replace(file)
