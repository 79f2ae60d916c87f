"""Pause and breaker on the screen of an institution."""

from datetime import timedelta

from hub.clock import now
from hub.core.calendar import local_date
from hub.models import InstitutionState
from tests.fixtures.house import ADMIN


def test_an_institution_is_set_aside_with_a_reason_and_taken_up_again(house):
    admin = house.signed_in(ADMIN)

    def state():
        with house.session() as session:
            return session.get(InstitutionState, house.directory.entity("senamhi").id)

    place = "/tablero/instituciones/senamhi"
    refused = admin.post(f"{place}/pausa", {"why": " "})
    assert refused.status_code == 422 and 'href="#why"' in refused.text
    assert admin.post(f"{place}/pausa", {"why": "Investigan un incidente"}).status_code == 303
    assert state().paused_at and "Investigan un incidente" in admin.get(place).text
    assert "En pausa" in admin.get("/tablero").text
    assert "Investigan un incidente" in admin.get(f"/tablero/dia/{local_date(now())}").text
    assert admin.post(f"{place}/pausa/fin", {}).status_code == 303 and state().paused_at is None
    assert "Probar ahora" not in admin.get(place).text
    with house.session() as session:
        session.get(InstitutionState, house.directory.entity("senamhi").id).open_until = now() + timedelta(hours=1)
        session.commit()
    assert "Probar ahora" in admin.get(place).text
    assert admin.post(f"{place}/pausa", {"why": "Investigan un incidente"}).status_code == 303
    assert "Probar ahora" not in admin.get(place).text  # nothing would go
    assert admin.post(f"{place}/pausa/fin", {}).status_code == 303
    assert admin.post(f"{place}/probar", {}).status_code == 303 and state().open_until <= now()
    with house.session() as session:
        session.get(InstitutionState, house.directory.entity("senamhi").id).open_until = None
        session.commit()
