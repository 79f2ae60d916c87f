"""Closing a counter: what hangs on it is shown, things in custody come first, and the principal one goes on with it."""

import pytest

from hub.models import AuditEntry, User
from tests.fixtures.house import IGP_CLERK
from tests.web.reading import on_top, text_of
from tests.web.staff import make_user, own_house

SEAT = "/mi-formulario/sedes/huancayo/cerrar"


house = own_house("closing")


@pytest.fixture(scope="module")
def coordinator(house):
    return house.signed_in(make_user(house, "igp", ["entity_coordinator"]))


@pytest.mark.parametrize("code", ["principal", "nada"])
def test_the_principal_counter_is_not_closed(coordinator, code):
    for ask in (coordinator.get, lambda path: coordinator.post(path, {})):
        assert ask(f"/mi-formulario/sedes/{code}/cerrar").status_code == 404


def test_a_counter_closes_when_nothing_is_kept_there_and_the_principal_goes_on_with_its_work(house, coordinator):
    email = make_user(house, "igp", ["clerk"], counter_code="huancayo")
    there, principal = house.signed_in(email), house.signed_in(IGP_CLERK)
    kept = there.filed(destination="iiap", originals="Plano original")
    observed = there.file(destination="iiap", accion="observar", observed_items="Falta la firma", confirmed="x")
    number = observed.location.rpartition("/")[2].partition("?")[0]
    page = text_of(coordinator.get(SEAT).text)
    for words in ("1 original o soporte en custodia", "1 trámite observado", "1 envío que todavía", "1 persona"):
        assert words in page, words
    refused = coordinator.post(SEAT, {})
    assert refused.status_code == 409
    assert "todavía guarda originales" in on_top(refused.text)[0]
    assert principal.get(f"/mesa-de-partes/constancias/{number}").status_code == 404
    assert there.post(f"/mesa-de-partes/custodia/{kept}/devolver", {}).status_code == 303

    assert coordinator.post(SEAT, {}).status_code == 303
    house.services.live_directory.reload()
    assert [one.code for one in house.directory.entity("igp").open_counters] == ["principal"]
    assert "Huancayo" not in text_of(house.visitor().get("/presentar/igp").text)
    assert principal.get(f"/mesa-de-partes/constancias/{number}").status_code == 200
    assert number in principal.get("/mesa-de-partes/observados").text
    with house.session() as session:
        user = session.query(User).filter_by(email=email).one()
        assert (user.counter_code, user.active) == ("principal", True)
        assert session.query(AuditEntry).filter_by(kind="seat_closed", entity_code="igp").count() == 1
    assert coordinator.get(SEAT).status_code == 404
    assert "huancayo" not in coordinator.get("/mi-formulario").text


def test_what_is_published_afterwards_keeps_it_closed(house, coordinator):
    assert coordinator.post("/mi-formulario", {"accion": "publicar", "introduction": "Sismos"}).status_code == 303
    house.services.live_directory.reload()
    body = house.directory.entity("igp")
    assert [(one.code, one.is_closed) for one in body.counters] == [("principal", False), ("huancayo", True)]
