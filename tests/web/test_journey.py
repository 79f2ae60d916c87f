"""The line is drawn up to where the filing is, and no further."""

import pytest

from hub.core.statuses import Author, DeliveryStatus, FilingStatus
from hub.web.journey import stations
from hub.web.timeline import of_track
from tests.web.bare import PRESENTED, line, track

WAY = (line("sent", 1), line("registered", 2), line("movement", 3, movement="in_process"))


def _states(*args, **kwargs):
    return [station.state for station in stations(track(*args, **kwargs))]


@pytest.mark.parametrize(
    ("status", "states"),
    [
        (FilingStatus.ON_ITS_WAY, ["done", "current", "ahead", "ahead", "ahead", "ahead"]),
        (FilingStatus.DELIVERED, ["done", "done", "current", "ahead", "ahead", "ahead"]),
        (FilingStatus.REGISTERED, ["done", "done", "done", "done", "ahead", "ahead"]),
        (FilingStatus.IN_PROCESS, ["done", "done", "done", "done", "current", "ahead"]),
        (FilingStatus.ANSWERED, ["done", "done", "done", "done", "done", "done"]),
        (FilingStatus.OBSERVED, ["done", "done", "done", "attention", "ahead", "ahead"]),
    ],
)
def test_the_line_is_drawn_up_to_where_the_filing_is(status, states):
    assert _states(status, *WAY) == states


def test_a_filing_that_a_person_must_look_at_is_marked_on_its_way():
    assert _states(FilingStatus.ON_ITS_WAY, leg=DeliveryStatus.FAILED)[1] == "attention"


def test_a_station_not_reached_has_no_date():
    drawn = stations(track(FilingStatus.DELIVERED, *WAY))
    assert [station.at is not None for station in drawn] == [True, False, True, False, False, False]


def test_every_status_can_be_drawn():
    assert all(len(stations(track(status))) == 6 for status in FilingStatus)


def test_the_newest_line_comes_first_and_says_who_and_how_late():
    last, *_, first = of_track(track(FilingStatus.REGISTERED, line("registered", 2, late=42, registry_number="004512")))
    assert last.title == "IGP lo registró"
    assert last.said == "Lo informó: Instituto Geofísico del Perú"
    assert ("Número de registro", "004512") in last.details
    assert first.said == "Lo anotó la mesa de partes de SERNANP"
    assert first.happened_at == PRESENTED


def test_a_public_line_never_shows_what_people_wrote():
    told = line("movement", 2, movement="in_process", text="Llamar a María Condori al 987654321")
    again = line("sent_again", 3, Author.ADMIN, reason="Lo pidió María Condori")
    shown = repr(of_track(track(FilingStatus.IN_PROCESS, told, again)))
    assert "María" not in shown
