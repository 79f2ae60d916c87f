"""What we send to an entity: a parcel as the values of contract D's `recepcionarTramiteResponse`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from hub.core.calendar import LIMA
from hub.core.messages import DocumentRole
from hub.core.ports import CargoBack, Parcel, ParcelDocument
from hub.wire.iotramite.codes import CARTA, DOCUMENT_KINDS, OFICIO, SIGNER_KINDS, State
from hub.wire.iotramite.fields import ANNEX_NAME_LENGTH, LENGTHS, RECEPCION_D
from hub.wire.iotramite.files import encode_by_hand
from hub.wire.iotramite.texts import clean, fit, fit_file_name

INLINE_LIMIT: Final = 5 * 1024 * 1024
"""Most bytes of a main PDF that travels inside the message."""

CARGO_OFFICIAL_LENGTH: Final = 100
"""Of the receiving end of a cargo; other tables take 150."""
_NO_NUMBER: Final = "S/N"
_UNIT: Final = "MESA DE PARTES"
_JOB_TITLE: Final = "TITULAR DE LA ENTIDAD"


@dataclass(frozen=True)
class Inline:
    """The one PDF that travels inside: the main document, or a transfer sheet that stands for it (`stands_in`)."""

    file_name: str
    pdf: bytes
    stands_in: bool = False


def main_document(parcel: Parcel) -> ParcelDocument | None:
    """The parcel's main document, or None where it carries none."""
    digests = {document.sha256 for document in parcel.sobre.documents if document.role is DocumentRole.MAIN}
    return next((document for document in parcel.documents if document.sha256 in digests), None)


def subject_of(parcel: Parcel) -> str:
    """The whole subject: the true document type opens it, because the contract knows only Oficio and Carta.

    What an institution sent in by this contract goes on as it was written.
    """
    if parcel.document_date is not None:
        return clean(parcel.sobre.subject)
    kind = clean(parcel.sobre.document_type.replace("_", " "))
    return clean(f"{kind[:1].upper()}{kind[1:]}: {parcel.sobre.subject}" if kind else parcel.sobre.subject)


def needs_transfer_sheet(parcel: Parcel) -> bool:
    """True where the main document cannot travel inside, or a subject would lose its end.

    The sheet then goes inside, with the digests and the whole subject, and every document goes by link.
    """
    main = main_document(parcel)
    if main is None or main.media_type != "application/pdf" or not 0 < main.size <= INLINE_LIMIT:
        return True
    return len(subject_of(parcel)) > LENGTHS["vasu"]


def to_recepcion(parcel: Parcel, inline: Inline, *, is_institution: bool = False) -> dict[str, Any]:
    """The values of `recepcionRequest` in the order of contract D; what is empty and optional is left out.

    `is_institution`: the filer is a body of the State (type 01, else 02). `bpdfdoc` carries the layer of
    base64 made by hand; the SOAP stack adds the other. Nothing is longer than the contract's lengths.
    """
    sobre, options = parcel.sobre, parcel.partner.options
    addressee = sobre.addressee
    annexes = _annex_names(parcel, inline)
    kind, number = _signer(parcel)
    values: dict[str, Any] = {
        "vrucentrem": parcel.sender_ruc,
        "vrucentrec": parcel.partner.ruc,
        "vnomentemi": _fit("vnomentemi", parcel.sender_name),
        "vuniorgrem": _fit("vuniorgrem", parcel.sender_unit or _UNIT),
        "vcuo": parcel.cuo,
        "vcuoref": parcel.cuo_ref,
        "ccodtipdoc": type_code(parcel, is_institution=is_institution),
        "vnumdoc": _fit("vnumdoc", sobre.document_number or _NO_NUMBER),
        "dfecdoc": _date(parcel),
        "vuniorgdst": _fit("vuniorgdst", addressee.unit or options.get("addressee_unit") or _UNIT),
        "vnomdst": _fit("vnomdst", addressee.name or options.get("addressee_name") or parcel.partner.name),
        "vnomcardst": _fit("vnomcardst", addressee.job_title or options.get("addressee_job_title") or _JOB_TITLE),
        "vasu": _fit("vasu", subject_of(parcel)),
        "snumanx": len(annexes),
        "snumfol": sobre.folios,
        "vurldocanx": parcel.link if annexes else None,
        "bpdfdoc": encode_by_hand(inline.pdf),
        "vnomdoc": fit_file_name(inline.file_name, LENGTHS["vnomdoc"]) or "documento.pdf",
        "lstanexos": [{"siddocanx": 0, "siddocext": 0, "vnomdoc": name} for name in annexes],
        "ctipdociderem": kind,
        "vnumdociderem": number,
    }
    return {name: values[name] for name in RECEPCION_D if values[name] not in (None, "", [])}


def to_cargo(cargo: CargoBack) -> dict[str, Any]:
    """The values of `cargoResponse`, in the order of contract D; contract A takes two RUC besides."""
    values: dict[str, Any] = {
        "vcuo": cargo.cuo,
        "vcuoref": cargo.cuo_ref,
        "vnumregstd": _fit("vnumregstd", cargo.registry_number),
        "vanioregstd": cargo.registry_year[: LENGTHS["vanioregstd"]],
        "dfecregstd": cargo.registered_at.astimezone(LIMA).replace(microsecond=0),
        "vuniorgstd": _fit("vuniorgstd", cargo.unit or _UNIT),
        "vusuregstd": fit(cargo.official or _UNIT, CARGO_OFFICIAL_LENGTH),
        "bcarstd": encode_by_hand(cargo.pdf) if cargo.pdf else None,
        "vobs": _fit("vobs", cargo.remark) if cargo.state == State.OBSERVED else "",
        "cflgest": cargo.state,
    }
    return {name: value for name, value in values.items() if value not in (None, "")}


def type_code(parcel: Parcel, *, is_institution: bool) -> str:
    """01 Oficio for documents of institutions, but for a carta of theirs; 02 Carta for citizens'."""
    if not is_institution:
        return CARTA
    return next((code for code, kind in DOCUMENT_KINDS.items() if kind == parcel.sobre.document_type), OFICIO)


def _date(parcel: Parcel) -> datetime:
    """Local time of Peru: who drops the offset still has the right day."""
    return (parcel.document_date or parcel.sobre.presented_at).astimezone(LIMA).replace(microsecond=0)


def _fit(field: str, text: str) -> str:
    return fit(text, LENGTHS[field])


def _annex_names(parcel: Parcel, inline: Inline) -> list[str]:
    """The names of what goes by link, the main document too where a sheet stands for it."""
    main = None if inline.stands_in else main_document(parcel)
    names = [document.file_name for document in parcel.documents if document is not main]
    names += parcel.missing_annexes  # the page behind the link says of each that it is not there
    return [fit_file_name(name, ANNEX_NAME_LENGTH) or f"anexo {number}" for number, name in enumerate(names, 1)]


def _signer(parcel: Parcel) -> tuple[str, str]:
    """DNI or CE of the filer or its representative, else of the operator's official; empty where there is neither."""
    filer, options = parcel.sobre.filer, parcel.partner.options
    if filer.document_kind in SIGNER_KINDS:
        return SIGNER_KINDS[filer.document_kind], filer.document_number
    official = options.get("signer_document_kind", "")
    return SIGNER_KINDS.get(official, ""), options.get("signer_document_number", "").partition("-")[0]
