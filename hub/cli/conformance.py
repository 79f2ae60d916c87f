"""`mesa conformance`: judges an institution's system by the numbered cases, and writes a signed report."""

import json
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from adapters.conformance.ground import Ground
from adapters.conformance.hub_standin import StandIn
from adapters.conformance.national.cases import CASES
from adapters.conformance.national.ground import NationalGround
from adapters.conformance.national.platform_standin import PlatformStandIn
from adapters.conformance.report import line, to_html, to_json, verdict
from adapters.conformance.running import run
from adapters.conformance.strangers import a_stranger
from adapters.conformance.values import Judged, Report
from adapters.conformance.ways import WAYS
from hub.cli.complaint import Complaint, why
from hub.cli.kit import WITH_ADDRESS
from hub.clock import now
from hub.core.ports import Partner, Signer, Trust
from hub.wire.keys import load_signer
from hub.wire.statements import REPORT, sign_statement

NATIONAL = "iotramite"
T = TypeVar("T")
HOW = {"pull": "recoge lo suyo en la mesa.", "hosted": "atiende en la bandeja de la mesa."}


@dataclass(frozen=True)
class Known:
    """What is known of both sides: the institution, and the hub that the stand-in plays."""

    who: Partner
    hub_ruc: str
    signer: Signer
    token_signer: Signer
    trust: Trust
    max_bytes: int = 0


def known_in(folder: Path, directory: Any, code: str, way: str, address: str) -> Known:
    """Both sides, from the hub's keys and its directory."""
    who = directory.partner(code)
    keys = folder / "hub"
    return Known(
        Partner(who.code, who.ruc, who.name, way, address, who.options),
        directory.operator.ruc,
        load_signer(keys / "envelope.key.pem", keys / "envelope.crt.pem"),
        load_signer(keys / "token.key.pem", keys / "token.crt.pem"),
        directory.trust,
        int(who.options.get("max_bytes", 0)),
    )


def judge(known: Known, options: Namespace, say: Callable[[Judged], None]) -> Report:
    """Run every case with a stand-in at the address that the institution has as its hub's."""
    host, _, port = options.escuchar.rpartition(":")
    if not port.isdecimal():
        raise Complaint(f"{options.escuchar} no es una dirección como 127.0.0.1:7300.")
    by_way = _judge_national if known.who.adapter == NATIONAL else _judge_ours
    return by_way(known, options, (host, int(port)), say)


def _standing(make: Callable[[], T]) -> T:
    """A stand-in at its address. Raises Complaint where another program has it."""
    try:
        return make()
    except OSError as error:
        raise Complaint(f"Ahí no se puede atender ({why(error)}): elige otra dirección con --escuchar.") from error


def _judge_ours(known: Known, options: Namespace, place: tuple[str, int], say: Callable[[Judged], None]) -> Report:
    """The signed contract, over REST or SOAP."""
    standin = _standing(lambda: StandIn(place, known.hub_ruc, known.trust, now))
    try:
        ground = Ground(
            known.who, known.hub_ruc, known.signer, known.token_signer, a_stranger(now()), known.trust,
            WAYS[known.who.adapter](known.who.address, options.espera), standin, now,
            (options.direccion or standin.url).rstrip("/"), options.paciencia, options.espera, known.max_bytes,
        )  # fmt: skip
        return run(ground, known.who.adapter, say=say)
    finally:
        standin.close()


def _judge_national(known: Known, options: Namespace, place: tuple[str, int], say: Callable[[Judged], None]) -> Report:
    """The national contract, whose cargos come to /services/PcmIMgdTramite."""
    standin = _standing(lambda: PlatformStandIn(place))
    try:
        ground = NationalGround(known.who, known.hub_ruc, standin, now, options.paciencia, options.espera)
        return run(ground, NATIONAL, CASES, say)
    finally:
        standin.close()


def write(report: Report, signer: Signer, folder: Path) -> tuple[dict[str, Any], str]:
    """Write the report as JSON and HTML, both with its signature; gives its content and the signature."""
    content = to_json(report)
    jws = sign_statement(signer, REPORT, content)
    folder.mkdir(parents=True, exist_ok=True)
    name = f"conformidad-{report.entity_code}"
    both = json.dumps({"informe": content, "firma": jws}, ensure_ascii=False, indent=2)
    (folder / f"{name}.json").write_text(both + "\n", "utf-8")
    (folder / f"{name}.html").write_text(to_html(report, jws), "utf-8")
    return content, jws


def conformance_command(options: Namespace, engine: Any, settings: Any) -> int:
    """Judge, write, keep: 0 where every case is kept, else 1."""
    from sqlalchemy.orm import Session

    from hub import connecting, entities

    with Session(engine) as session:
        directory = entities.load(session, now())
    known = known_in(settings.keys_folder, directory, options.entity, options.medio, options.url)
    report = judge(known, options, lambda one: print(line(one), flush=True))
    content, jws = write(report, known.signer, Path(options.salida))
    with Session(engine) as session:
        connecting.keep_report(session, directory.entity(options.entity).id, content, jws, now())
        session.commit()
    print(verdict(report))
    return 0 if report.has_passed else 1


def _unproved(acronym: str, options: Namespace) -> str:
    if not options.url:
        return f"Por {options.medio} no hay un sistema que probar: di por escrito por qué se conecta (--motivo)."
    return (
        f"{acronym} no tiene un informe de conformidad bueno de {options.url}: ejecuta mesa conformance, o di por "
        "escrito por qué se conecta sin él (--motivo)."
    )


def activate_command(options: Namespace, engine: Any) -> int:
    """Send what is for an institution to its own system from now on; without a URL, to where it fetches or reads it."""
    if bool(options.url) != (options.medio in WITH_ADDRESS):
        raise Complaint(f"--medio {options.medio} {'va sin' if options.url else 'pide la'} dirección de su sistema.")
    from sqlalchemy.orm import Session

    from hub import connecting, entities
    from hub.core.errors import Forbidden

    with Session(engine) as session:
        body = entities.load(session, now()).entity(options.entity)
        system = connecting.System(options.medio, options.url)
        try:
            connecting.activate(session, body, system, by=options.por, reason=options.motivo, now=now())
        except Forbidden as error:
            raise Complaint(_unproved(body.acronym, options)) from error
        session.commit()
    how = HOW.get(options.medio) or f"se le entrega por {options.medio} en {options.url}."
    print(f"{body.name}: desde ahora {how}")
    return 0
