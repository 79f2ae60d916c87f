"""Instants are said in the official time of Peru."""

from datetime import date, datetime, timedelta, timezone

import pytest

from hub.web.dates import ago, day, instant, span, time_tag

AT = datetime(2026, 11, 21, 2, 20, 5, tzinfo=timezone.utc)


def test_an_instant_is_said_in_official_time_with_its_weekday():
    assert instant(AT) == "viernes 20 de noviembre de 2026, 21:20:05 (hora oficial del Perú, UTC-5)"
    assert time_tag(AT) == "2026-11-20T21:20:05-05:00"


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        instant(datetime(2026, 11, 20))


def test_a_day_is_said_in_words():
    assert day(date(2027, 1, 7)) == "jueves 7 de enero de 2027"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "hace un momento"), (59, "hace un momento"), (60, "hace 1 minuto"), (3599, "hace 59 minutos"),
     (7200, "hace 2 horas"), (86400 * 40, "hace 40 días"), (-30, "hace un momento")],
)  # fmt: skip
def test_freshness_is_said_by_its_largest_unit_rounded_down(seconds, said):
    assert ago(AT, AT + timedelta(seconds=seconds)) == said


def test_a_span_shorter_than_a_minute_is_in_seconds():
    assert span(timedelta(seconds=5)) == "5 segundos"
