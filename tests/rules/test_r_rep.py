"""R-REP: what a body reports to the SGTD, and the text of its gob.pe page."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone

import pytest
from sqlalchemy import text

from hub.core.bodies import CounterRecord, OpeningHours, Service
from hub.core.calendar import LIMA
from hub.core.errors import NotFound
from hub.core.statuses import Movement
from hub.core.tupa import ProcedureRecord, Requirement, Silence
from hub.models import Observation, Outage
from hub.papers.gob_pe import LONGEST_TITLE, service_page
from hub.papers.report import csv_text, draw, facts
from hub.reports import figures, sgtd_report
from hub.sight import Viewer
from tests.stages.legs import news
from tests.stages.sector import NOW, a_submission, make_sector, take

MONTH = date(2026, 11, 1)
END = datetime(2026, 12, 3, 12, tzinfo=timezone.utc)
ADMIN = Viewer(1, frozenset({"sector_admin"}))


def in_lima(day, hour, minute=0):
    return datetime.combine(date(2026, 11, day), time(hour, minute), LIMA)


@pytest.fixture
def month(session):
    """A month of IGP: six presented; four registered after 1, 2, 3 and 20 hours; two attended; one observed and lapsed.

    And what is not November's: one of 31 October at 23:30 in Lima, which is November in UTC.
    """
    from hub.cargos import apply

    directory = make_sector(session)
    take(session, directory, now=in_lima(1, 0) - timedelta(minutes=30))
    legs = [take(session, directory, now=in_lima(10, 9, n))[1] for n in range(6)]
    take(session, directory, a_submission(destination_code="senace"), now=in_lima(10, 10))
    for leg, hours in zip(legs, (1, 2, 3, 20), strict=False):
        at = leg.filing.presented_at + timedelta(hours=hours)
        apply(session, directory, news(leg, "registered", at, registry_number=str(hours), registry_year="2026"), at)
    for leg, days in ((legs[0], 4), (legs[1], 8)):
        for kind, more in (("answered", 0), ("closed", 1)):
            at = leg.filing.presented_at + timedelta(days=days + more)
            apply(session, directory, news(leg, "movement", at, movement=Movement(kind)), at)
    session.add(
        Observation(
            filing_id=legs[5].filing_id, delivery_id=legs[5].id, items=["Falta la firma"], observed_at=in_lima(10, 12),
            closed_at=in_lima(12, 23, 59), closed_as="lapsed",
        )
    )  # fmt: skip
    session.add(
        Outage(
            started_at=in_lima(20, 0), ended_at=in_lima(21, 0), reason="Corte", recorded_at=in_lima(21, 1),
            recorded_by="1", verification_code="AAAA-BBBB-CCCC-DDDD",
        )
    )  # fmt: skip
    session.flush()
    return directory


@pytest.mark.rule("R-REP-1")
def test_the_figures_of_a_month_are_those_of_what_happened(session, month):
    november = figures(session, month.entity("igp"), MONTH, END)[-1]
    counted = (november.presented, november.received, november.observed, november.not_presented, november.attended)
    assert counted == (6, 4, 1, 1, 2)
    assert (november.to_register.median, november.to_register.p95) == (2.5, pytest.approx(17.45))
    assert november.to_answer.median == pytest.approx(6 * 24)
    assert november.availability == pytest.approx(29 / 30)


@pytest.mark.rule("R-REP-1")
def test_the_figures_agree_with_plain_sql(session, month):
    igp = month.entity("igp")
    rows = figures(session, igp, MONTH, END)
    for row in rows:
        begins = datetime.combine(row.month, time(), LIMA)
        ends = datetime.combine((row.month + timedelta(days=32)).replace(day=1), time(), LIMA)
        plain = session.execute(text("""
            select (select count(*) from filings f where f.destination_id = :igp
                      and f.presented_at >= :begins and f.presented_at < :ends),
                   (select count(distinct filing_id) from deliveries d where d.destination_id = :igp
                      and d.registered_at >= :begins and d.registered_at < :ends),
                   (select count(*) from observations o join deliveries d on d.id = o.delivery_id
                      where d.destination_id = :igp and o.observed_at >= :begins and o.observed_at < :ends),
                   (select count(distinct e.filing_id) from events e join deliveries d on d.id = e.delivery_id
                      where d.destination_id = :igp and e.kind = 'movement' and e.data->>'movement' = 'answered'
                      and e.happened_at >= :begins and e.happened_at < :ends)
        """), {"igp": igp.id, "begins": begins, "ends": ends}).one()  # fmt: skip
        assert tuple(plain) == (row.presented, row.received, row.observed, row.attended), row.month
    assert [row.presented for row in rows][-2:] == [1, 6]


@pytest.mark.rule("R-REP-1")
def test_one_command_gives_the_table_and_the_oficio(session, month):
    report = sgtd_report(session, month, ADMIN, "igp", date(2026, 11, 20), END)
    table = csv_text(report)
    assert len(table.splitlines()) == 3 and "2026-11,6,0,4,1,1,2,2.5," in table
    assert draw(report, "Año de la Esperanza", NOW).startswith(b"%PDF")


def test_what_is_not_known_of_a_body_is_a_marked_blank(session):
    known = dict(facts(make_sector(session).entity("igp")))
    assert known["Página en gob.pe"] == "[por completar: página en gob.pe]"
    assert "[por completar: confirmar el RUC]" in known["RUC"]


def test_nobody_reports_for_another_body(session):
    directory = make_sector(session)
    coordinator = Viewer(2, frozenset({"entity_coordinator"}), directory.entity("oefa").id)
    with pytest.raises(NotFound):
        sgtd_report(session, directory, coordinator, "igp", MONTH, END)


PROCEDURE = ProcedureRecord(
    "2.1", "Permiso de visita", Silence.POSITIVE, 30, 2050, (Requirement("Plan de visita"), Requirement("Seguro"))
)


def a_body(session, **changes):
    hours = tuple(OpeningHours(day, time(8, 30), time(16, 30)) for day in range(5))
    counter = CounterRecord("central", "Sede central", "Lima", "150101", "Calle Uno 123", True, hours)
    service = Service("https://mesa.igp.example", "", None, "")
    return replace(
        make_sector(session).entity("igp"), counters=(counter,), service=service, procedures=(PROCEDURE,), **changes
    )


@pytest.mark.rule("R-REP-2")
def test_the_page_for_gob_pe_has_its_parts_in_order(session):
    page = service_page(a_body(session))
    assert [section.heading for section in page.sections] == [
        "Requisitos", "Antes de iniciar, debes saber", "Hazlo de forma digital",
        "También puedes hacerlo presencialmente",
    ]  # fmt: skip
    assert page.title.split()[0] == "Acceder" and len(page.title) <= LONGEST_TITLE


@pytest.mark.rule("R-REP-2")
def test_the_page_says_what_the_directory_knows(session):
    said = service_page(a_body(session)).as_text()
    assert "Para «Permiso de visita»: Plan de visita; Seguro. Pago: S/ 20.50. Plazo de respuesta: 30 días" in said
    assert "Sede central: Calle Uno 123. Horario: lunes a viernes de 08:30 a 16:30." in said
    assert "Entra a https://mesa.igp.example." in said


@pytest.mark.rule("R-REP-2")
def test_what_is_not_known_is_left_blank_and_never_invented(session):
    bare = replace(make_sector(session).entity("igp"), service=Service())
    page = service_page(bare)
    assert "[por completar: dirección del servicio]" in page.as_text()
    assert "[por completar: dirección de Sede central]" in page.as_text()
    assert page.blanks == 3


def test_the_title_fits_even_with_a_long_name(session):
    assert len(service_page(a_body(session, name="Instituto " * 20)).title) <= LONGEST_TITLE


def test_hours_of_several_kinds_are_said_in_few_words():
    from hub.papers.known import hours_text

    morning, afternoon = (time(8), time(13)), (time(14), time(16, 30))
    split = [OpeningHours(day, *shift) for day in range(4) for shift in (morning, afternoon)]
    assert hours_text([*split, OpeningHours(5, time(9), time(12))]) == (
        "lunes a jueves de 08:00 a 13:00 y de 14:00 a 16:30; sábado de 09:00 a 12:00"
    )
    assert hours_text([]) == ""
