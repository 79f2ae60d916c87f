"""Every page that can be reached by links, by each role: none is broken, and none says what the kit says in English."""

import time

import pytest

from tests.nets.crawler import crawl
from tests.nets.english import english_in, is_english
from tests.nets.town import EVERYBODY, arrive, live_in

SECONDS = 60
MAIN = {
    "": {"citizen.home", "filing.choose", "filing.show_institution", "guide.list_institutions", "guide.show_help",
         "guide.show_institution", "guide.list_counters", "citizen.find_filing", "auth.show_sign_in"},
    "clerk": {"counter.home", "counter.new_filing", "counter.show_constancia", "desk.search", "desk.list_observed",
              "custody.list_kept", "custody.show_slip", "registers.show_register", "desk.give_slip"},
}  # fmt: skip


@pytest.fixture(scope="module")
def walks(house):
    """{who: Walk} of every role."""
    made = live_in(house)
    began, found = time.monotonic(), {}
    for email in EVERYBODY:
        found[email] = crawl(house.app, *arrive(house, email, made))
    assert time.monotonic() - began < SECONDS
    return found


@pytest.mark.parametrize("who", EVERYBODY)
def test_no_link_is_broken(walks, who):
    assert len(walks[who].pages) > 10
    assert walks[who].broken == []


@pytest.mark.parametrize("who", EVERYBODY)
def test_no_page_says_what_the_kit_says_in_english(walks, who):
    found = {path: english_in(source) for path, source in walks[who].pages.items()}
    assert {path: said for path, said in found.items() if said} == {}


def test_the_crawl_reaches_the_main_pages(walks):
    assert MAIN[""] - set(walks[""].kinds) == set()
    assert MAIN["clerk"] - set(walks["recepcion@sernanp.example"].kinds) == set()


@pytest.mark.parametrize("said", ["Back", "Skip to main content", " Menu ", "There is a problem", "Error: You have 3"])
def test_english_would_be_noticed(said):
    assert is_english(said)


@pytest.mark.parametrize("said", ["Menú", "Error:", "Volver", "Error", "Anterior"])
def test_spanish_is_not_taken_for_english(said):
    assert not is_english(said)
