"""xmlsec1 on our messages, openssl on our time-stamps, pdfsig on our papers: each from the bundle, and each forged."""

import base64
import shutil

import pytest

from hub.paper_orders import CARGO, CONSTANCIA
from tests.papers.press import AT, YEAR, a_cargo, a_constancia, sealer_in

BROKEN = b"<broken/>"


def messages(folder):
    return sorted((folder / "mensajes").rglob("*.xml"))


def test_xmlsec1_verifies_every_signed_message_of_the_bundle(opened, walked, program):
    found = messages(opened)
    assert len(found) >= 3
    for path in found:
        code, said = program("xmlsec1", "--verify", "--trusted-pem", walked.ca, path)
        assert code == 0, f"{path.name}: {said}"


def test_xmlsec1_refuses_a_message_in_which_a_letter_changed(opened, walked, program, tmp_path):
    original = messages(opened)[0].read_bytes()
    at = original.index(b"<", original.index(b"<", 60) + 1)
    forged = tmp_path / "forjado.xml"
    forged.write_bytes(original[:at] + BROKEN + original[at:])
    code, _ = program("xmlsec1", "--verify", "--trusted-pem", walked.ca, forged)
    assert code != 0


def payload(jws):
    part = jws.split(".")[1]
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def test_openssl_verifies_the_stamps_of_the_ledger(opened, walked, program, tmp_path):
    roots = (opened / "libro" / "raices.txt").read_text().split()
    stamps = sorted((opened / "libro" / "sellos").glob("*.tst"))
    assert stamps
    for stamp in stamps:
        statement = tmp_path / "raiz.json"
        said = []
        for root in roots:  # the batch that it stamps is one of these
            statement.write_bytes(payload(root))
            asked = ("-data", statement, "-in", stamp, "-token_in", "-CAfile", walked.tsa)
            said.append(program("openssl", "ts", "-verify", *asked))
        assert [code for code, _ in said].count(0) == 1, said


def test_openssl_refuses_a_stamp_of_other_bytes(opened, walked, program, tmp_path):
    other = tmp_path / "otra.json"
    other.write_bytes(b"otra raiz")
    stamp = next((opened / "libro" / "sellos").glob("*.tst"))
    code, _ = program("openssl", "ts", "-verify", "-data", other, "-in", stamp, "-token_in", "-CAfile", walked.tsa)
    assert code != 0


@pytest.fixture(scope="module")
def papers(tmp_path_factory, stamper):
    from hub.papers import cargo, constancia

    sealer, _ = sealer_in(tmp_path_factory.mktemp("keys"), stamper)
    folder = tmp_path_factory.mktemp("papeles")
    for kind, drawn in {
        CONSTANCIA: constancia.draw(a_constancia(300), YEAR, AT, sealer.place),
        CARGO: cargo.draw(a_cargo(), YEAR, AT, sealer.place),
    }.items():
        (folder / f"{kind}.pdf").write_bytes(sealer.seal(drawn).pdf)
    return folder


@pytest.mark.parametrize("kind", [CONSTANCIA, CARGO])
def test_pdfsig_finds_our_papers_sealed_and_whole(papers, program, kind):
    code, said = program("pdfsig", papers / f"{kind}.pdf")
    assert code == 0
    assert "Signature is Valid." in said and "Total document signed" in said
    assert "ETSI.CAdES.detached" in said and "20492966658" in said


def test_pdfsig_finds_the_changed_byte(papers, program, tmp_path):
    pdf = bytearray((papers / f"{CARGO}.pdf").read_bytes())
    pdf[pdf.index(b"/Lang") if b"/Lang" in pdf else 2_000] ^= 1
    forged = tmp_path / "forjado.pdf"
    forged.write_bytes(pdf)
    assert "Digest Mismatch" in program("pdfsig", forged)[1]


def test_poppler_reads_the_structure_and_the_title(papers, program):
    _, said = program("pdfinfo", "-struct-text", papers / f"{CARGO}.pdf")
    assert "Cargo de recepción" in said and "TH" in said and "Figure" in said
    assert "Syntax Error" not in said
    assert "Tagged:          yes" in program("pdfinfo", papers / f"{CARGO}.pdf")[1]


@pytest.mark.parametrize("kind", [CONSTANCIA, CARGO])
def test_verapdf_finds_pdf_a_2a(papers, program, kind):
    """No registry of packages that this project uses has it: where somebody has put it, it is asked."""
    if shutil.which("verapdf") is None:
        pytest.skip("veraPDF is not at hand: tests/papers/test_archive.py holds the clauses one by one")
    code, said = program("verapdf", "--flavour", "2a", "--format", "text", papers / f"{kind}.pdf")
    assert code == 0 and said.startswith("PASS"), said
