"""Every page that can be reached by links, by each role: none is broken; every page there is was seen, in Spanish."""

import pytest

from tests.nets.crawler import OF_A_KIND
from tests.nets.english import english_in, is_english
from tests.nets.questions import TYPED, questions
from tests.nets.town import LANDS

NO_PAGE = {
    "filing.go_on", "filing.resume", "account.go_to_provider", "account.go_to_link",  # lead on
    "dashboard.choose_day",  # to the day
    "links.fetch_document", "dashboard.stream",  # machines
}  # fmt: skip
MACHINES = {"rest", "soap", "national", "national_twin", "health", "metrics"}
"""Doors whose every route answers machines alone."""
MAIN = {
    "": {"citizen.home", "filing.choose", "filing.show_institution", "guide.list_institutions", "guide.show_help",
         "guide.show_institution", "guide.list_counters", "citizen.find_filing", "auth.show_sign_in"},
    "clerk": {"counter.home", "counter.new_filing", "counter.show_constancia", "desk.search", "desk.list_observed",
              "custody.list_kept", "custody.show_slip", "registers.show_register", "desk.give_slip"},
    "officer": {"inbox.list_filings"},
}  # fmt: skip


@pytest.mark.parametrize("who", LANDS)
def test_no_link_is_broken(walks, who):
    assert len(walks[who].pages) > 10
    assert walks[who].broken == []


def test_the_crawl_reaches_the_main_pages(walks):
    for who, kinds in MAIN.items():
        assert kinds - set(walks[who].kinds) == set()
    assert max(walks[""].kinds.values()) == OF_A_KIND


def test_no_address_asks_the_database_what_it_cannot_be_asked(town, walks, visitors):
    asked, wrong = questions(town.app, walks), []
    assert {"trail.search", "dashboard.show", "tray.list_filings", "sector.board"} <= set(asked)
    for who, path, names in asked.values():
        for name in sorted(names):
            answer = visitors[who].get(path, query_string={name: "a\0b"})
            if answer.status_code != 400 or "No entendimos" not in answer.text:
                wrong.append((path, name, answer.status_code))
        with visitors[who].get(path, query_string=dict.fromkeys({*names, *TYPED}, "9" * 20)) as answer:
            if answer.status_code >= 500:
                wrong.append((path, "a number", answer.status_code))
    assert wrong == []


def test_no_page_says_what_the_kit_says_in_english(gallery):
    found = {one.name: english_in(one.source) for one in gallery.pictures}
    assert {name: said for name, said in found.items() if said} == {}


def test_every_page_that_there_is_was_seen(town, gallery):
    given = {rule.endpoint for rule in town.app.url_map.iter_rules() if "GET" in rule.methods}
    given = {one for one in given if one.split(".")[0] not in MACHINES}
    assert given - gallery.endpoints - gallery.files <= NO_PAGE
    wrong = {one.endpoint for one in gallery.pictures if one.status == 422}
    assert len(wrong) > 30, "pages with what is wrong on them"


@pytest.mark.parametrize("said", ["Back", "Skip to main content", " Menu ", "There is a problem", "Error: You have 3"])
def test_english_would_be_noticed(said):
    assert is_english(said)


@pytest.mark.parametrize("said", ["Menú", "Error:", "Volver", "Error", "Anterior"])
def test_spanish_is_not_taken_for_english(said):
    assert not is_english(said)
