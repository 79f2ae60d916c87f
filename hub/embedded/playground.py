"""`mesa sandbox`: a whole hub of one's own, with one's own test institution, its keys, and an opposite party."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from hub.clock import now
from hub.core.errors import InvalidIdentifier
from hub.core.identifiers import Ruc
from hub.embedded import greeting
from hub.embedded.errors import EmbeddedError
from hub.embedded.parts import Sandbox
from hub.embedded.ports import LOOPBACK
from hub.embedded.run import run
from hub.wire.keys import make_demo_keys

OPERATOR, OPERATOR_RUC = "minam", "20000000010"
"""Its code is that of the demonstration's operator, so that the demonstration's accounts open its screens."""
OPPOSITE, OPPOSITE_RUC, OPPOSITE_PORT = "otra", "20000000028", 7101
OWN_RUC = "20000000036"


@dataclass(frozen=True)
class Newcomer:
    """The test institution: without an address it fetches what is its own."""

    code: str
    ruc: str = OWN_RUC
    address: str = ""
    max_bytes: int = 0


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
        for line in _lines(folder, newcomer, chosen, ports):
            greeting.say(line)

    return run(root, show=show)


def make(folder: Path, newcomer: Newcomer) -> None:
    """Write the directory of the playground as it was asked, and the keys that are missing."""
    try:
        Ruc(newcomer.ruc)
    except InvalidIdentifier as error:
        raise EmbeddedError(f"{newcomer.ruc} no es un RUC que pueda ser.") from error
    folder.mkdir(parents=True, exist_ok=True)
    bodies = {
        OPERATOR: (OPERATOR_RUC, "Mesa de pruebas"),
        OPPOSITE: (OPPOSITE_RUC, "La otra entidad"),
        newcomer.code: (newcomer.ruc, "Tu entidad de prueba"),
    }
    make_demo_keys(folder / "keys", bodies, operator=OPERATOR, now=now())
    text = yaml.safe_dump(_declared(newcomer), allow_unicode=True, sort_keys=False)
    (folder / "entities.yaml").write_text(text, "utf-8")


def _declared(newcomer: Newcomer) -> dict[str, object]:
    options = {"max_bytes": str(newcomer.max_bytes)} if newcomer.max_bytes else {}
    way = {"kind": "rest", "address": newcomer.address} if newcomer.address else {"kind": "pull"}
    other = f"${{MESA_ADDRESS_OTRA:-http://{LOOPBACK}:{OPPOSITE_PORT}}}"
    return {
        "version": 1,
        "sector": {"name": "Pruebas", "operator": OPERATOR},
        "entities": [
            _body(OPERATOR, OPERATOR_RUC, "Mesa de pruebas", {"kind": "hosted"}),
            _body(OPPOSITE, OPPOSITE_RUC, "La otra entidad", {"kind": "rest", "address": other}, OPPOSITE),
            _body(newcomer.code, newcomer.ruc, "Tu entidad de prueba", {**way, "options": options}, newcomer.code),
        ],
    }


def _body(code: str, ruc: str, name: str, adapter: Mapping[str, object], certificate: str = "") -> dict[str, object]:
    counter = {"code": "principal", "name": "Sede central", "place": "Lima", "ubigeo": "150100", "principal": True}
    body = {
        "code": code, "ruc": ruc, "verified": False, "acronym": code.upper(), "name": name, "kind": "other",
        "counters": [counter], "adapter": dict(adapter),
    }  # fmt: skip
    return body | ({"certificates": [{"file": f"entities/{certificate}.crt.pem"}]} if certificate else {})


def _lines(folder: Path, newcomer: Newcomer, chosen: Mapping[str, str], ports: Mapping[str, int]) -> list[str]:
    """What a newcomer needs to know, and the first commands to try."""
    hub, other = chosen["MESA_PUBLIC_URL"], f"http://{LOOPBACK}:{ports[OPPOSITE]}"
    way = f"REST, en {newcomer.address}" if newcomer.address else "recoge sus mensajes en la mesa"
    asked = f'{{"to": "{newcomer.ruc}", "subject": "Hola"}}'
    lines = [
        "\nTu entorno de pruebas está listo\n",
        f"  La mesa          {hub}   (RUC {OPERATOR_RUC}; contrato: {hub}/api/v1/)",
        f"  Tu entidad       {newcomer.code}, RUC {newcomer.ruc}: {way}",
        f"  Tu clave         {folder}/keys/sandbox/{newcomer.code}.key.pem",
        f"  Tu certificado   {folder}/keys/entities/{newcomer.code}.crt.pem",
        f"  El de la mesa    {folder}/keys/hub/envelope.crt.pem y token.crt.pem",
        f"  La otra entidad  {other}   (RUC {OPPOSITE_RUC})\n",
        "  Que la otra entidad te envíe un documento:",
        f"    curl -s -H 'Content-Type: application/json' -d '{asked}' {other}/control/present",
        "  Que se porte mal: fail, garbage, lose_answer, hang (cuántas veces), delay (segundos), refuse_next...",
        f"    curl -s -d '{{\"fail\": 2}}' {other}/control",
    ]
    if newcomer.address:
        lines += [
            "  Saber si tu sistema está listo (con http://127.0.0.1:7300 como dirección de la mesa):",
            f"    MESA_DATA={folder} .venv/bin/mesa conformance {newcomer.address} --entity {newcomer.code}",
        ]
    return [*lines, f"\n  Pantallas: {hub}, con sector@minam.example y {chosen['MESA_DEMO_PASSWORD']}",
            "  Ctrl-C detiene todo; la misma orden sigue donde quedó.\n"]  # fmt: skip
