"""The report of a day in the browser: an outage in words, one institution alone, downloads, nothing of tomorrow."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from hub.clock import now
from hub.core.calendar import LIMA, local_date
from hub.core.ports import NewsKind
from hub.models import Difference, InstitutionOutage
from tests.fixtures.house import ADMIN
from tests.web.reading import text_of

DAY = "/tablero/dia"


@pytest.fixture(scope="module")
def admin(house):
    return house.signed_in(ADMIN)


def outage(house, clerk, body="senamhi"):
    """Two filings that waited while their institution did not answer, and arrived."""
    cuos = [house.leg(clerk.filed(destination=body)).cuo for _ in range(2)]
    since = now() - timedelta(minutes=3)
    for cuo in cuos:
        house.say(cuo, NewsKind.HELD)
    with house.session() as session:
        row = InstitutionOutage(entity_id=house.directory.entity(body).id, since=since, until=now(), code="TIMEOUT")
        session.add(row)
        session.commit()
    return row, cuos


def test_it_tells_an_outage_in_words(house, admin, clerk):
    row, _ = outage(house, clerk)
    today = local_date(now())
    said = text_of(admin.get(f"{DAY}/{today}?institucion=senamhi").text)
    hours = [f"{at.astimezone(LIMA):%H:%M}" for at in (row.since, row.until)]
    assert f"no respondió desde las {hours[0]}" in said and "(3 minutos)" in said and "tarda demasiado" in said
    assert "Esperaron 2 trámites" in said and "Todos se entregaron" in said
    assert "Salieron del más antiguo al más nuevo." in said
    assert "OEFA" not in said.split("Lo que entró y salió")[1].split("Diferencias")[0]


def test_it_is_taken_away_as_a_spreadsheet_and_for_a_program(house, admin, clerk):
    outage(house, clerk)
    today = local_date(now())
    sheet = admin.get(f"{DAY}/{today}.csv?institucion=senamhi")
    assert sheet.mimetype == "text/csv" and sheet.data.startswith(b"\xef\xbb\xbfinstitucion,")
    assert sheet.get_data(as_text=True).splitlines()[1].startswith("senamhi,0,")
    told = json.loads(admin.get(f"{DAY}/{today}.json").data)
    silent = [one for one in told["sin_respuesta"] if one["institucion"] == "senamhi"]
    assert silent[-1]["esperaron"] == silent[-1]["entregados"] >= 2


def test_it_tells_what_differed_and_what_was_done_about_it(house, admin):
    with house.session() as session:
        body = house.directory.entity("senace").id
        session.add(Difference(entity_id=body, cuo="9999999977", kind="unknown", theirs="held", found_at=now(),
                               seen_at=now(), details={"held_since": now().isoformat()}))  # fmt: skip
        session.commit()
        its = session.scalars(select(Difference.id).where(Difference.cuo == "9999999977")).one()
    form = {"remedio": "explain", "diferencia": [str(its)], "paso": "hacer", "reason": "Era de su prueba"}
    assert admin.post("/tablero/diferencias/remedio", form).status_code == 200
    said = text_of(admin.get(f"{DAY}/{local_date(now())}").text)
    assert "9999999977" in said and "Era de su prueba" in said and "Carmen Salas Vera" in said


def test_an_empty_day_opens_and_tomorrow_does_not(admin):
    assert "Todas respondieron." in admin.get(f"{DAY}/2020-01-01").text
    assert admin.get(f"{DAY}/2020-01-01.csv").status_code == 200
    tomorrow = local_date(now()) + timedelta(days=1)
    for path in (f"{tomorrow}", "0001-01-01", "9999-12-31", "ayer", "2026-13-40",
                 f"{tomorrow}.csv", f"{local_date(now())}?institucion=nadie"):  # fmt: skip
        assert admin.get(f"{DAY}/{path}").status_code == 404, path
    assert admin.get(f"{DAY}?dia=2020-01-01").location.endswith("/tablero/dia/2020-01-01")
    assert admin.get(f"{DAY}?dia=ayer").location.endswith(f"{local_date(now())}")
