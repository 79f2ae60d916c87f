"""Who signed a PDF that comes in: name, organisation, RUC, when, intact or not, by which authority."""

import hashlib
import io
from datetime import datetime, timedelta, timezone

import pytest

from hub.core.errors import ContractError
from hub.wire.pdf import signatures_in
from hub.wire.pdf_signatures import named_in
from tests.bench.papers import pdf_of
from tests.papers.signers import AUTHORITY, signed, updated

PLAIN = pdf_of("Solicitud de prueba")


def test_a_pdf_without_signature_has_none():
    assert signatures_in(PLAIN) == ()


def test_a_file_that_is_no_pdf_has_none():
    assert signatures_in(b"PK\x03\x04 otra cosa") == ()


def test_an_official_is_read_by_name_and_ruc():
    (one,) = signatures_in(signed(PLAIN, ORGANIZATION_NAME="Instituto de Prueba"))
    assert (one.signer, one.organisation, one.ruc) == ("QUISPE NAHUI Ana", "Instituto de Prueba", "20131366028")
    assert one.authority == AUTHORITY
    assert one.is_intact and one.covers_all and not one.is_stamped
    assert abs(one.at - datetime.now(timezone.utc)) < timedelta(minutes=5)


def test_a_changed_byte_is_found_out():
    (one,) = signatures_in(signed(PLAIN).replace(b"Solicitud de prueba", b"Solicitud de Prueba"))
    assert not one.is_intact
    assert one.signer == "QUISPE NAHUI Ana"


def test_what_was_added_afterwards_is_told_apart_from_what_was_changed():
    (one,) = signatures_in(updated(signed(PLAIN)))
    assert one.is_intact and not one.covers_all


def test_two_signatures_are_two_and_the_second_covers_all():
    twice = signed(signed(PLAIN), "RAMOS SOTO Luis FAU 20131366028 soft", field="firma2")
    first, second = signatures_in(twice)
    assert (first.signer, second.signer) == ("QUISPE NAHUI Ana", "RAMOS SOTO Luis")
    assert first.is_intact and not first.covers_all
    assert second.is_intact and second.covers_all


def test_a_time_stamp_is_believed_over_what_the_signer_says(stamper):
    (one,) = signatures_in(signed(PLAIN, timestamper=stamper))
    assert one.is_stamped
    assert one.at.microsecond == 0


def test_a_stream_is_read_as_bytes_are():
    assert signatures_in(io.BytesIO(signed(PLAIN)))[0].ruc == "20131366028"


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ({"common_name": "SOTO Luis FAU 20131366028 soft"}, ("SOTO Luis", "", "20131366028")),
        ({"common_name": "SOTO Luis", "organization_identifier": "VATPE-20131366028"},
         ("SOTO Luis", "", "20131366028")),
        ({"common_name": "SOTO Luis", "organizational_unit_name": ["Legal", "20131366028"]},
         ("SOTO Luis", "", "20131366028")),
        ({"common_name": "SOTO Luis FAU 20131366029 hard"}, ("SOTO Luis", "", "")),
        ({"common_name": "Ana", "serial_number": "PNOPE-10117410"}, ("Ana", "", "")),
        ({"organization_name": "Empresa SAC"}, ("Empresa SAC", "Empresa SAC", "")),
    ],
)  # fmt: skip
def test_names_are_read_where_certificates_put_them(subject, said):
    assert named_in(subject) == said


@pytest.mark.parametrize("cut", [200, 900, 2000])
def test_a_signed_file_that_is_broken_says_so(cut):
    whole = signed(PLAIN)
    with pytest.raises(ContractError) as refused:
        signatures_in(whole[: len(PLAIN) - cut % 500] + b"/ByteRange" + whole[-cut:])
    assert refused.value.code == "PDF_UNREADABLE"


def test_a_signature_of_other_bytes_is_not_intact():
    """A seal cut out of one file and put into another."""
    one, other = signed(pdf_of("Uno de prueba")), signed(pdf_of("Dos de prueba"))
    at, end = (one.index(mark, one.index(b"/Contents <")) for mark in (b"<", b">"))
    graft = other[:at] + one[at:end] + other[end:]
    assert len(graft) == len(other) and hashlib.sha256(graft).digest() != hashlib.sha256(other).digest()
    assert not signatures_in(graft)[0].is_intact
