"""The clerk's desk on screen: custody, photographs, the slip, search, what is observed, and the guide for all."""

import re
from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from tests.fixtures.house import CLERK, IGP_CLERK, OFFICER
from tests.web.reading import beside, text_of

THINGS = {"originals": "Título de propiedad, 4 folios\r\nPlano", "media": "Una memoria USB"}


def a_photo(colour="white"):
    out = BytesIO()
    Image.new("RGB", (600, 800), colour).save(out, "JPEG")
    return out.getvalue()


def test_what_stays_is_on_the_constancia_on_the_slip_and_in_the_list(house, clerk):
    number = clerk.filed(**THINGS)
    said = text_of(clerk.get(f"/mesa-de-partes/constancias/{number}").text)
    assert "Título de propiedad, 4 folios Original en papel. En custodia." in said
    listed = text_of(clerk.get("/mesa-de-partes/custodia").text)
    assert number in listed and "Una memoria USB" in listed
    slip = clerk.get(f"/mesa-de-partes/constancias/{number}/tira.pdf")
    assert slip.mimetype == "application/pdf"
    with pikepdf.open(BytesIO(slip.data)) as pdf:
        assert float(pdf.pages[0].mediabox[2]) < 230


def test_it_leaves_with_a_slip_that_the_other_counter_receives(house, clerk):
    number = clerk.filed(**THINGS)
    answer = clerk.post(f"/mesa-de-partes/custodia/{number}/remitir", {})
    assert answer.status_code == 303
    paper = clerk.get(f"{answer.location}.pdf")
    assert paper.data.startswith(b"%PDF")
    igp = house.signed_in(IGP_CLERK)
    assert number in igp.get("/mesa-de-partes/custodia").text
    assert "Anotar que llegó completo" in igp.get(answer.location).text
    assert igp.post(f"{answer.location}/recibir", {}).status_code == 303
    assert "Lo tiene la institución de destino" in clerk.get(f"/mesa-de-partes/constancias/{number}").text
    assert house.signed_in("recepcion@minam.example").get(answer.location).status_code == 404


def test_it_is_given_back(clerk):
    number = clerk.filed(**THINGS)
    page = clerk.post(f"/mesa-de-partes/custodia/{number}/devolver", {}, follow_redirects=True).text
    assert "se devolvió" in text_of(page)
    assert "Devuelto a quien lo trajo" in clerk.get(f"/mesa-de-partes/constancias/{number}").text


def test_the_same_form_twice_keeps_its_things_once(house, clerk):
    token = "7f0d6a52-6d1c-4b0a-9f5e-2f3f4a1b9c10"
    number = clerk.filed(form_token=token, **THINGS)
    assert clerk.filed(form_token=token, **THINGS) == number
    page = clerk.get(f"/mesa-de-partes/constancias/{number}").text
    assert page.count("Una memoria USB") == 1


def test_too_much_to_write_is_said_beside_its_field(clerk):
    assert "300 caracteres" in beside(clerk.file(originals="x" * 301).text, "originals")


def test_leaves_that_were_photographed_are_the_main_document(house, clerk):
    pictures = [(BytesIO(a_photo(colour)), f"hoja-{colour}.jpg") for colour in ("white", "gray", "black")]
    objects = house.stored()
    number = clerk.filed(main=None, photographs=pictures, folios="3")
    _, (document,), _ = house.filing(number)
    assert (document.role, document.pages, document.media_type) == ("principal", 3, "application/pdf")
    assert len(house.stored() - objects) == 1  # the pictures are dropped


def test_photographs_beside_a_pdf_are_an_annex(house, clerk):
    number = clerk.filed(photographs=[(BytesIO(a_photo()), "hoja.jpg")])
    assert [one.role for one in house.filing(number)[1]] == ["principal", "anexo"]


def test_a_photograph_that_is_none_is_said_beside_its_field(clerk):
    answer = clerk.file(main=None, photographs=[(BytesIO(b"no soy una foto"), "hoja.jpg")])
    assert answer.status_code == 422
    assert "«hoja.jpg» no se puede abrir" in beside(answer.text, "photographs")


@pytest.mark.parametrize(("folios", "is_said"), [("2", False), ("9", True), ("1", False)])
def test_folios_that_are_not_the_pages_are_said_and_stop_nothing(clerk, folios, is_said):
    number = clerk.filed(folios=folios)
    said = text_of(clerk.get(f"/mesa-de-partes/constancias/{number}").text)
    assert ("páginas de los PDF: 2" in said) is is_said


def test_search_finds_what_a_seat_took_or_is_for_its_body(house, clerk):
    number = clerk.filed(names="Huarcaya Túpac, Wari", document_number_of_person="40302010")
    for typed in ("huarcaya", "Tupac wari", "40302010", number):
        assert number in clerk.get("/mesa-de-partes/buscar", query_string={"q": typed}).text
    igp = house.signed_in(IGP_CLERK)
    page = igp.get("/mesa-de-partes/buscar?q=huarcaya").text
    assert f"/seguimiento/{house.filing(number)[0].verification_code}" in page
    minam = house.signed_in("recepcion@minam.example")
    for typed in ("huarcaya", number):
        assert "No encontramos" in minam.get(f"/mesa-de-partes/buscar?q={typed}").text
    assert "40302010" not in page  # masked


def test_the_observed_are_listed_with_their_deadline(house, clerk):
    clerk.file(accion="observar", observed_items="Falta la firma del gerente")
    said = text_of(clerk.get("/mesa-de-partes/observados").text)
    assert "Falta la firma del gerente" in said
    assert re.search(r"\d\d/\d\d/\d{4}|\d+ de \w+|\d\d \w+", said)
    assert "gerente" not in house.signed_in(IGP_CLERK).get("/mesa-de-partes/observados").text


@pytest.mark.parametrize("path", ["/instituciones", "/instituciones/igp", "/mesas-de-partes", "/ayuda"])
def test_the_guide_is_open_to_all_and_says_no_blanks(house, path):
    answer = house.visitor().get(path)
    assert answer.status_code == 200
    assert "por completar" not in answer.text
    assert "noindex" not in answer.text


def test_an_institutions_page_has_gob_pes_headings_and_leads_to_its_form(house):
    page = house.visitor().get("/instituciones/igp").text
    for words in ("Acceder a mesa de partes", "Antes de iniciar, debes saber", "Hazlo de forma digital"):
        assert words in page
    assert 'href="/presentar/igp"' in page
    assert house.visitor().get("/instituciones/atlantida").status_code == 404


def test_an_officer_has_no_desk(house):
    for path in ("/mesa-de-partes/buscar", "/mesa-de-partes/custodia", "/mesa-de-partes/observados"):
        assert house.signed_in(OFFICER).get(path).status_code == 403
    assert house.signed_in(CLERK).get("/mesa-de-partes/buscar").status_code == 200
