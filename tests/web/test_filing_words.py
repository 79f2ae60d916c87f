"""What the online form says: sizes as trays show them, limits, hours, the day it counts from, the end of the day."""

from datetime import date, datetime, time, timedelta, timezone
from types import SimpleNamespace

import pytest
from flask import render_template

from hub.core.bodies import CounterRecord, Limits, OpeningHours
from hub.core.destinations import meaning_now
from hub.core.errors import Problem
from hub.models import Draft
from hub.web.filing import forms, words

MB = 1024**2


def said(house, speak):
    with house.app.test_request_context("/"):
        return speak()


def test_sizes_are_shown_as_in_a_tray_of_documents(house):
    assert [words.weight(n) for n in (12, 562_470, 3_100_000)] == ["12 bytes", "562.47 kB", "3.10 MB"]
    assert said(house, lambda: words.extent(562_470, 7)) == "562.47 kB, 7 páginas"
    assert said(house, lambda: words.extent(562_470, 1)) == "562.47 kB, 1 página"
    assert said(house, lambda: words.extent(540_000, None)) == "540.00 kB"


LIMITS = [
    (Limits(), ["Documento principal: un PDF", "Anexos: en cualquier formato", "En total: hasta 2 GB"]),
    (
        Limits(10 * MB, 500 * MB, 600 * MB, 20, (), ("application/pdf", "image/jpeg", "image/png")),
        ["Documento principal: un PDF de hasta 10 MB", "Anexos: PDF, JPG o PNG, de hasta 500 MB cada uno",
         "En total: hasta 600 MB", "Cantidad: hasta 20 archivos"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("limits", "lines"), LIMITS)
def test_limits_are_a_sentence_each(house, limits, lines):
    assert list(said(house, lambda: words.limit_lines(limits, 2048 * MB))) == lines


def test_a_limit_that_was_passed_is_said_in_megabytes(house):
    problem = Problem("main_document", "FILE_TOO_LARGE", {"name": "plano.pdf", "limit": 10 * MB})
    assert "«plano.pdf» pesa más de 10 MB" in said(house, lambda: words.say(problem))


@pytest.mark.parametrize(
    ("days", "text"), [((0, 1, 2, 3, 4), "lunes a viernes"), ((0, 2), "lunes, miércoles"), ((5,), "sábado")]
)
def test_hours_are_read_as_on_a_door(house, days, text):
    hours = tuple(OpeningHours(day, time(8, 30), time(16, 15)) for day in days)
    counter = CounterRecord("central", "Sede", "Lima", "150101", hours=hours)
    assert said(house, lambda: words.hours(counter)) == f"{text}, de 08:30 a 16:15"
    assert said(house, lambda: words.hours(CounterRecord("x", "Sede", "Lima", "150101"))) == ""


def lima(day, hour, minute):
    return datetime(2026, 11, day, hour, minute, tzinfo=timezone(timedelta(hours=-5)))


def review_at(house, at):
    """The page of the review as it is at one instant."""
    body = house.directory.entity("igp")
    sending = meaning_now(house.directory, body, at)
    draft = Draft(values={}, proved_email="", expires_at=at)

    def page():
        return render_template(
            "filing/review.html", form=forms.review(), body=body, place="", values=draft.values, files=(),
            extent=words.extent, sending=sending, said=words.meaning(sending, body), waiting=(),
            say_problem=words.say, procedure=None, unticked=(), draft=draft, may_authorise=False, doubts=(),
        )  # fmt: skip

    return said(house, page)


def test_on_a_business_day_it_counts_today_at_any_hour(house):
    for hour in (0, 16, 22):
        page = review_at(house, lima(20, hour, 59))
        assert "Si lo envías ahora se considera presentado hoy, viernes 20 de noviembre." in page
        assert "se cuenta desde el lunes 23 de noviembre" in page
        assert "medianoche" not in page


@pytest.mark.parametrize(("minute", "text"), [(30, "Faltan 30 minutos"), (59, "Falta 1 minuto")])
def test_near_midnight_it_warns(house, minute, text):
    assert f"{text} para la medianoche" in review_at(house, lima(20, 23, minute))


def test_on_a_saturday_it_says_from_which_day_it_counts_and_warns_of_no_midnight(house):
    page = review_at(house, lima(21, 23, 50))
    assert "se considera presentado el lunes 23 de noviembre" in page
    assert "medianoche" not in page


def test_a_policy_that_counts_the_day_of_sending_says_so(house):
    sending = SimpleNamespace(is_same_day=True, considered_on=date(2026, 11, 21), clock_start=date(2026, 11, 23))
    presented, term = said(house, lambda: words.meaning(sending, SimpleNamespace(acronym="IGP")))
    assert presented.endswith("se considera presentado hoy, sábado 21 de noviembre.")
    assert "desde el lunes 23" in term
