"""`mesa sandbox`: a whole hub of one's own, with one's own test institution, its keys, and an opposite party."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from hub.clock import now
from hub.core.errors import InvalidIdentifier
from hub.core.identifiers import Ruc
from hub.embedded import greeting
from hub.embedded.errors import EmbeddedError
from hub.embedded.newcomer import (
    ADDRESSED,
    OPERATOR,
    OPERATOR_RUC,
    OPPOSITE,
    OPPOSITE_PORT,
    OPPOSITE_RUC,
    Newcomer,
    environment,
    lines,
    places,
)
from hub.embedded.parts import Sandbox
from hub.embedded.ports import LOOPBACK
from hub.embedded.run import only_one, run
from hub.wire.keys import make_demo_keys

PROGRAM = "mesa sandbox"


def play(root: Path, folder: Path, newcomer: Newcomer) -> int:
    """Make the playground in `folder` where it is missing, and run it until a signal. The exit code.

    Raises EmbeddedError for a RUC that cannot be, and what `run` raises.
    """
    folder = folder.resolve()
    make(folder, newcomer)
    for name in [name for name in os.environ if name.startswith("MESA_") or name == "DATABASE_URL"]:
        del os.environ[name]
    os.environ.update(MESA_DATA=str(folder), MESA_ENTITIES=str(folder / "entities.yaml"))

    def show(chosen: Mapping[str, str], ports: Mapping[str, int], played: Sequence[Sandbox]) -> None:
        (folder / f"{newcomer.code}.env").write_text(environment(folder, newcomer, *places(chosen, ports)), "utf-8")
        for line in lines(folder, newcomer, chosen, ports):
            greeting.say(line)

    return run(root, show=show, started_by=PROGRAM)


def _is_its_own(folder: Path, newcomer: Newcomer) -> None:
    """Raises EmbeddedError for a folder in which another institution's playground is kept: its data name that one."""
    known = folder / "entities.yaml"
    if not known.exists():
        return
    for one in yaml.safe_load(known.read_text("utf-8"))["entities"]:
        code, ruc = str(one["code"]), str(one["ruc"])
        if code not in (OPERATOR, OPPOSITE) and (code, ruc) != (newcomer.code, newcomer.ruc):
            raise EmbeddedError(
                f"En {folder} ya está la mesa de pruebas de «{code}» (RUC {ruc}). Sigue con ese código y ese RUC, "
                "elige otra carpeta con --carpeta, o borra esa."
            )


def make(folder: Path, newcomer: Newcomer) -> None:
    """Write the directory of the playground as it was asked, and the keys that are missing. Raises EmbeddedError."""
    try:
        Ruc(newcomer.ruc)
    except InvalidIdentifier as error:
        raise EmbeddedError(f"{newcomer.ruc} no es un RUC que pueda ser.") from error
    if (newcomer.kind in ADDRESSED) != bool(newcomer.address):
        raise EmbeddedError("Por rest, soap e iotramite la mesa llama a tu sistema: di dónde con --url; solo ahí.")
    _is_its_own(folder, newcomer)
    folder.mkdir(parents=True, exist_ok=True)
    bodies = {
        OPERATOR: (OPERATOR_RUC, "Mesa de pruebas"),
        OPPOSITE: (OPPOSITE_RUC, "La otra entidad"),
        newcomer.code: (newcomer.ruc, "Tu entidad de prueba"),
    }
    text = yaml.safe_dump(_declared(newcomer), allow_unicode=True, sort_keys=False)
    with only_one(folder, PROGRAM):  # one that runs there reads what would be written
        make_demo_keys(folder / "keys", bodies, operator=OPERATOR, now=now())
        (folder / "entities.yaml").write_text(text, "utf-8")


def _declared(newcomer: Newcomer) -> dict[str, object]:
    options = {"max_bytes": str(newcomer.max_bytes)} if newcomer.max_bytes else {}
    way = {"kind": newcomer.kind} | ({"address": newcomer.address} if newcomer.address else {})
    newcomers = _body(newcomer.code, newcomer.ruc, "Tu entidad de prueba", {**way, "options": options}, newcomer.code)
    if newcomer.kind == "iotramite":
        newcomers["link_hosts"] = [urlsplit(newcomer.address).hostname]
        newcomers["addressee"] = {"unit": "Mesa de Partes", "name": "TITULAR", "job_title": "Titular", "demo": True}
    other = f"${{MESA_ADDRESS_OTRA:-http://{LOOPBACK}:{OPPOSITE_PORT}}}"
    return {
        "version": 1,
        "sector": {"name": "Pruebas", "operator": OPERATOR},
        "entities": [
            _body(OPERATOR, OPERATOR_RUC, "Mesa de pruebas", {"kind": "hosted"}),
            _body(OPPOSITE, OPPOSITE_RUC, "La otra entidad", {"kind": "rest", "address": other}, OPPOSITE),
            newcomers,
        ],
    }


def _body(code: str, ruc: str, name: str, adapter: Mapping[str, object], certificate: str = "") -> dict[str, object]:
    counter = {"code": "principal", "name": "Sede central", "place": "Lima", "ubigeo": "150100", "principal": True}
    body = {
        "code": code, "ruc": ruc, "verified": False, "acronym": code.upper(), "name": name, "kind": "other",
        "counters": [counter], "adapter": dict(adapter),
    }  # fmt: skip
    return body | ({"certificates": [{"file": f"entities/{certificate}.crt.pem"}]} if certificate else {})
