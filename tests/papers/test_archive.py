"""PDF/A-2a and tagging, clause by clause (ISO 19005-2, ISO 32000-1), on every paper, sealed and of many pages."""

import re
import zlib
from io import BytesIO
from xml.etree import ElementTree

import pikepdf
import pytest
from fontTools.ttLib import TTFont

from hub.papers import cargo, constancia, not_presented
from tests.papers.press import AT, YEAR, a_cargo, a_constancia, a_lapse, sealer_in
from tests.papers.reading import read

STANDARD = {"Document", "H1", "H2", "P", "L", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD", "Figure", "Link", "Form"}
PAPERS = {
    "constancia": lambda place: constancia.draw(a_constancia(), YEAR, AT, place),
    "constancia-300": lambda place: constancia.draw(a_constancia(300), YEAR, AT, place),
    "constancia-observada": lambda place: constancia.draw(a_constancia(observed=True), YEAR, AT, place),
    "cargo": lambda place: cargo.draw(a_cargo(3), YEAR, AT, place),
    "no-presentado": lambda place: not_presented.draw(a_lapse(), YEAR, AT, place),
}
XMP = {"rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
       "dc": "http://purl.org/dc/elements/1.1/", "xmp": "http://ns.adobe.com/xap/1.0/",
       "pdf": "http://ns.adobe.com/pdf/1.3/"}  # fmt: skip


@pytest.fixture(scope="module", params=PAPERS)
def paper(request, tmp_path_factory):
    sealer, _ = sealer_in(tmp_path_factory.mktemp("keys"))
    return sealer.seal(PAPERS[request.param](sealer.place)).pdf


@pytest.fixture(scope="module")
def pdf(paper):
    with pikepdf.open(BytesIO(paper)) as opened:
        yield opened


def xmp_of(pdf):
    return ElementTree.fromstring(bytes(pdf.Root.Metadata.read_raw_bytes()).decode().strip())


def elements(pdf):
    """Every element of the structure, from the top."""
    waiting = list(pdf.Root.StructTreeRoot.K)
    while waiting:
        one = waiting.pop(0)
        yield one
        waiting = [kid for kid in one.get("/K", []) if getattr(kid, "get", None) and "/S" in kid] + waiting


def fonts(pdf):
    return {font.objgen: font for page in pdf.pages for font in page.Resources.Font.values()}.values()


def test_6_1_2_the_header_is_followed_by_a_binary_comment(paper):
    assert re.match(rb"%PDF-1\.7\n%[\x80-\xff]{4}\n", paper)


def test_6_1_3_the_trailer_has_an_identifier_and_nothing_is_encrypted(pdf):
    assert [len(bytes(one)) for one in pdf.trailer.ID] == [16, 16]
    assert "/Encrypt" not in pdf.trailer
    assert not pdf.is_encrypted


def test_6_1_3_nothing_follows_the_last_eof(paper):
    assert paper.endswith(b"%%EOF\n") and paper.count(b"%%EOF") == 1


def test_6_1_7_streams_say_their_length_and_name_no_other_file(paper, pdf):
    for one in pdf.objects:
        if isinstance(one, pikepdf.Stream):
            assert not {"/F", "/FFilter", "/FDecodeParms"} & set(one.keys())
            assert "LZW" not in str(one.get("/Filter", ""))
    for length, data in re.findall(rb"/Length (\d+) >>\nstream\n(.*?)\nendstream", paper, re.DOTALL):
        assert int(length) == len(data)


def test_6_2_3_the_output_intent_is_srgb_with_its_profile(pdf):
    (intent,) = pdf.Root.OutputIntents
    profile = bytes(intent.DestOutputProfile.read_bytes())
    assert (str(intent.S), int(intent.DestOutputProfile.N)) == ("/GTS_PDFA1", 3)
    assert (profile[12:16], profile[16:20], profile[36:40]) == (b"mntr", b"RGB ", b"acsp")
    assert int.from_bytes(profile[:4], "big") == len(profile) and profile[8] <= 4


def test_6_2_4_only_device_rgb_is_used_and_no_transparency(pdf):
    for page in pdf.pages:
        names = {str(operator) for _, operator in pikepdf.parse_content_stream(page)}
        assert names <= {"BT", "ET", "Tf", "Td", "Tj", "rg", "RG", "w", "m", "l", "S", "re", "f", "BDC", "EMC"}
        assert "/Group" not in page and set(page.Resources.keys()) == {"/Font"}


def test_6_2_11_fonts_are_embedded_whole_with_widths_that_agree(pdf):
    for font in fonts(pdf):
        below = font.DescendantFonts[0]
        assert (str(font.Subtype), str(font.Encoding)) == ("/Type0", "/Identity-H")
        assert (str(below.Subtype), str(below.CIDToGIDMap)) == ("/CIDFontType2", "/Identity")
        assert str(below.BaseFont) == str(font.BaseFont) == str(below.FontDescriptor.FontName)
        program = TTFont(BytesIO(bytes(below.FontDescriptor.FontFile2.read_bytes())))
        scale = 1000 / program["head"].unitsPerEm
        advances = [program["hmtx"].metrics[name][0] * scale for name in program.getGlyphOrder()]
        (first, widths) = below.W
        assert int(first) == 0 and len(widths) == len(advances)
        assert all(abs(float(said) - real) < 1 for said, real in zip(widths, advances, strict=True))


def test_6_2_11_7_every_glyph_that_is_shown_has_its_letter_and_none_is_missing(paper):
    words = read(paper).words
    assert "Ñahui" in words
    assert "\ufffd" not in words and not re.search("[\ue000-\uf8ff]", words)


def test_6_3_annotations_are_shown_printed_and_do_nothing_forbidden(pdf):
    for page in pdf.pages:
        for one in page.get("/Annots", []):
            assert int(one.F) & 0b100011110 in (4, 4 | 0b10000), "print, and neither hidden nor invisible"
            assert str(one.Subtype) in ("/Widget", "/Link") and "/AA" not in one
            if str(one.Subtype) == "/Link":
                assert (str(one.A.S), bool(str(one.Contents))) == ("/URI", True)


def test_6_4_the_form_is_the_seal_alone_and_needs_no_appearance(pdf):
    (field,) = pdf.Root.AcroForm.Fields
    assert (str(field.FT), int(pdf.Root.AcroForm.SigFlags)) == ("/Sig", 3)
    assert "/NeedAppearances" not in pdf.Root.AcroForm and "/XFA" not in pdf.Root.AcroForm
    assert [float(one) for one in field.Rect] == [0, 0, 0, 0]


def test_6_4_3_the_seal_covers_the_whole_file(paper, pdf):
    start, before, after, rest = (int(one) for one in pdf.Root.AcroForm.Fields[0].V.ByteRange)
    assert (start, after + rest) == (0, len(paper))
    assert paper[before : before + 1] == b"<" and paper[after - 1 : after] == b">"


def test_6_5_nothing_acts_by_itself(pdf):
    assert not {"/OpenAction", "/AA", "/Names", "/Requirements"} & set(pdf.Root.keys())


def test_6_6_the_metadata_say_which_pdf_a_it_is_and_agree_with_the_info(pdf):
    assert "/Filter" not in pdf.Root.Metadata
    xmp, info = xmp_of(pdf), pdf.docinfo
    assert [xmp.findtext(f".//pdfaid:{name}", namespaces=XMP) for name in ("part", "conformance")] == ["2", "A"]
    assert xmp.findtext(".//dc:title/rdf:Alt/rdf:li", namespaces=XMP) == str(info.Title)
    assert xmp.findtext(".//pdf:Producer", namespaces=XMP) == str(info.Producer)
    assert xmp.findtext(".//xmp:CreatorTool", namespaces=XMP) == str(info.Creator)
    assert xmp.findtext(".//xmp:CreateDate", namespaces=XMP) == "2026-11-20T21:20:05Z"
    assert (str(info.CreationDate), str(info.ModDate)) == ("D:20261120212005Z", "D:20261120212005Z")


def test_6_7_2_it_is_tagged_and_shows_its_title(pdf):
    assert bool(pdf.Root.MarkInfo.Marked) and bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    assert "/Suspects" not in pdf.Root.MarkInfo


def test_6_7_3_the_structure_uses_standard_types_in_their_places(pdf):
    below = {"TR": {"TH", "TD"}, "Table": {"TR"}, "L": {"LI"}, "LI": {"Lbl", "LBody"}}
    kinds = [str(one.S)[1:] for one in elements(pdf)]
    assert set(kinds) <= STANDARD and "/RoleMap" not in pdf.Root.StructTreeRoot
    assert kinds[0] == "Document" and kinds.count("H1") == 1
    for one in elements(pdf):
        kids = {str(kid.S)[1:] for kid in one.get("/K", []) if getattr(kid, "get", None) and "/S" in kid}
        assert kids <= below.get(str(one.S)[1:], STANDARD)


def test_6_7_3_every_marked_content_stands_in_the_structure_once(paper, pdf):
    """Page by page, the parent tree gives for each mcid the element that holds it, of the tag that it bears."""
    parents = dict(zip(*[iter(pdf.Root.StructTreeRoot.ParentTree.Nums)] * 2, strict=True))
    for page, pieces in zip(pdf.pages, read(paper).pages, strict=True):
        held = parents[int(page.StructParents)]
        marked = [piece for piece in pieces if piece.mcid is not None]
        assert [piece.mcid for piece in marked] == list(range(len(held)))
        for piece, element in zip(marked, held, strict=True):
            assert piece.tag == str(element.S)
            assert piece.mcid in [int(kid) if isinstance(kid, int) else int(kid.get("/MCID", -1)) for kid in element.K]


def test_6_7_3_annotations_stand_in_the_structure_too(pdf):
    parents = dict(zip(*[iter(pdf.Root.StructTreeRoot.ParentTree.Nums)] * 2, strict=True))
    for page in pdf.pages:
        assert str(page.Tabs) == "/S"
        for one in page.get("/Annots", []):
            element = parents[int(one.StructParent)]
            assert str(element.S) == {"/Widget": "/Form", "/Link": "/Link"}[str(one.Subtype)]
            assert any(kid.get("/Obj") == one for kid in element.K if not isinstance(kid, int))


def test_6_7_3_tables_say_of_what_each_head_is(pdf):
    scopes = {str(one.A.Scope) for one in elements(pdf) if str(one.S) == "/TH"}
    assert scopes == {"/Column", "/Row"}


def test_6_7_4_the_language_is_spanish_of_peru(pdf):
    assert str(pdf.Root.Lang) == "es-PE"


def test_6_7_5_the_picture_says_what_it_is(pdf):
    (figure,) = [one for one in elements(pdf) if str(one.S) == "/Figure"]
    assert "https://mesa.example.pe/verificar/K7QM-4RD2-9XWB-3HTA" in str(figure.Alt)
    assert len(figure.A.BBox) == 4


def test_what_is_read_aloud_leaves_out_the_foot_and_repeated_heads(paper):
    artifacts = [piece for page in read(paper).pages for piece in page if piece.mcid is None]
    assert all("«Año de la Esperanza" not in p.words for page in read(paper).pages for p in page if p.mcid is not None)
    assert any("Página 1 de" in piece.words for piece in artifacts)


def test_a_paper_is_small_and_its_objects_are_packed(paper):
    assert paper.count(b" 0 obj") < 40
    assert len(zlib.compress(paper)) <= len(paper)
