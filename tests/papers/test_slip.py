"""The 80 mm slip and the hoja de remisión: whole at every length, with a QR that a camera reads."""

import subprocess
from dataclasses import replace
from datetime import datetime, timezone
from io import BytesIO

import pikepdf
import pytest
import zxingcpp
from PIL import Image

from hub.core.errors import InvalidFiling
from hub.papers.photographs import pdf_of
from hub.papers.remittance import RemittanceFacts, draw_remittance
from hub.papers.slip import SlipFacts, draw_slip

AT = datetime(2026, 11, 20, 21, 20, 5, tzinfo=timezone.utc)
URL = "https://mesa.example/seguimiento/K7QM-4RD2-9XWB-3HTA"
FACTS = SlipFacts(
    "Sector Ambiente", "Mesa de Partes de SERNANP, sede Lima", "2026-0001234-6", "K7QM4RD2", AT,
    "Instituto Geofísico del Perú", "Pide los registros del sismo de Lomas", 3, 2, "00123-2026", URL,
    "K7QM-4RD2-9XWB-3HTA",
)  # fmt: skip
SLIP = RemittanceFacts(
    "00001-2026-SERNANP", "2026-0001234-6", "SERNANP", "IGP", AT, "Rosa Huamán", AT, "Pide los registros", "004512",
    (("original", "Título de propiedad, 4 folios"), ("soporte_fisico", "Una memoria USB")), URL,
)  # fmt: skip


def text_of(content, tmp_path):
    (tmp_path / "a.pdf").write_bytes(content)
    done = subprocess.run(["pdftotext", "-layout", tmp_path / "a.pdf", "-"], capture_output=True, text=True, check=True)
    return " ".join(done.stdout.split())


def test_the_slip_is_80_mm_wide_and_as_long_as_what_it_says(tmp_path):
    longer = replace(FACTS, observed=("Falta la firma",) * 3, things=("Un plano original",) * 4, subject="Pide " * 90)
    heights = []
    for facts in (FACTS, longer):
        with pikepdf.open(BytesIO(draw_slip(facts))) as pdf:
            assert len(pdf.pages) == 1
            box = [float(side) for side in pdf.pages[0].mediabox]
            assert abs(box[2] - 80 / 25.4 * 72) < 1
            heights.append(box[3])
    assert 250 < heights[0] < heights[1] < 1500


def test_the_slip_says_number_key_hour_and_what_stays(tmp_path):
    said = text_of(draw_slip(replace(FACTS, observed=("Falta la firma",), things=("Una memoria USB",))), tmp_path)
    for words in ("2026-0001234-6", "K7QM 4RD2", "16:20:05", "hora oficial", "Geofísico", "00123-2026", "1. Falta la",
                  "Una memoria USB", "3 folios, 2 archivos"):  # fmt: skip
        assert words in said


def test_the_same_slip_is_the_same_bytes():
    assert draw_slip(FACTS) == draw_slip(FACTS)


def test_a_camera_reads_the_qr_of_the_slip(tmp_path):
    (tmp_path / "a.pdf").write_bytes(draw_slip(FACTS))
    subprocess.run(["pdftoppm", "-png", "-r", "203", tmp_path / "a.pdf", tmp_path / "a"], check=True)
    [picture] = tmp_path.glob("a*.png")
    [code] = zxingcpp.read_barcodes(Image.open(picture).convert("L"))
    assert code.text == URL


def test_the_hoja_de_remision_lists_what_goes_and_has_room_to_sign(tmp_path):
    said = text_of(draw_remittance(SLIP, "Año de la Esperanza"), tmp_path)
    for words in ("Hoja de remisión N.º 00001-2026-SERNANP", "Título de propiedad", "Soporte físico", "004512",
                  "Recibe conforme", "Año de la Esperanza"):  # fmt: skip
        assert words in said
    many = replace(SLIP, things=tuple(("original", f"Plano {number}") for number in range(90)))
    with pikepdf.open(BytesIO(draw_remittance(many, "Año"))) as pdf:
        assert len(pdf.pages) > 1


def a_photo(size=(900, 1200), kind="JPEG", mode="RGB"):
    out = BytesIO()
    Image.new(mode, size, "white").save(out, kind)
    return out.getvalue()


def test_photographs_become_a_pdf_of_a_page_each():
    content = pdf_of([("uno.jpg", a_photo()), ("dos.png", a_photo((1200, 700), "PNG", "RGBA"))])
    with pikepdf.open(BytesIO(content)) as pdf:
        boxes = [[float(side) for side in page.mediabox] for page in pdf.pages]
    assert [box[3] > box[2] for box in boxes] == [True, False]


@pytest.mark.parametrize("content", [b"", b"hola", b"%PDF-1.7", b"GIF89a" + b"0" * 50, a_photo()[:200]])
def test_what_is_no_picture_is_said(content):
    with pytest.raises(InvalidFiling) as raised:
        pdf_of([("foto.jpg", content)])
    assert raised.value.problems[0].code == "PHOTOGRAPH_UNREADABLE"
