"""The language of the citizen's pages. No Quechua is made up: a "translation" of these tests is Spanish in brackets."""

import re
from dataclasses import replace

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from hub.app import create_app
from hub.web.languages import FOLDER
from tests.fixtures.house import House
from tests.nets import words
from tests.web.citizen import DRAFT, Filer

PAGES = ("/", "/seguimiento", "/presentar", "/presentar/igp", "/ayuda", "/instituciones", "/mesas-de-partes",
         "/seguimiento/clave")  # fmt: skip
ASKING = ("para-que", "quien", "contacto", "documento", "archivos", "revisar")
SENTENCE = "Hacer seguimiento a un trámite"


def write(folder, messages):
    catalog = Catalog(locale="qu", fuzzy=False)
    for one in messages:
        given = tuple(f"[{part}]" for part in one) if isinstance(one, tuple) else f"[{one}]"
        catalog.add(one, given)
    file = folder / "qu" / "LC_MESSAGES" / "messages.po"
    file.parent.mkdir(parents=True)
    with file.open("wb") as out:
        write_po(out, catalog)
    return folder


@pytest.fixture
def speak(house, tmp_path):
    """speak(messages): a browser that chose Quechua, where these sentences are translated."""
    def chosen(*messages):
        house.app.config["TRANSLATIONS"] = write(tmp_path, messages)
        visitor = house.visitor()
        answer = visitor.get("/seguimiento?idioma=qu&x=1")
        assert (answer.status_code, answer.location) == (303, "/seguimiento?x=1")
        return visitor

    yield chosen
    house.app.config["TRANSLATIONS"] = FOLDER


def test_the_catalogue_holds_what_the_screens_say_now():
    """Where a sentence is new: `python -m tests.nets.words`."""
    assert {one.id for one in words.kept("qu") if one.id} == {one.id for one in words.said() if one.id}


def test_no_translation_was_made_up_before_a_person_gives_one(house):
    visitor = house.visitor()
    page = visitor.get("/seguimiento").text
    assert "idioma=qu" not in page
    visitor.get("/seguimiento?idioma=qu")
    assert "quechua" not in visitor.get("/seguimiento").text


def test_a_sentence_that_was_given_appears_in_its_language_and_the_rest_says_that_it_is_spanish(speak):
    visitor = speak(SENTENCE)
    page = visitor.get("/seguimiento").text
    assert f'<span lang="qu">[{SENTENCE}]</span>' in page
    assert '<html lang="es-PE"' in page
    assert "Una parte de esta página todavía no está en quechua" in page
    assert "Ayuda" in page
    assert not re.search("[\ufdd0\ufdd1]", page)


def test_it_is_chosen_in_the_foot_and_taken_back_there(house, speak):
    visitor = speak(SENTENCE)
    assert 'hreflang="qu" lang="qu"' in house.visitor().get("/seguimiento").text
    assert 'href="?x=1&amp;idioma=es"' in visitor.get("/seguimiento?x=1").text
    assert visitor.get("/seguimiento?idioma=es").location == "/seguimiento"
    assert "quechua" not in visitor.get("/seguimiento").text
    assert visitor.get("/seguimiento?idioma=xx").status_code == 200


def test_titles_and_attributes_hold_the_words_alone(speak):
    page = speak("Menú", "Ir al contenido principal", SENTENCE).get("/seguimiento").text
    title = re.search(r"<title[^>]*>(.*?)</title>", page, re.DOTALL)[1]
    assert "<span" not in title
    assert not re.search(r"<[^>]*=\"[^\"]*<span", page)


def test_the_doors_of_the_staff_and_what_is_no_page_stay_spanish(house, speak):
    visitor = speak("Ingresar", SENTENCE)
    assert "[" + SENTENCE not in visitor.get("/ingresar").text
    assert visitor.get("/salud").status_code == 200


def test_a_page_of_which_everything_is_translated_is_in_that_language(house, clerk, speak):
    track = f"/seguimiento/{house.filing(clerk.filed())[0].verification_code}"
    filer = Filer(house)
    filer.visitor = visitor = speak(*(one.id for one in words.said() if one.id))
    filer.begins("igp")
    for path in (*PAGES, track, DRAFT, *(f"{DRAFT}/{one}" for one in ASKING)):
        page = visitor.get(path).text
        assert '<html lang="qu"' in page, (path, "a sentence of this page is not in the catalogue")
        assert '<span lang="qu"' not in page
        assert f"[{SENTENCE}]" in page


def test_the_setting_offers_it_before_anything_is_translated(house):
    app = create_app(replace(house.services.settings, languages="qu"))
    visitor = House(app, house.engine, house.data).visitor()
    assert "Runasimi" in visitor.get("/seguimiento").text
    visitor.get("/seguimiento?idioma=qu")
    page = visitor.get("/seguimiento").text
    app.extensions["mesa"].live_directory.stop()
    assert "Esta página todavía no está en quechua" in page
    assert '<html lang="es-PE"' in page
