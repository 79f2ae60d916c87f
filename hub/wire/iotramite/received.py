"""What an institution sends in: `recepcionarTramiteResponse` of either side, read with every habit seen on the wire."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from lxml import etree

from hub.wire.iotramite.dates import read_instant
from hub.wire.iotramite.envelope import inside, local_name, values_of
from hub.wire.iotramite.files import pdf_problem, read_pdf
from hub.wire.iotramite.texts import repair
from hub.wire.iotramite.validation import recepcion_problem

ANNEXES: Final = "lstanexos"
_FLAT_ANNEX: Final = re.compile(r"vnomdoc([2-9]|[1-9]\d+)|lstanexos-vnomdoc")
"""Annexes without their list: `vnomdoc2` over REST, `lstanexos-vnomdoc` from a stack that flattens."""


@dataclass(frozen=True)
class Recepcion:
    """A document that comes in, as it was read. `texts` by lower-case name, without PDF and annexes."""

    texts: Mapping[str, str]
    annexes: tuple[str, ...]
    pdf_text: str

    def text(self, name: str) -> str:
        """A field; empty where it is missing."""
        return self.texts.get(name, "")

    @property
    def document_date(self) -> datetime | None:
        return read_instant(self.text("dfecdoc"))

    @property
    def folios(self) -> int:
        return _count(self.text("snumfol"))

    @property
    def pdf(self) -> bytes:
        """The main document, taken out of one layer of base64 or two; empty where there is none."""
        return read_pdf(self.pdf_text) or b""

    def problem(self, now: datetime) -> str | None:
        """The first sentence of code 0003 that it deserves, or None."""
        values = dict(self.texts) | {
            "dfecdoc": self.document_date,
            "snumfol": self.folios,
            "snumanx": _count(self.text("snumanx")),
            "bpdfdoc": self.pdf_text,
            ANNEXES: [{"vnomdoc": name} for name in self.annexes],
        }
        return recepcion_problem(values, now=now) or pdf_problem(self.pdf_text)

    def content_digest(self, pdf_sha256: str) -> str:
        """What makes it this document: to whom, which number, what about, which PDF. Dates change from try to try."""
        said = "|".join(self.text(name) for name in ("vrucentrec", "ccodtipdoc", "vnumdoc", "vasu"))
        return sha256(f"{said}|{pdf_sha256}".encode()).hexdigest()


def read_recepcion(element: etree._Element) -> Recepcion:
    """Read the operation's element, with its wrapper, another wrapper or none."""
    texts = values_of(element)
    annexes = [_annex_name(child) for child in inside(element) if local_name(child).lower() == ANNEXES]
    return _recepcion(texts, [name for name in annexes if name is not None])


def recepcion_of(fields: Mapping[str, str], annexes: tuple[str, ...] = ()) -> Recepcion:
    """The same from fields that came as JSON."""
    return _recepcion({name.lower(): repair(text).strip() for name, text in fields.items()}, list(annexes))


def _recepcion(texts: dict[str, str], annexes: list[str]) -> Recepcion:
    flat = [texts[name] for name in sorted(texts, key=_place) if _FLAT_ANNEX.fullmatch(name) and texts[name]]
    kept = {name: text for name, text in texts.items() if name not in (ANNEXES, "bpdfdoc")}
    return Recepcion(kept, tuple(annexes or flat), texts.get("bpdfdoc", ""))


def _place(name: str) -> int:
    digits = re.sub(r"\D", "", name)
    return int(digits[:6] or 0)


def _annex_name(item: etree._Element) -> str | None:
    """The name in an item of the list, empty where it has none; None for an item that is not there (xsi:nil)."""
    children = [child for child in item if local_name(child)]
    if not children:
        return repair(str(item.xpath("string()")).strip()) or None
    named = (child for child in children if local_name(child).lower() == "vnomdoc")
    return next((repair(str(child.xpath("string()")).strip()) for child in named), "")


def _count(text: str) -> int:
    """A number of things; 0 for what is none."""
    return int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else 0


def without_pdf(element: etree._Element, pdf_sha256: str) -> bytes:
    """The whole message as it was read, but for the PDF, whose digest stands in its place."""
    for node in element.iter():
        if local_name(node).lower() == "bpdfdoc":
            node.text = f"sha256:{pdf_sha256}"
            del node[:]
    return bytes(etree.tostring(element.getroottree(), xml_declaration=True, encoding="UTF-8"))
