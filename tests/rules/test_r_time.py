"""R-TIME: when a filing counts as presented, by which clock, and what happens when the service is down."""

import socket
import time
from contextlib import nullcontext
from datetime import date, datetime, timedelta, timezone
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from hub import outages
from hub.cargos import apply
from hub.clock import now
from hub.core.calendar import Calendar, Policy, due_on, local_date
from hub.entities import check
from hub.models import Observation, Outage
from hub.observations import notify
from hub.papers.cargo import registration_facts
from hub.papers.facts import Cargo, Constancia
from hub.papers.outage import draw_outage, outage_lines
from hub.papers.receipt import presented_facts
from hub.watch import lapse_observations
from hub.web.dates import instant
from tests.core.test_calendar import ROWS, at
from tests.entities.conftest import DEMO
from tests.fixtures.house import a_pdf, typed
from tests.stages.legs import events_of, news
from tests.stages.sector import a_submission, at_counter, make_sector, take
from tests.web.reading import beside, text_of

POLICIES = {"A": {"policy": Policy.SENT, "remittance_policy": Policy.SENT}, "B": {}}
FRIDAY_NIGHT = at("2026-11-20", "20:00:00")


def filed(session, instant, policy="B", **values):
    """A filing at IGP's own counter for IGP, and its leg."""
    directory = make_sector(session, igp=POLICIES[policy])
    return take(session, directory, a_submission(**values), now=instant, reception=at_counter("igp"))


@pytest.mark.rule("R-TIME-1")
@pytest.mark.parametrize("clock", ["00:00:00", "16:20:00", "16:31:00", "23:59:59"])
@pytest.mark.parametrize("policy", POLICIES)
def test_on_a_business_day_it_counts_that_day_at_any_hour(session, clock, policy):
    filing, leg = filed(session, at("2026-11-20", clock), policy)
    assert filing.presented_at == at("2026-11-20", clock)
    assert (filing.considered_on, leg.clock_start) == (date(2026, 11, 20), date(2026, 11, 23))


@pytest.mark.rule("R-TIME-1")
def test_a_policy_with_a_closing_hour_cannot_be_configured():
    text = DEMO.read_text(encoding="utf-8").replace("    kind: ministry\n", "    kind: ministry\n    policy: C\n")
    refused = check(text, keys=None, environ={}, now=FRIDAY_NIGHT)
    assert "POLICY_C_ILLEGAL" in {fault.code for fault in refused.errors} and not refused.is_importable
    with pytest.raises(ValueError):
        Policy("C")


@pytest.mark.rule("R-TIME-2")
def test_on_a_saturday_each_policy_gives_its_own_day(session):
    midnight = at("2026-11-21", "00:00:00")
    b, leg_b = filed(session, midnight, "B")
    assert (b.considered_on, leg_b.clock_start, b.rule_applied) == (date(2026, 11, 23), date(2026, 11, 24), "B")


@pytest.mark.rule("R-TIME-2")
def test_on_a_saturday_policy_a_keeps_the_day_it_was_sent(session):
    a, leg_a = filed(session, at("2026-11-21", "00:00:00"), "A")
    assert (a.considered_on, leg_a.clock_start, a.rule_applied) == (date(2026, 11, 21), date(2026, 11, 23), "A")


@pytest.mark.rule("R-TIME-2", "R-TERM-6")
@pytest.mark.parametrize("row", ROWS, ids=[row[0][0] for row in ROWS])
def test_the_twelve_vectors_hold_through_the_intake_to_the_day(session, row):
    presented, b, a = row[0][0], row[1], row[2]
    calendar = Calendar()
    filing, leg = filed(session, at(presented), "B", procedure_code="general")
    dues = [due_on(filing.considered_on, days, calendar) for days in (2, 7, 10)]
    assert [filing.considered_on, leg.clock_start, *dues, leg.due_on] == [date.fromisoformat(day) for day in b]
    session.rollback()
    filing, leg = filed(session, at(presented), "A", procedure_code="general")
    assert filing.considered_on == date.fromisoformat(presented)
    second = due_on(filing.considered_on, 2, calendar)
    assert [leg.clock_start, second, leg.due_on] == [date.fromisoformat(day) for day in a]


@pytest.mark.rule("R-TIME-3")
def test_a_slow_submission_bears_the_instant_at_which_its_last_byte_was_here(house, house_url, clerk):
    """The first bytes are sent, then nothing for a while, then the rest: the filing is of the end."""
    head, body = slow_form(house_url, clerk)
    where = urlsplit(house_url)
    with socket.create_connection((where.hostname, where.port), timeout=30) as line:
        line.sendall(head + body[:-50])
        time.sleep(1.5)
        before_the_end = now()
        line.sendall(body[-50:])
        answer = line.recv(65536).decode()
    assert " 303 " in answer.splitlines()[0], answer
    number = answer.split("/mesa-de-partes/constancias/")[1].split("?")[0]
    assert house.filing(number)[0].presented_at >= before_the_end


def slow_form(house_url, clerk):
    """The head and the body of a whole submission, as a browser writes them."""
    fields = {**typed(), "csrf_token": clerk.csrf()}
    part = '--xyz\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n'
    body = b"".join((part.format(name, "") + f"{value}\r\n").encode() for name, value in fields.items())
    body += part.format("main_document", '; filename="a.pdf"').encode() + a_pdf() + b"\r\n--xyz--\r\n"
    cookies = "; ".join(f"{one.key}={one.value}" for one in clerk.client._cookies.values())
    head = (
        f"POST /mesa-de-partes/recepcion HTTP/1.1\r\nHost: {urlsplit(house_url).netloc}\r\nCookie: {cookies}\r\n"
        f"Content-Type: multipart/form-data; boundary=xyz\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode(), body


@pytest.mark.rule("R-TIME-4")
def test_a_cargo_of_monday_bears_its_own_hour_and_the_day_of_presentation(session):
    """Entered in the first hours of the next working day, with the date on which it was presented."""
    directory = make_sector(session)
    filing, leg = take(session, directory, now=FRIDAY_NIGHT)
    monday = at("2026-11-23", "08:31:07")
    registers(session, directory, leg, monday)
    assert (filing.presented_at, filing.considered_on) == (FRIDAY_NIGHT, date(2026, 11, 20))
    assert leg.registered_at == monday
    registered = dict(registration_facts(cargo_of(directory, filing, leg)))
    assert registered["Registrado"].startswith("lunes 23 de noviembre de 2026, 08:31:07")
    presented = dict(presented_facts(cargo_of(directory, filing, leg).presented, "Registrado"))
    assert presented["Presentado"].startswith("viernes 20 de noviembre de 2026, 20:00:00")


def cargo_of(directory, filing, leg):
    sernanp, igp = directory.entity("sernanp"), directory.entity("igp")
    presented = Constancia(
        filing=filing, leg=leg, documents=(), origin=sernanp, counter="Central", destination=igp,
        clerk="", entry_number="00001-2026", tracking_key="K7QM4RD2", track_url="http://mesa.test/",
    )  # fmt: skip
    return Cargo(presented, leg, igp, None)


def registers(session, directory, leg, instant):
    apply(session, directory, news(leg, "registered", instant, registry_number="55", registry_year="2026"), instant)


def observed_on_friday(session, directory):
    """An observation notified on Friday 20: until Tuesday 24 at the last second."""
    filing, leg = take(session, directory, now=at("2026-11-20", "09:00:00"))
    row = Observation(filing_id=filing.id, delivery_id=leg.id, items=["Falta el plano"], observed_at=FRIDAY_NIGHT)
    session.add(row)
    session.flush()
    notify(session, directory, row, FRIDAY_NIGHT, "opened")
    assert row.correct_by == at("2026-11-24", "23:59:59")
    return leg, row


@pytest.mark.rule("R-TIME-5")
def test_an_outage_on_the_last_day_moves_it_to_the_first_business_day_after(session):
    directory = make_sector(session)
    leg, row = observed_on_friday(session, directory)
    noon, evening = at("2026-11-24", "12:00:00"), at("2026-11-24", "18:00:00")
    outage = outages.open_outage(session, directory, noon, "Se cortó la energía", "admin", evening)
    assert row.correct_by == at("2026-11-25", "23:59:59")
    assert outages.extend_running(session, directory, evening) == 0
    told = events_of(session, leg, "term_recomputed")[-1].data
    assert (told["deadline"], told["old"], told["new"]) == ("correct_by", "2026-11-24", "2026-11-25")
    assert told["outage"] == outage.verification_code


@pytest.mark.rule("R-TIME-5")
def test_an_outage_that_lasts_goes_on_extending_and_one_of_another_day_extends_nothing(session):
    directory = make_sector(session)
    _, row = observed_on_friday(session, directory)
    monday = at("2026-11-23", "10:00:00")
    outage = outages.open_outage(session, directory, monday, "Mantenimiento", "admin", monday)
    assert row.correct_by == at("2026-11-24", "23:59:59")
    outages.extend_running(session, directory, at("2026-11-24", "00:01:00"))
    assert row.correct_by == at("2026-11-25", "23:59:59")
    end = at("2026-11-24", "07:00:00")
    outages.close_outage(session, directory, outage.verification_code, end, "admin", end)
    assert row.correct_by == at("2026-11-25", "23:59:59")


@pytest.mark.rule("R-TIME-5")
def test_a_correction_does_not_lapse_while_the_outage_of_its_last_day_lasts(session):
    """Also where the worker was down with everything else, and looks only days later."""
    directory = make_sector(session)
    _, row = observed_on_friday(session, directory)
    tuesday, thursday = at("2026-11-24", "12:00:00"), at("2026-11-26", "12:00:00")
    session.add(Outage(started_at=tuesday, reason="Corte", recorded_at=tuesday, recorded_by="admin",
                       verification_code="AAAA-BBBB-CCCC-DDDD"))  # fmt: skip
    tools = SimpleNamespace(sessions=lambda: nullcontext(session), directory=directory, clock=lambda: thursday)
    assert lapse_observations(tools) == 0
    assert (row.closed_at, row.correct_by) == (None, at("2026-11-27", "23:59:59"))


@pytest.mark.rule("R-TIME-5")
def test_the_constancia_of_an_outage_says_from_when_to_when(session):
    directory = make_sector(session)
    start, end = at("2026-11-24", "12:00:05"), at("2026-11-24", "18:00:10")
    outage = outages.open_outage(session, directory, start, "Se cortó la energía", "admin", start)
    outages.close_outage(session, directory, outage.verification_code, end, "admin", end)
    facts = outages.facts(directory, outage, "http://mesa.test", end)
    said = " ".join(value for _, value in outage_lines(facts))
    assert "martes 24 de noviembre de 2026, 12:00:05" in said and "18:00:10, hora oficial del Perú (UTC-5)" in said
    assert draw_outage(facts, "Año de prueba").startswith(b"%PDF")
    assert draw_outage(facts, "Año de prueba") == draw_outage(facts, "Año de prueba")


@pytest.mark.rule("R-TIME-6")
def test_who_took_a_turn_before_midnight_is_dated_by_the_ticket(session):
    ticket, after = at("2026-11-20", "23:50:00"), at("2026-11-21", "00:05:00")
    filing, leg = filed(session, after, ticket_at=ticket)
    assert (filing.presented_at, filing.ticket_at) == (after, ticket)
    assert (filing.considered_on, leg.clock_start) == (date(2026, 11, 20), date(2026, 11, 23))


@pytest.mark.rule("R-TIME-6")
def test_a_ticket_of_another_day_is_said_to_be_wrong_and_dates_nothing(session, house, clerk):
    long_ago = (now() - timedelta(hours=13)).astimezone(timezone(timedelta(hours=-5)))
    page = clerk.file(ticket_time=f"{long_ago:%H:%M}")
    assert page.status_code == 422 and beside(page.text, "ticket_time")
    just_now = (now() - timedelta(minutes=5)).astimezone(timezone(timedelta(hours=-5)))
    number = clerk.filed(ticket_time=f"{just_now:%H:%M}")
    assert house.filing(number)[0].considered_on >= local_date(just_now)


@pytest.mark.rule("R-TIME-7")
def test_every_hour_is_the_official_one_of_peru_with_its_seconds(house, clerk):
    assert instant(datetime(2026, 11, 21, 4, 59, 59, tzinfo=timezone.utc)) == (
        "viernes 20 de noviembre de 2026, 23:59:59 (hora oficial del Perú, UTC-5)"
    )
    number = clerk.filed()
    filing = house.filing(number)[0]
    page = text_of(house.visitor().get(f"/seguimiento/{filing.verification_code}").text)
    lima = filing.presented_at.astimezone(timezone(timedelta(hours=-5)))
    assert f"{lima:%H:%M:%S} (hora oficial del Perú, UTC-5)" in page

