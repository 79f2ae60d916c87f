"""Where things lie in a bundle, and how large each may be. Names of files are Spanish: a citizen opens them."""

import re
import unicodedata
from typing import Final

MIMETYPE_FILE: Final = "mimetype"
README: Final = "LEEME.txt"
FILING: Final = "datos/tramite.json"
EVENTS: Final = "datos/eventos.json"
MESSAGES: Final = "datos/mensajes.json"
DIRECTORY: Final = "datos/directorio.json"
ROOTS: Final = "libro/raices.txt"
"""Signed roots, compact JWS, one a line."""
STAMPS: Final = "libro/sellos/"
"""<batch>.tst: the time-stamp over the statement of that batch."""
DOCUMENTS: Final = "documentos/"
PAPERS: Final = "papeles/"
SENT: Final = "mensajes/"
CA: Final = "certificados/ca.pem"
TSA: Final = "certificados/tsa.pem"
HUB_CERTIFICATES: Final = "certificados/hub/"
BODY_CERTIFICATES: Final = "certificados/instituciones/"

FORMAT: Final = 1
MAX_SMALL: Final = 16 * 1024 * 1024
"""Bytes of a file that is read whole: lists, messages, roots."""

MAX_STAMPS: Final = 500
MAX_MESSAGES: Final = 2_000
MAX_PAPERS: Final = 200
"""Each costs milliseconds to check, and a stranger may list as many as they like."""

_ODD: Final = re.compile(r"[^a-z0-9]+")


def file_name(prefix: str, number: int, original: str) -> str:
    """A plain name for a file: `documentos/01-solicitud.pdf`. The filer's own stands in datos/tramite.json."""
    folded = unicodedata.normalize("NFKD", original.lower()).encode("ascii", "ignore").decode()
    stem, dot, ending = folded.rpartition(".")
    stem, ending = (stem, ending) if dot and len(ending) <= 5 and ending.isalnum() else (folded, "")
    plain = _ODD.sub("-", stem).strip("-")[:60] or "documento"
    return f"{prefix}{number:02}-{plain}{'.' + ending if ending else ''}"


def stamp_file(batch: int) -> str:
    return f"{STAMPS}{batch:08}.tst"
