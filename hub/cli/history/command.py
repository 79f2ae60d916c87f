"""`mesa demo-history --filings N --days 90 --seed S` on the parser, and what it prints."""

import argparse
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from hub.adding_up import add_up_anew
from hub.cli.complaint import Complaint
from hub.cli.history.days import days_before, set_up_at
from hub.cli.history.running import Clock, history_of, make
from hub.clock import now
from hub.core.calendar import LIMA
from hub.dispatch import Tools
from hub.due_legs import MADE_UP
from hub.live_directory import LiveDirectory
from hub.settings import Settings
from hub.storage import Store
from hub.wire.keys import load_signer


def history_command(options: argparse.Namespace, engine: Engine, settings: Settings) -> int:
    """Make the history; prints how fast. Refused where the house is not a demonstration."""
    if not settings.is_demo:
        raise Complaint("demo-history inventa trámites: solo trabaja en una demostración (MESA_IS_DEMO=1).")
    if options.filings < 1 or options.days < 1:
        raise Complaint("Pide al menos un trámite y un día.")
    began = time.monotonic()
    made = fill(engine, settings, options.filings, options.days, options.seed, partial(print, flush=True))
    took = time.monotonic() - began
    print(f"{made} trámites en {options.days} días, hechos en {took:.0f} s: {made / took:.0f} por segundo.")
    return 0


def fill(
    engine: Engine, settings: Settings, filings: int, days: int, seed: int, say: Callable[[str], object]
) -> int:
    """Make a history in a database and add up its figures; gives how many filings came."""
    at, made = now(), 0
    first, *_, last = [*days_before(at, days), at]
    say(f"Se inventan unos {filings} trámites, del {first:%d/%m/%Y} al {last.astimezone(LIMA):%d/%m/%Y}. "
        "Al terminar cada día, se dice cuántos van:")  # fmt: skip
    tools = _tools(engine, settings)
    with tools.sessions() as session:
        session.execute(text("set synchronous_commit = off"))
        history = history_of(tools, session, Clock(set_up_at(at)), seed, at)
        for day, made in make(history, session, filings, days, at):
            say(f"{day:%d/%m/%Y}: {made}")
    add_up_anew(tools, at - timedelta(days=days))
    tools.live_directory.stop()
    return made


def _tools(engine: Engine, settings: Settings) -> Tools:
    keys = settings.keys_folder / "hub"
    return Tools(
        name=MADE_UP,
        settings=settings,
        sessions=sessionmaker(engine, class_=Session, expire_on_commit=False),
        live_directory=LiveDirectory(engine),
        adapters={},
        signer=load_signer(keys / "envelope.key.pem", keys / "envelope.crt.pem"),
        ledger_signer=load_signer(keys / "ledger.key.pem", keys / "ledger.crt.pem"),
        store=Store(settings.documents_url, settings.s3_account),
        clock=now,
    )


def add_to(commands: Any, add: Any, settings: Callable[[], Any], engine: Callable[[], Any]) -> None:
    """Write the command on the parser."""

    def run(options: argparse.Namespace) -> int:
        return history_command(options, engine(), settings())

    parser = add(commands, "demo-history", run, "inventa meses de trámites para una demostración")
    parser.add_argument("--filings", type=int, default=2000, metavar="N", help="cuántos trámites; por defecto, 2000")
    parser.add_argument("--days", type=int, default=90, metavar="DIAS", help="en cuántos días hasta hoy")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="el mismo número, la misma historia")
