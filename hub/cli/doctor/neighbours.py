"""What stands around a deployment, tried for real: the store, the disks, mail, time-stamps, the antivirus."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from hub import probing
from hub.carriers import hook_of
from hub.cli.doctor.findings import Finding, bad, good, worth
from hub.clock import now
from hub.core.errors import DeliveryFailure
from hub.core.services import Hook
from hub.papers.operator_words import CODES
from hub.settings import Settings

MOST_SKEW = 2.0
"""Seconds by which a clock may differ from the authority's."""
GIB = 1024**3


def store(settings: Settings) -> Iterator[Finding]:
    tried = probing.try_store(settings)
    where = settings.documents_url.partition("?")[0]
    if tried.went_well:
        yield good(f"un documento se guardó, se leyó y se quitó en {where}")
    else:
        yield bad(f"no se puede guardar en {where} ({tried.measured.get('error', CODES.get(tried.code, tried.code))})",
                  "revisa MESA_DOCUMENTS, el espacio y los permisos de esta cuenta")  # fmt: skip


def disks(settings: Settings) -> Iterator[Finding]:
    if not Path(settings.data).exists():
        yield worth(f"no está la carpeta {settings.data}", "créala para los programas, o corrige MESA_DATA")
    for place in probing.disks(settings):
        tried = probing.try_disk(place)
        if not tried.went_well:
            yield bad(f"{place} no se puede mirar", "mira si el disco o la carpeta compartida siguen ahí")
            continue
        measured = tried.measured
        free, total = float(measured.get("free", 0)), float(measured.get("total", 0)) or 1.0
        said = f"{place} tiene libre {free / GIB:.1f} GiB ({100 * free / total:.0f} %)"
        if free / total < settings.warn_disk_free:
            yield bad(said, "libera o agranda el disco; no borres nada de la carpeta de documentos")
        else:
            yield good(said)


def mail(settings: Settings) -> Iterator[Finding]:
    if not settings.smtp:
        yield worth("no hay servidor de correo", "pon MESA_SMTP: sin él, las cartas esperan y nadie las recibe")
        return
    tried = probing.try_mail(settings)
    if tried.went_well:
        yield good(f"{settings.smtp} toma lo que viene de {settings.mail_from}")
    else:
        why = f"no acepta a {settings.mail_from}" if tried.code == "MAIL_REFUSED" else "no responde"
        yield bad(f"el correo no sale: {settings.smtp} {why}", "revisa MESA_SMTP y el servidor")
    if not settings.returns_domain:
        yield worth("lo que rebota no vuelve a la mesa", "pon MESA_RETURNS_DOMAIN para saber qué correos no llegan")


def webhook(settings: Settings) -> Iterator[Finding]:
    """A test is posted to it: whether its key is good nobody knows before."""
    carrier, where = hook_of(settings), urlsplit(settings.warn_webhook).hostname or "la dirección"
    if carrier is None:
        yield good("no hay ninguno: los avisos van por correo")
        return
    try:
        carrier.send(Hook(str(uuid4()), {"event": "test", "title": "Prueba de mesa doctor"}))
    except DeliveryFailure as error:
        yield bad(f"{where} no tomó una prueba ({error.detail or error.code})",
                  "revisa MESA_WARN_WEBHOOK, su clave y la salida a internet")  # fmt: skip
    else:
        yield good(f"{where} tomó una prueba")


def stamps(settings: Settings) -> Iterator[Finding]:
    if not settings.tsa:
        yield worth("no hay autoridad de sellado de tiempo", "pon MESA_TSA y keys/tsa/crt.pem: sin ella nada se sella")
        return
    tried = probing.try_stamp(settings, now())
    if not tried.went_well:
        yield bad(f"{settings.tsa} no dio un sello: {CODES.get(tried.code, tried.code)}",
                  "llama a la autoridad; revisa la salida a internet y keys/tsa/crt.pem")  # fmt: skip
        return
    yield good(f"{tried.measured['authority']} dio un sello de verdad")
    ahead = float(tried.measured["ahead"])
    if abs(ahead) > MOST_SKEW + 1:
        yield bad(f"el reloj de esta máquina difiere {ahead:+.0f} s del de la autoridad", "revisa su NTP")
    else:
        yield good("el reloj de esta máquina es el de la autoridad")


def antivirus(settings: Settings) -> Iterator[Finding]:
    tried = probing.try_antivirus(settings)
    if tried.went_well:
        yield good(f"{settings.clamav} revisó una prueba")
    elif not settings.clamav:
        yield worth("no hay antivirus", "pon MESA_CLAMAV: lo que la gente presenta entra sin que nadie lo revise")
    else:
        yield bad(f"{settings.clamav} no responde", "pon en marcha clamd y revisa MESA_CLAMAV")
