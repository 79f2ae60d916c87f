"""Parcels for the contract tests: a signed Sobre whose documents wait at a hub over HTTP."""

import contextlib
import hashlib
import io
import itertools
import os
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

from hub.core.identifiers import FilingNumber
from hub.core.messages import Addressee, DocumentRef, DocumentRole, Filer, Header, Sobre
from hub.core.ports import Parcel, ParcelDocument, Partner
from hub.core.statuses import Mode
from hub.wire.seal import seal
from hub.wire.sobre import build
from tests.fixtures.sandbox import HUB_RUC, RUCS

_numbers = itertools.count(int.from_bytes(os.urandom(3), "big"))
FILER = Filer("dni", "10117410", "Rosa Ñahui Quispe", email="rosa@example.pe")
SMALL = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def partner(code, adapter, address):
    return Partner(code, RUCS[code], code.upper(), adapter, address)


def make_sobre(receiver_ruc, documents, **header):
    """A Sobre of a walk-in filing with a fresh CUO and filing number; `header` changes its header."""
    number = next(_numbers)
    now = datetime.now(UTC)
    head = Header(
        uuid4(), HUB_RUC, receiver_ruc, FilingNumber.of(now.year, number % 9_999_999 + 1), f"{number:010d}", now
    )
    return Sobre(
        replace(head, **header), FILER, Addressee(unit="Dirección Científica"), "solicitud", "",
        "Pide registros sísmicos", 3, now, date.today(), Mode.REMITTANCE, "sernanp/central", documents,
    )  # fmt: skip


def make_parcel(hub, signer, to, contents=(SMALL,), announce=None, **header):
    """A parcel for partner `to`, its documents kept at `hub`. `announce` changes each DocumentRef before signing."""
    refs, parts = [], []
    for index, content in enumerate(contents):
        sha256 = hashlib.sha256(content).hexdigest()
        role = DocumentRole.MAIN if index == 0 else DocumentRole.ANNEX
        ref = DocumentRef(
            role, f"Documento Ñ {index}.pdf", "application/pdf", len(content), sha256, None, hub.put(content)
        )
        refs.append(announce(ref) if announce else ref)
        parts.append(ParcelDocument(ref.file_name, ref.media_type, ref.size, sha256, opener(content)))
    sobre = make_sobre(to.ruc, tuple(refs), **header)
    return replace(sealed_parcel(sobre, signer, to, tuple(parts)), link=hub.put_page(refs[1:]))


def opener(content):
    return lambda: contextlib.closing(io.BytesIO(content))


def sealed_parcel(sobre, signer, to, documents=()):
    return Parcel(
        sobre.header.message_id, sobre.header.cuo, to, sobre, seal(build(sobre), signer), documents,
        sender_ruc=HUB_RUC, sender_name="MINAM", sender_unit="Mesa de Partes",
    )  # fmt: skip


def other_signature(parcel, signer):
    """The same message signed again: an ECDSA signature has other bytes, the content is the same."""
    return replace(parcel, sealed=seal(build(parcel.sobre), signer))
