"""The seal on our papers: PAdES B-B, B-T with an authority, and still a seal where the authority is down."""

from datetime import datetime, timedelta, timezone
from io import BytesIO

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from adapters.timestamp import HttpTimeStamper
from hub.core.errors import ContractError
from hub.papers.constancia import draw
from hub.wire.cades import certificate
from hub.wire.pdf import Sealer, signatures_in
from tests.papers.press import AT, YEAR, a_constancia, sealer_in
from tests.ports import free_port
from tests.wire.sector import rsa_signer


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    return sealer_in(tmp_path_factory.mktemp("keys"))


def paper(sealer):
    return draw(a_constancia(), YEAR, AT, sealer.place)


def validated(pdf, ca, *more):
    """What pyHanko's own validator says, trusting the hub's authority."""
    (embedded,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    roots = [certificate(one.read_bytes()) for one in (ca, *more)]
    context = ValidationContext(trust_roots=roots, allow_fetching=False, revocation_mode="soft-fail")
    return embedded, validate_pdf_signature(embedded, context, ts_validation_context=context)


def test_a_sealed_paper_is_intact_trusted_and_whole(house):
    sealer, ca = house
    sealed = sealer.seal(paper(sealer))
    _, status = validated(sealed.pdf, ca)
    assert status.bottom_line and status.intact and status.trusted
    assert (sealed.stamped_at, sealed.trouble) == (None, "")
    (seen,) = signatures_in(sealed.pdf)
    assert (seen.organisation, seen.ruc, seen.is_intact, seen.covers_all) == (
        "Ministerio del Ambiente", "20492966658", True, True,
    )  # fmt: skip


def test_the_seal_is_pades_baseline(house):
    """ETSI EN 319 142-1, 6.3: ETSI.CAdES.detached, signing-certificate-v2, no signing-time; the time stands in /M."""
    sealer, ca = house
    embedded, _ = validated(sealer.seal(paper(sealer)).pdf, ca)
    names = {one["type"].native for one in embedded.signer_info["signed_attrs"]}
    assert embedded.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert {"content_type", "message_digest", "signing_certificate_v2"} <= names
    assert "signing_time" not in names
    assert embedded.sig_object["/M"].startswith("D:20261120212005")


def test_an_authority_makes_it_pades_b_t(house, tsa, stamper, tmp_path):
    sealer, ca = sealer_in(tmp_path, stamper)
    sealed = sealer.seal(paper(sealer))
    embedded, status = validated(sealed.pdf, ca, tsa.certificate)
    assert status.bottom_line
    assert status.timestamp_validity.valid and status.timestamp_validity.trusted
    assert abs(sealed.stamped_at - datetime.now(timezone.utc)) < timedelta(minutes=5)
    unsigned = {one["type"].native for one in embedded.signer_info["unsigned_attrs"]}
    assert unsigned == {"signature_time_stamp_token"}


def test_an_authority_that_is_down_leaves_it_sealed_without_a_stamp(tsa, tmp_path):
    nobody = HttpTimeStamper(f"http://127.0.0.1:{free_port()}/", tsa.certificate, 1)
    sealer, ca = sealer_in(tmp_path, nobody)
    sealed = sealer.seal(paper(sealer))
    assert (sealed.stamped_at, sealed.trouble) == (None, "UNREACHABLE")
    assert validated(sealed.pdf, ca)[1].bottom_line


def test_a_stamp_that_does_not_fit_leaves_it_sealed_without_one(tsa, stamper, tmp_path):
    sealer, ca = sealer_in(tmp_path, stamper)
    sealed = sealer.seal(draw(a_constancia(), YEAR, AT, 2_048))
    assert (sealed.stamped_at, sealed.trouble) == (None, "STAMP_TOO_LARGE")
    assert validated(sealed.pdf, ca)[1].bottom_line


@pytest.mark.parametrize("place", [100, -2_000, -30])
def test_any_byte_changed_breaks_the_seal(house, place):
    sealer, _ = house
    pdf = bytearray(sealer.seal(paper(sealer)).pdf)
    pdf[place] ^= 1
    try:
        seen = signatures_in(bytes(pdf))
    except ContractError:
        return
    assert not seen or not all(one.is_intact and one.covers_all for one in seen)


def test_sealing_changes_no_byte_but_the_seals_own(house):
    sealer, _ = house
    before = paper(sealer)
    after = sealer.seal(before).pdf
    begin, end = before.index(b"/ByteRange"), before.index(b"/M (D:")
    assert len(before) == len(after)
    assert (before[:begin], before[end:]) == (after[:begin], after[end:])


def test_a_paper_without_an_open_place_cannot_be_sealed(house):
    sealer, _ = house
    with pytest.raises(ContractError) as refused:
        sealer.seal(draw(a_constancia(), YEAR, AT))
    assert refused.value.code == "PDF_WITHOUT_PLACE"
    with pytest.raises(ContractError) as again:
        sealer.seal(sealer.seal(paper(sealer)).pdf)
    assert again.value.code == "PDF_WITHOUT_PLACE"


def test_an_rsa_key_seals_too():
    sealer = Sealer(rsa_signer("20492966658", 2048))
    assert signatures_in(sealer.seal(paper(sealer)).pdf)[0].is_intact
