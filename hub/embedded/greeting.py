"""What `mesa run` says on the terminal."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from hub.embedded.demo import ACCOUNTS
from hub.embedded.parts import Sandbox
from hub.embedded.place import place_of
from hub.embedded.ports import LOOPBACK


def say(sentence: str) -> None:
    """One line, at once; a closed terminal is no reason to stop half-way."""
    try:
        print(sentence, flush=True)
    except (BrokenPipeError, OSError):
        sys.stdout = None  # print() is silent from here on


def show(chosen: Mapping[str, str], ports: Mapping[str, int], played: Sequence[Sandbox]) -> None:
    """Addresses and accounts."""
    rows = [
        ("Mesa de partes", chosen["MESA_PUBLIC_URL"]),
        ("Correo de prueba", f"http://{LOOPBACK}:{ports['mail']}"),
        ("SMS de prueba", f"http://{LOOPBACK}:{ports['mail']}/sms"),
    ]
    rows.append(("Antivirus", os.environ.get("MESA_CLAMAV") or "sin antivirus (MESA_CLAMAV)"))
    rows += [(f"{one.code.upper()} ({one.way})", f"http://{LOOPBACK}:{ports[one.code]}{one.path}") for one in played]
    say("\nMesa Integrada está lista (sector de demostración)\n")
    say("  Direcciones")
    _table(rows)
    say(f"\n  Cuentas de demostración, todas con la contraseña {chosen['MESA_DEMO_PASSWORD']}")
    _table([(account.email, account.title) for account in ACCOUNTS])
    say(f"\n  Datos y registros: {chosen['MESA_DATA']}")
    data = Path(chosen["MESA_DATA"]) / "postgres"
    home = place_of(data).home if data.exists() else data
    if home != data.resolve():
        say(f"  Base de datos: {home}")
    say("  Ctrl-C detiene todo.\n")


def _table(rows: Sequence[tuple[str, str]]) -> None:
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        say(f"    {name:<{width}}  {value}")
