"""Numbers are checked when made."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.pe import ruc as stdnum_ruc

from hub.core.errors import InvalidIdentifier
from hub.core.identifiers import (
    CROCKFORD,
    Cuo,
    FilingNumber,
    Ruc,
    check_person_document,
    entry_number,
    is_tracking_key,
    mask,
    tracking_key,
    verification_code,
)


def test_a_filing_number_reads_as_it_is_written():
    assert FilingNumber.of(2026, 1234) == "2026-0001234-6"
    assert FilingNumber(" 202600012346 ") == "2026-0001234-6"


@given(st.integers(1, 9_999_999), st.integers(0, 10), st.integers(1, 9))
def test_one_wrong_digit_of_a_filing_number_is_found(sequence, place, shift):
    digits = FilingNumber.of(2026, sequence).replace("-", "")
    wrong = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]
    with pytest.raises(InvalidIdentifier):
        FilingNumber(wrong)


@pytest.mark.parametrize("ruc", ["20492966658", "20131367008", "20556097055", "10101174102"])
def test_a_ruc_that_exists_is_taken(ruc):
    assert Ruc(ruc) == ruc


@pytest.mark.parametrize(
    ("ruc", "code"),
    [
        ("20492966659", "RUC_CHECK_DIGIT"),
        ("2049296665", "RUC_LENGTH"),
        ("30492966658", "RUC_PREFIX"),
        ("", "RUC_LENGTH"),
        ("２0492966658", "RUC_LENGTH"),
    ],
)
def test_a_ruc_that_cannot_exist_is_refused_and_says_why(ruc, code):
    with pytest.raises(InvalidIdentifier) as caught:
        Ruc(ruc)
    assert caught.value.code == code


@given(st.sampled_from(["10", "15", "17", "20"]), st.from_regex(r"[0-9]{9}", fullmatch=True))
def test_our_ruc_agrees_with_another_implementation(prefix, rest):
    number = prefix + rest
    try:
        ours = bool(Ruc(number))
    except InvalidIdentifier:
        ours = False
    assert ours == stdnum_ruc.is_valid(number)


def test_the_prefix_16_is_taken_too():
    number = "1600000000"
    assert sum(1 for digit in range(10) if _is_ruc(f"{number}{digit}")) == 1


def _is_ruc(text):
    try:
        return bool(Ruc(text))
    except InvalidIdentifier:
        return False


@pytest.mark.parametrize(
    ("kind", "number", "code"),
    [
        ("dni", "1011741", "DNI_LENGTH"),
        ("dni", "1011741A", "DNI_LENGTH"),
        ("ce", "12345678", "CE_LENGTH"),
        ("passport", "A1", "PASSPORT_FORM"),
        ("ptp", "1234", "PTP_FORM"),
        ("licence", "1234", "DOCUMENT_KIND_UNKNOWN"),
    ],
)
def test_an_impossible_document_is_refused_and_says_why(kind, number, code):
    with pytest.raises(InvalidIdentifier) as caught:
        check_person_document(kind, number)
    assert caught.value.code == code


def test_leading_zeros_of_a_dni_stay():
    assert check_person_document("dni", "00062929") == "00062929"
    assert check_person_document("passport", " ad1234569 ") == "AD1234569"


def test_a_tracking_key_opens_its_filing_only():
    key = tracking_key(b"secret", "2026-0001234-6", 1)
    assert len(key) == 8
    assert set(key) <= set(CROCKFORD)
    assert is_tracking_key(key.lower(), b"secret", "2026-0001234-6", 1)
    assert is_tracking_key(f"{key[:4]}-{key[4:]}", b"secret", "2026-0001234-6", 1)
    assert not is_tracking_key(key, b"secret", "2026-0001235-4", 1)
    assert not is_tracking_key(key, b"secret", "2026-0001234-6", 2)
    assert not is_tracking_key("ñandú", b"secret", "2026-0001234-6", 1)


def test_other_numbers_have_their_forms():
    assert verification_code(bytes(range(10))).count("-") == 3
    assert entry_number(123, 2026) == "00123-2026"
    assert mask("10117410") == "*****410"
    assert Cuo(12345) == "0000012345"
    with pytest.raises(InvalidIdentifier):
        Cuo("999999999A")
