"""Who takes part in the demonstration: web, worker, mail, and a process for each institution of the sector."""

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from hub.embedded.child import Part
from hub.embedded.ports import LOOPBACK

WANTED = {"web": 5000, "smtp": 2525, "mail": 8025, "tsa": 3161, "returns": 2526, "registers": 8026, "objects": 9000}
WAYS = ("rest", "soap", "iotramite")
_LOCAL = re.compile(r"^\$\{MESA_ADDRESS_(\w+):-http://127\.0\.0\.1:(\d+)(?P<path>/[^}]*)?\}$")


@dataclass(frozen=True)
class Sandbox:
    """An institution that the directory says may be played here: its address has a loopback default."""

    code: str
    ruc: str
    way: str
    variable: str
    port: int
    path: str = ""


def sandboxes(entities: Path) -> tuple[Sandbox, ...]:
    """The institutions to play, by config/entities.yaml as written (its faults are the directory's to tell)."""
    declared: Any = yaml.safe_load(entities.read_text("utf-8"))
    found = []
    for entity in declared.get("entities", []):
        way = entity.get("adapter", {})
        local = _LOCAL.match(str(way.get("address", "")))
        if local and way.get("kind") in WAYS:
            variable, port, path = f"MESA_ADDRESS_{local[1]}", int(local[2]), local["path"] or ""
            found.append(Sandbox(entity["code"], str(entity["ruc"]), way["kind"], variable, port, path))
    return tuple(found)


def operator_ruc(entities: Path) -> str:
    """The RUC of the body that runs the hub."""
    declared: Any = yaml.safe_load(entities.read_text("utf-8"))
    code = declared["sector"]["operator"]
    return next(str(entity["ruc"]) for entity in declared["entities"] if entity["code"] == code)


def wanted_ports(played: Sequence[Sandbox]) -> dict[str, int]:
    return WANTED | {sandbox.code: sandbox.port for sandbox in played}


def own_parts(ports: Mapping[str, int], data: Path) -> tuple[Part, ...]:
    """Mail, the time-stamp authority, web, worker, the return path of mail and the press of papers."""
    mail = ("--smtp-port", str(ports["smtp"]), "--http-port", str(ports["mail"]), "--data", str(data / "mail"))
    back = ("--returns", f"{LOOPBACK}:{ports['returns']}")
    tsa = ("--port", str(ports["tsa"]), "--data", str(data / "tsa"))
    published = ("--publish", str(data / "keys" / "tsa" / "crt.pem"))
    web = _address(ports["web"])
    bind = f"{LOOPBACK}:{ports['web']}"
    return (
        Part("mail", "el correo de prueba", _python("hub.embedded.mail", *mail, *back), f"{_address(ports['mail'])}/"),
        Part("tsa", "el sello de tiempo", _python("adapters.sandbox.timestamp", *tsa, *published), tsa_url(ports)),
        Part("registers", "RENIEC y SUNAT de prueba", _python("adapters.sandbox.identities", "--port",
             str(ports["registers"])), f"{_address(ports['registers'])}/"),
        Part("web", "la web", _python("hub.cli", "web", "--bind", bind), f"{web}/"),
        Part("worker", "el repartidor", _python("hub.cli", "worker")),
        Part("returns", "el correo devuelto", _python("hub.cli", "returns")),
        Part("papers", "la imprenta", _python("hub.cli", "papers")),
    )


def objects_part(port: int, data: Path) -> Part:
    """The S3 server that keeps the documents, where the demonstration is to use one."""
    argv = _python("hub.embedded.objects", "--port", str(port), "--data", str(data / "objects"))
    return Part("objects", "el almacén S3", argv, f"{_address(port)}/")


def tsa_url(ports: Mapping[str, int]) -> str:
    """Where the demonstration's time-stamp authority answers."""
    return f"{_address(ports['tsa'])}/"


def registers(ports: Mapping[str, int]) -> dict[str, str]:
    """What the hub is told of the demonstration's registers: where they answer, and in whose name they are asked."""
    address = _address(ports["registers"])
    return {
        "MESA_RENIEC_URL": f"{address}/services/ReniecConsultaDni",
        "MESA_RENIEC_USER": "00000000",
        "MESA_RENIEC_RUC": "20000000001",
        "MESA_RENIEC_PASSWORD": "de demostracion",
        "MESA_SUNAT_URL": f"{address}/Rest/Sunat/DatosPrincipales",
    }


def sandbox_part(sandbox: Sandbox, port: int, data: Path, hub_url: str, hub_ruc: str) -> Part:
    keys = data / "keys"
    argv = _python(
        f"adapters.sandbox.{sandbox.way}",
        *("--code", sandbox.code, "--ruc", sandbox.ruc, "--port", str(port)),
        *("--data", str(data / "sandbox" / sandbox.code)),
        *("--key", str(keys / "sandbox" / f"{sandbox.code}.key.pem")),
        *("--cert", str(keys / "entities" / f"{sandbox.code}.crt.pem")),
        *("--hub-url", hub_url, "--hub-ruc", hub_ruc),
        *("--hub-cert", str(keys / "hub" / "envelope.crt.pem")),
        *_token_certificate(sandbox.way, keys),
    )
    return Part(sandbox.code, sandbox.code.upper(), argv, f"{_address(port)}/control/held")


def _token_certificate(way: str, keys: Path) -> tuple[str, ...]:
    """Our own contract's calls without a message are signed with another key of the hub."""
    return () if way == "iotramite" else ("--hub-cert", str(keys / "hub" / "token.crt.pem"))


def _address(port: int) -> str:
    return f"http://{LOOPBACK}:{port}"


def _python(module: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", module, *arguments)
