"""What a deployment stands on: its settings, its keys, its database, its directory."""

import os
import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from hub import readiness
from hub.cli.doctor.findings import Finding, bad, good, worth
from hub.clock import now
from hub.core.errors import MesaError
from hub.core.monitoring import certificate_level
from hub.entities import check_file, import_declared, load
from hub.probing import certificates, try_certificate
from hub.settings import Settings
from hub.wire.keys import KeyFailure, load_signer

OLDEST_POSTGRESQL = 150000
SHORTEST_SECRET = 32
PURPOSES = {
    "envelope": "de firma de los Sobres", "token": "de las credenciales", "seal": "del sello de los PDF",
    "ledger": "del libro",
}  # fmt: skip


def settings_of(settings: Settings) -> Iterator[Finding]:
    """What is set, and what must not stay as it comes."""
    for name, value in (("MESA_SECRET_KEY", settings.secret_key), ("MESA_TRACKING_SECRET", settings.tracking_secret)):
        if len(value) < SHORTEST_SECRET:
            state = "es muy corto" if value else "no está puesto"
            yield bad(f"{name} {state}", "ponle el resultado de: openssl rand -hex 32, y guárdalo con las claves")
        else:
            yield good(f"{name} está puesto")
    if settings.public_url.endswith("/"):
        yield bad("MESA_PUBLIC_URL termina en barra", "quítasela: las direcciones saldrían con dos")
    if settings.is_demo:
        yield worth("es una demostración (MESA_IS_DEMO)", "quítalo antes de atender a nadie de verdad")
    elif not settings.public_url.startswith("https://"):
        yield bad(f"MESA_PUBLIC_URL es {settings.public_url}", "tiene que ser la dirección https que abre la gente")
    else:
        yield good(f"la dirección pública es {settings.public_url}")
    if not settings.is_demo and not settings.proxies:
        yield worth("MESA_PROXIES es 0", "si hay un servidor web delante, pon 1: si no, todos llegan de su dirección")
    if settings.mail_from.endswith(".invalid"):
        yield worth(f"el remitente del correo es {settings.mail_from}", "pon en MESA_MAIL_FROM uno de tu dominio")
    if not settings.is_demo and not (settings.warn_mail or settings.warn_webhook):
        yield worth("los avisos van solo a las cuentas de administración", "pon MESA_WARN_MAIL o MESA_WARN_WEBHOOK")


def keys(settings: Settings) -> Iterator[Finding]:
    """The hub's pairs, who else may read them, and how many days each certificate has left."""
    folder = settings.keys_folder / "hub"
    for name, purpose in PURPOSES.items():
        try:
            load_signer(folder / f"{name}.key.pem", folder / f"{name}.crt.pem")
            yield good(f"la clave {purpose} ({name}) y su certificado son un par")
        except KeyFailure as error:
            yield bad(f"la clave {purpose} no sirve: {error}", f"pon el par en {folder}, legible por esta cuenta")
    for path in sorted(settings.keys_folder.rglob("*.key.pem")) + sorted(settings.keys_folder.glob("*/key.pem")):
        if problem := _open_to_others(path):
            yield bad(f"{path} {problem}", f"chmod 0640 {path}, con el grupo de la mesa")
    for name, path in certificates(settings):
        tried = try_certificate(name, path)
        if tried.went_well:
            yield _ending(f"el certificado {name}", datetime.fromisoformat(str(tried.measured["until"])))
        else:
            yield bad(f"el certificado {name} no se puede leer", f"mira {path}: tiene que ser PEM")


def _open_to_others(path: Path) -> str:
    mode = path.stat().st_mode
    if mode & (stat.S_IROTH | stat.S_IWOTH):
        return "lo puede leer o escribir cualquiera de esta máquina"
    return "lo puede escribir su grupo" if mode & stat.S_IWGRP else ""


def _ending(what: str, ends_at: datetime) -> Finding:
    days, level = (ends_at - now()).days, certificate_level(ends_at, now())
    if level > 4:
        return bad(f"{what} venció el {ends_at:%d/%m/%Y}", "pon uno nuevo y reinicia los programas")
    if level > 2:
        return bad(f"{what} vence en {days} días", "pide ya el nuevo; los dos valen a la vez")
    if level:
        return worth(f"{what} vence en {days} días", "pide el nuevo con tiempo; los dos valen a la vez")
    return good(f"{what} vale {days} días más")


def database(engine: Engine) -> Iterator[Finding]:
    """Whether it answers, how old it is, its tables, its clock against this machine's."""
    try:
        with Session(engine) as session:
            version = int(session.scalar(text("show server_version_num")) or 0)
            skew = (session.execute(text("select clock_timestamp()")).scalar_one() - now()).total_seconds()
            found = readiness.applied(session)
    except SQLAlchemyError as error:
        said = str(getattr(error, "orig", error)).strip().splitlines() or [type(error).__name__]
        yield bad(f"PostgreSQL no responde: {said[0]}", "revisa DATABASE_URL y que el servidor esté en marcha")
        return
    if version < OLDEST_POSTGRESQL:
        yield bad(f"PostgreSQL es muy antiguo ({version // 10000})", "hace falta el 15 o uno más nuevo")
    else:
        yield good(f"PostgreSQL {version // 10000} responde")
    if found < readiness.newest():
        yield bad(f"faltan migraciones: va por {found or 'ninguna'} de {readiness.newest()}", "corre mesa migrate")
    else:
        yield good(f"las tablas están al día ({found})")
    if abs(skew) > 2:
        yield bad(f"el reloj de la base difiere {skew:+.0f} s del de aquí", "pon a las dos máquinas el mismo NTP")
    else:
        yield good("el reloj de la base es el de esta máquina")


def entities(settings: Settings, engine: Engine) -> Iterator[Finding]:
    """The file has no fault, and says what the tables hold; the institutions' certificates."""
    file = Path(settings.entities)
    if not file.exists():
        yield worth(f"no está {file}", "si el directorio se administra desde otra máquina, no hace falta aquí")
    else:
        yield from _compared(settings, engine, file)
    with Session(engine) as session:
        directory = load(session, now())
    for entity in directory.active(now().date()):
        good_ones = [one.valid_until for one in entity.certificates if one.revoked_at is None]
        if good_ones and certificate_level(max(good_ones), now()):
            yield _ending(f"el certificado de {entity.acronym}", max(good_ones))


def _compared(settings: Settings, engine: Engine, file: Path) -> Iterator[Finding]:
    checked = check_file(file, keys=settings.keys_folder, environ=os.environ, now=now())
    if not checked.is_importable:
        yield bad(f"{file} tiene {len(checked.errors)} fallas", "corre mesa entities check, que las nombra")
        return
    with Session(engine) as session:  # imported and taken back: nothing is written
        try:
            changed = import_declared(session, checked, now()).changed
        except MesaError as error:
            yield bad(f"{file} no se puede importar: {error.code}", "corre mesa entities import, que dice por qué")
            return
        finally:
            session.rollback()
    if changed:
        many = "un cambio" if len(changed) == 1 else f"{len(changed)} cambios"
        yield worth(f"{file} tiene {many} que las tablas no tienen: {', '.join(changed[:5])}",
                    "corre mesa entities import, con las mismas variables del entorno")  # fmt: skip
    else:
        yield good(f"{file} y las tablas dicen lo mismo")
