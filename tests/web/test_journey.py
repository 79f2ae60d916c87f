"""The line is drawn up to where the filing is, and no further, through every place that had it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hub.core.statuses import Author, DeliveryStatus, FilingStatus
from hub.tracking import PastLeg
from hub.web.journey import places, stations
from hub.web.timeline import of_track
from hub.web.whereabouts import whereabouts
from tests.web.bare import PRESENTED, SERNANP, bare_app, line, track

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
    assert all(stations(track(status)) for status in FilingStatus)


def test_what_lapsed_is_not_drawn_any_further():
    drawn = stations(track(FilingStatus.LAPSED, line("queued", 1), line("sent", 2), line("lapsed", 80)))
    assert [one.name for one in drawn] == ["Presentado", "En camino", "Recibido", "No presentado"]
    assert drawn[-1].state == "attention"


def test_what_its_own_counter_observed_has_not_left_it():
    held = replace(track(FilingStatus.OBSERVED, line("observed", 0, Author.CLERK)), leg_status=None)
    counter, hub, there = places(held)
    assert [(one.name, one.state) for one in counter.stations] == [("Presentado", "done"), ("Observado", "attention")]
    assert (hub.state, there.state) == ("ahead", "ahead")


def sent_on(ended=DeliveryStatus.REROUTED):
    """Handed in for SERNANP, which had it an hour later and let go of it after three; now IGP has it."""
    hours = [PRESENTED + timedelta(hours=number) for number in range(4)]
    past = PastLeg(SERNANP, hours[0], hours[1], ended, hours[3])
    told = track(FilingStatus.DELIVERED, line("sent", 1), line("refused", 2), line("queued", 3), line("sent", 4))
    return replace(told, past=(past,))


def test_a_filing_that_was_sent_on_passes_both_institutions_with_their_dates():
    drawn = places(sent_on())
    assert [place.name for place in drawn] == ["SERNANP", "Mesa Integrada", "SERNANP", "Mesa Integrada", "IGP"]
    assert [one.name for one in drawn[2].stations] == ["Recibido", "Enviado a quien le toca"]
    assert drawn[2].stations[1].at == PRESENTED + timedelta(hours=3)
    assert [place.state for place in drawn] == ["done", "done", "done", "done", "current"]
    assert drawn[4].stations[0].at == PRESENTED + timedelta(hours=4)
    assert drawn[4].stations[1].at is None  # what the first one refused is no news of the second


def test_a_correction_goes_the_way_again():
    drawn = places(sent_on(DeliveryStatus.CORRECTED))
    assert drawn[2].stations[1].name == "Observado y corregido"
    assert drawn[3].stations[0].name == "Tu corrección, en camino"


def test_one_look_says_who_holds_it_since_when_and_who_said_so():
    with bare_app().test_request_context():
        now_at = whereabouts(sent_on())
    assert now_at.holder == "Instituto Geofísico del Perú"
    assert now_at.since == PRESENTED + timedelta(hours=4)
    assert (now_at.until, now_at.told_by) == (None, "Lo informó: Instituto Geofísico del Perú")


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
