"""What the platform demands of a message, answered with its own sentences (code 0003)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from hub.core.calendar import local_date
from hub.wire.iotramite import sentences
from hub.wire.iotramite.codes import CARGO_STATES, DOCUMENT_TYPES, SIGNER_KINDS, State
from hub.wire.iotramite.dates import read_instant
from hub.wire.iotramite.fields import ANNEX_NAME_LENGTH, LENGTHS, SMALLINT
from hub.wire.iotramite.files import read_pdf

Values = Mapping[str, Any]


def recepcion_problem(values: Values, *, now: datetime) -> str | None:
    """The first sentence that a `recepcionar` deserves, or None. `values` as `to_recepcion` gives them."""
    return (
        _ruc_problem(values)
        or _missing(values, ("vnomentemi", "vuniorgrem", "vcuo", "ccodtipdoc", "vnumdoc", "dfecdoc"))
        or _missing(values, ("vuniorgdst", "vnomdst", "vnomcardst", "vasu", "snumfol", "bpdfdoc", "vnomdoc"))
        or _missing(values, ("ctipdociderem", "vnumdociderem"))
        or _too_long(values)
        or _cuo_problem(values)
        or _document_problem(values, now)
        or _signer_problem(values)
        or _annex_problem(values)
    )


def cargo_problem(values: Mapping[str, str]) -> str | None:
    """The first sentence that a `cargoResponse` deserves, or None. `values` are texts as they came.

    Only a registration needs number, date, unit, person and PDF: what is observed has often no registry number yet.
    """
    problem = _missing(values, ("vcuo", "cflgest")) or _cuo_problem(values) or _too_long(values)
    if problem:
        return problem
    if values["cflgest"] not in CARGO_STATES:
        return sentences.STATE_INVALID
    if values["cflgest"] == State.OBSERVED:
        return None
    problem = _missing(values, ("vnumregstd", "dfecregstd", "vuniorgstd", "vusuregstd", "bcarstd"))
    if problem:
        return problem
    if read_instant(values["dfecregstd"]) is None:
        return sentences.MISSING["dfecregstd"]
    return None if read_pdf(values["bcarstd"]) else sentences.CARGO_PDF_INVALID


def is_cuo(text: str) -> bool:
    """Ten digits, ASCII."""
    return len(text) == 10 and text.isascii() and text.isdigit()


def _missing(values: Values, names: Sequence[str]) -> str | None:
    return next((sentences.MISSING[name] for name in names if not values.get(name)), None)


def _too_long(values: Values) -> str | None:
    return next(
        (text for name, text in sentences.TOO_LONG.items() if len(values.get(name) or "") > LENGTHS[name]), None
    )


def _ruc_problem(values: Values) -> str | None:
    lengths = {"vrucentrem": sentences.SENDER_RUC_LENGTH, "vrucentrec": sentences.RECEIVER_RUC_LENGTH}
    for name, wrong_length in lengths.items():
        ruc = values.get(name) or ""
        if not ruc:
            return sentences.MISSING[name]
        if len(ruc) != LENGTHS[name] or not ruc.isdigit():
            return wrong_length
    return None


def _cuo_problem(values: Values) -> str | None:
    if not is_cuo(values["vcuo"]):
        return sentences.CUO_INVALID
    if values.get("vcuoref") and not is_cuo(values["vcuoref"]):
        return sentences.CUO_REF_INVALID
    return None


def _document_problem(values: Values, now: datetime) -> str | None:
    if values["ccodtipdoc"] not in DOCUMENT_TYPES:
        return sentences.DOCUMENT_TYPE_INVALID
    if local_date(values["dfecdoc"]) > local_date(now):
        return sentences.DOCUMENT_DATE_AHEAD
    return sentences.FOLIOS_TOO_MANY if values["snumfol"] > SMALLINT else None


def _signer_problem(values: Values) -> str | None:
    if values["ctipdociderem"] not in SIGNER_KINDS.values():
        return sentences.SIGNER_KIND_INVALID
    length, wrong_length = (8, sentences.DNI_LENGTH) if values["ctipdociderem"] == "1" else (9, sentences.CE_LENGTH)
    number = values["vnumdociderem"]
    return None if len(number) == length and number.isascii() and number.isdigit() else wrong_length


def _annex_problem(values: Values) -> str | None:
    names = [annex["vnomdoc"] for annex in values.get("lstanexos") or ()]
    if values["snumanx"] and not names:
        return sentences.ANNEX_LIST_MISSING
    if len(names) != values["snumanx"]:
        more_names = len(names) > values["snumanx"]
        return sentences.MORE_NAMES_THAN_ANNEXES if more_names else sentences.MORE_ANNEXES_THAN_NAMES
    if not all(names):
        return sentences.ANNEX_NAME_MISSING
    if any(len(name) > ANNEX_NAME_LENGTH for name in names):
        return sentences.ANNEX_NAME_TOO_LONG
    return sentences.ANNEX_URL_MISSING if names and not values.get("vurldocanx") else None
