"""Dates without end, typed where a date is asked for: told beside the field, never an error of the hub."""

import pytest

from tests.fixtures.house import ADMIN, AUDITOR
from tests.web.reading import beside

FAR = ["9999-12-31T10:00", "0001-01-01T00:00", "2006-11-22T10:00"]


@pytest.fixture(scope="module")
def admin(house):
    return house.signed_in(ADMIN)


@pytest.mark.parametrize("typed", FAR)
def test_an_instant_of_another_year_is_refused_where_one_is_typed(admin, typed):
    asked = [
        ("/indisponibilidades", "started_at", {"reason": "Corte"}),
        ("/incidentes", "known_at", {"incident_body": "igp", "what": "Se perdió una hoja"}),
        ("/tablero/instituciones/senamhi/mantenimiento", "since", {"until": typed, "reason": "Cambio de servidor"}),
    ]
    for path, field, rest in asked:
        refused = admin.post(path, {field: typed, **rest})
        assert refused.status_code == 422, path
        assert "a no más de un año de hoy" in beside(refused.text, field), path


@pytest.mark.parametrize("email", [ADMIN, AUDITOR])
@pytest.mark.parametrize("month", ["9999-12", "9999-11", "0001-01"])
def test_a_month_without_end_is_the_one_that_runs(house, email, month):
    who = house.signed_in(email)
    assert who.get(f"/informes?mes={month}").status_code == 200
