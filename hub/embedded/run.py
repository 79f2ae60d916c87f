"""`mesa run`: one clone, one demonstration, one at a time."""

import contextlib
import fcntl
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from hub.embedded import greeting, objects
from hub.embedded.child import Part
from hub.embedded.children import stop_with_parent
from hub.embedded.errors import EmbeddedError
from hub.embedded.firstrun import chosen_ports, demo_secrets, write_env
from hub.embedded.parts import (
    Sandbox,
    objects_part,
    operator_ruc,
    own_parts,
    registers,
    sandbox_part,
    sandboxes,
    tsa_url,
    wanted_ports,
)
from hub.embedded.ports import LOOPBACK
from hub.embedded.supervisor import Bell, Stopped, Supervisor

PREPARATION = Part("prepare", "la preparación", (sys.executable, "-m", "hub.embedded.prepare"))


Show = Callable[[Mapping[str, str], Mapping[str, int], Sequence[Sandbox]], None]
"""Says where everything is: (settings chosen, ports, institutions played)."""


def run(
    root: Path, *, is_tied_to_parent: bool = False, show: Show = greeting.show, started_by: str = "make run"
) -> int:
    """Start everything of the clone at `root`, serve until a signal, stop everything. The exit code.

    `is_tied_to_parent`: also stop when the process that started us (make) is gone. `started_by`: what was typed.
    Raises EmbeddedError when something cannot start; nothing is left running then either.
    """
    if is_tied_to_parent:
        stop_with_parent()
    data = Path(os.environ.get("MESA_DATA") or root / "var").resolve()
    (data / "log").mkdir(parents=True, exist_ok=True)
    data.chmod(0o700)
    with only_one(data, started_by):
        _serve(root, data, show)
    greeting.say(f"Todo detenido. Los datos quedan guardados; {started_by} sigue donde quedó.")
    return 0


def _serve(root: Path, data: Path, show: Show) -> None:
    entities = Path(os.environ.get("MESA_ENTITIES") or root / "config" / "entities.yaml")
    played = sandboxes(entities)
    ports = chosen_ports(data, wanted_ports(played))
    chosen = _environment(data, entities, played, ports)
    supervisor = Supervisor(root, data, {**os.environ, **chosen, "PYTHONUNBUFFERED": "1"}, greeting.say, Bell())
    try:
        greeting.say("Arrancando (la primera vez tarda un poco más)...")
        supervisor.start_database()
        write_env(data / "demo.env", chosen | {"DATABASE_URL": supervisor.env["DATABASE_URL"]})
        supervisor.run_once(PREPARATION)
        supervisor.start_all(_parts(data, entities, played, ports))
        show(chosen, ports, played)
        supervisor.watch()
    except Stopped:
        greeting.say("Deteniendo todo...")
    finally:
        supervisor.stop()


def _environment(data: Path, entities: Path, played: Sequence[Sandbox], ports: Mapping[str, int]) -> dict[str, str]:
    """What every process of the demonstration is told; also what `mesa` in another terminal reads."""
    addresses = {one.variable: f"http://{LOOPBACK}:{ports[one.code]}{one.path}" for one in played}
    secrets = demo_secrets(data)
    in_s3 = objects.settings_of(ports["objects"], objects.secret_from(secrets["MESA_SECRET_KEY"])) if wants_s3() else {}
    return {
        **secrets,
        **in_s3,
        **addresses,
        "MESA_RECONCILE_AT": os.environ.get("MESA_RECONCILE_AT", ""),  # who looks at it asks for it on its page
        "MESA_DATA": str(data),
        "MESA_KEYS": str(data / "keys"),
        "MESA_ENTITIES": str(entities.resolve()),
        "MESA_PUBLIC_URL": f"http://{LOOPBACK}:{ports['web']}",
        "MESA_SMTP": f"{LOOPBACK}:{ports['smtp']}",
        "MESA_SMS_URL": f"http://{LOOPBACK}:{ports['mail']}/sms",
        "MESA_RETURNS": f"{LOOPBACK}:{ports['returns']}",
        "MESA_RETURNS_DOMAIN": "rebotes.mesa.invalid",
        "MESA_TSA": tsa_url(ports),
        **registers(ports),
        "MESA_IS_DEMO": "1",
    }


def _parts(data: Path, entities: Path, played: Sequence[Sandbox], ports: Mapping[str, int]) -> tuple[Part, ...]:
    hub_url, hub_ruc = f"http://{LOOPBACK}:{ports['web']}", operator_ruc(entities)
    institutions = (sandbox_part(one, ports[one.code], data, hub_url, hub_ruc) for one in played)
    store = (objects_part(ports["objects"], data),) if wants_s3() else ()
    return (*store, *own_parts(ports, data), *institutions)


def wants_s3() -> bool:
    """`make run STORE=s3`: the documents of the demonstration in an S3 server of its own, not in a folder."""
    return os.environ.get("MESA_DEMO_STORE") == "s3"


@contextlib.contextmanager
def only_one(data: Path, program: str) -> Iterator[None]:
    """Hold a folder's lock, as `program`. Raises EmbeddedError, naming the program and the process that hold it."""
    with (data / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            pid, _, holder = lock.read().strip().partition(" ")
            raise EmbeddedError(
                f"En {data} ya está en marcha «{holder or 'otro programa'}» (proceso {pid}): "
                "úsalo, detenlo con Ctrl-C en su terminal, o trabaja en otra carpeta."
            ) from error
        lock.truncate(0)
        lock.write(f"{os.getpid()} {program}")
        lock.flush()
        yield
