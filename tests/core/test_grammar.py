"""Articles before names, and a person's name as one is greeted."""

import pytest

from hub.core.grammar import begun, greeted, of, the, to


@pytest.mark.parametrize(
    ("name", "named", "ofs", "tos"),
    [
        ("Instituto Geofísico del Perú", "el Instituto Geofísico del Perú", "del Instituto Geofísico del Perú",
         "al Instituto Geofísico del Perú"),
        ("Ministerio del Ambiente", "el Ministerio del Ambiente", "del Ministerio del Ambiente",
         "al Ministerio del Ambiente"),
        ("Mesa de Partes de SERNANP", "la Mesa de Partes de SERNANP", "de la Mesa de Partes de SERNANP",
         "a la Mesa de Partes de SERNANP"),
        ("OEFA", "OEFA", "de OEFA", "a OEFA"),
        ("Sierra Azul", "Sierra Azul", "de Sierra Azul", "a Sierra Azul"),
    ],
)  # fmt: skip
def test_a_name_takes_the_article_of_its_first_word_and_an_acronym_none(name, named, ofs, tos):
    assert (the(name), of(name), to(name)) == (named, ofs, tos)


def test_a_sentence_begins_with_a_capital_letter_and_the_rest_stays():
    assert begun(the("Servicio Nacional")) == "El Servicio Nacional"
    assert (begun("OEFA"), begun("")) == ("OEFA", "")


@pytest.mark.parametrize(
    ("names", "said"),
    [("Quispe Ñahui, Ana", "Ana Quispe Ñahui"), ("Ana Quispe", "Ana Quispe"), ("Quispe,", "Quispe,"), ("", ""),
     ("a, b, c", "a, b, c")],
)  # fmt: skip
def test_who_is_named_family_first_is_greeted_given_name_first(names, said):
    assert greeted(names) == said
