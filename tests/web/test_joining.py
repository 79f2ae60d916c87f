"""A body joins by itself: it asks, the sector approves, its coordinator publishes its form, and it receives."""

import json
import re
import secrets
import time

import pytest

from hub import invitations
from hub.clock import now
from hub.core.bodies import DOCUMENT_TYPES
from hub.entities import check_file, import_declared
from hub.models import AccessRequest, AuditEntry, Invitation, OutboundMessage, User
from hub.web import sentences
from tests.fixtures.house import ADMIN, CLERK, ENTITIES, OFFICER
from tests.web.citizen import Filer
from tests.web.reading import beside, text_of
from tests.web.staff import make_user, own_house
from tests.web.test_staff import CHOSEN, account, confirmed

house = own_house("joining")


@pytest.fixture(scope="module")
def clerk(house):
    return house.signed_in(CLERK)


@pytest.fixture(scope="module")
def admin(house):
    return house.signed_in(ADMIN)


def a_ruc():
    """A RUC of the State with the right check digit, unlike every other."""
    body = "20" + str(secrets.randbelow(10**8)).zfill(8)
    weighed = sum(int(digit) * weight for digit, weight in zip(body, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=True))
    return body + str((11 - weighed % 11) % 10)


def typed(**changes):
    sign = secrets.token_hex(3)
    return {
        "ruc": a_ruc(), "name": "Instituto de Prueba del Agua", "acronym": f"ipa-{sign}", "kind": "research_institute",
        "place": "Puno", "ubigeo": "210000", "responsible": "Juana Mamani Choque", "job_title": "Jefa de trámite",
        "email": f"juana-{sign}@ipa.example",
    } | changes  # fmt: skip


def asked(house, **changes):
    """A request that waits. Gives what was typed and the request's id."""
    form = typed(**changes)
    assert house.visitor().post("/sumarse", form).status_code == 303
    with house.session() as session:
        return form, session.query(AccessRequest).filter_by(ruc=form["ruc"], decided_at=None).one().id


def approved(house, admin):
    """A body that joined: (its code, what it typed)."""
    form, request_id = asked(house)
    assert admin.post(f"/sumarse/solicitudes/{request_id}/aprobar", {}).status_code == 303
    code = form["acronym"]
    ends = time.monotonic() + 10
    while not house.directory.knows(form["ruc"]):
        assert time.monotonic() < ends
        time.sleep(0.05)
    return code, form


def coordinator_of(house, form):
    with house.session() as session:
        row = session.query(Invitation).filter_by(user_id=account(house, form["email"]).id).one()
    token = invitations.token_of(house.services.tracking_secret, row.id)
    form_of_password = {"password": CHOSEN, "again": CHOSEN}
    assert house.visitor().post(f"/invitacion/{token}", form_of_password).status_code == 303
    return confirmed(house, form["email"])[0]


def test_a_body_joins_and_receives_its_first_filing(house, admin, clerk):
    code, form = approved(house, admin)
    body = house.directory.entity(code)
    assert (body.acronym, body.ruc, body.adapter.kind) == (form["acronym"].upper(), form["ruc"], "hosted")
    coordinator = coordinator_of(house, form)
    adapted = {
        "introduction": "Cuidamos el agua del altiplano.", "main_mb": "10", "annex_mb": "20", "total_mb": "50",
        "files": "12", "address-principal": "Jirón Lima 123", "opens-principal": "08:00", "closes-principal": "16:30",
        "seat_name": "Sede Juliaca", "seat_place": "Juliaca", "seat_ubigeo": "210000",
    }  # fmt: skip
    preview = text_of(coordinator.post("/mi-formulario", adapted | {"accion": "ver"}).text)
    assert "Así se verá" in preview
    assert "Jirón Lima 123" in preview
    assert house.directory.entity(code).introduction == ""
    assert coordinator.post("/mi-formulario", adapted | {"accion": "publicar"}).status_code == 303
    house.services.live_directory.reload()
    page = text_of(house.visitor().get(f"/presentar/{code}").text)
    for words in ("Cuidamos el agua", "Jirón Lima 123", "Sede Juliaca", "12 archivos", "16:30"):
        assert words in page, words
    number = clerk.filed(destination=code)
    house.say(house.leg(number).cuo)
    assert number in coordinator.get("/bandeja").text
    assert coordinator.post(f"/bandeja/{house.leg(number).cuo}", {"answer": "register"}).status_code == 303
    assert house.leg(number).status == "registered"


def test_its_gob_pe_text_and_the_oficio_to_the_sgtd_are_there(house, admin):
    code, form = approved(house, admin)
    coordinator = coordinator_of(house, form)
    assert f"/presentar/{code}" in coordinator.get("/mi-formulario").text
    assert form["acronym"].upper() in text_of(coordinator.get("/informes/gob-pe").text)
    assert coordinator.get("/informes/sgtd.pdf").data.startswith(b"%PDF")


def test_a_published_form_outlives_the_import_of_a_file(house, admin):
    code, form = approved(house, admin)
    with house.session() as session:
        keys = house.services.settings.keys_folder
        import_declared(session, check_file(ENTITIES, keys=keys, environ={}, now=now()), now())
        session.commit()
    house.services.live_directory.reload()
    assert house.directory.entity(code).name == form["name"]


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"ruc": "20131367009"}, "ruc", "algún dígito"),
        ({"ruc": "20131367008"}, "ruc", "ya está en el sector"),
        ({"acronym": "a b"}, "acronym", "solo con letras"),
        ({"name": " "}, "name", "Completa este dato"),
        ({"kind": "reino"}, "kind", "Elige una opción"),
        ({"ubigeo": "990000"}, "ubigeo", "Elige una opción"),
        ({"email": "nada"}, "email", "correo completo"),
    ],
)
def test_what_is_wrong_with_a_request_is_said(house, change, field, sentence):
    answer = house.visitor().post("/sumarse", typed(**change))
    assert answer.status_code == 422
    assert sentence in beside(answer.text, field)


def test_a_body_asks_once_until_it_is_answered(house, admin):
    form, request_id = asked(house)
    again = house.visitor().post("/sumarse", typed(ruc=form["ruc"]))
    assert "Ya hay una solicitud" in beside(again.text, "ruc")
    assert form["name"] in admin.get("/sumarse/solicitudes").text
    unexplained = admin.post(f"/sumarse/solicitudes/{request_id}/rechazar", {"reason": " "})
    assert unexplained.status_code == 422
    reason = {"reason": "El RUC es de otra entidad"}
    assert admin.post(f"/sumarse/solicitudes/{request_id}/rechazar", reason).status_code == 303
    with house.session() as session:
        mail = session.query(OutboundMessage).filter(OutboundMessage.content["to"].astext == form["email"]).one()
        assert mail.content["letter"] == "access_declined"
        assert session.query(User).filter_by(email=form["email"]).count() == 0
        assert session.query(AuditEntry).filter_by(kind="access_declined").count() >= 1
    assert admin.post(f"/sumarse/solicitudes/{request_id}/aprobar", {}).status_code == 404
    asked(house, ruc=form["ruc"])


def test_only_who_runs_the_sector_decides(house):
    _, request_id = asked(house)
    coordinator = house.signed_in(make_user(house, "iiap", ["entity_coordinator"]))
    for who in (coordinator, house.signed_in(OFFICER)):
        assert who.get("/sumarse/solicitudes").status_code == 403
        assert who.post(f"/sumarse/solicitudes/{request_id}/aprobar", {}).status_code == 403
        assert who.post(f"/sumarse/solicitudes/{request_id}/rechazar", {"reason": "x"}).status_code == 403


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"main_mb": "mucho"}, "main_mb", "Escribe un número"),
        ({"main_mb": "90", "total_mb": "50"}, "total_mb", "Escribe un número"),
        ({"opens-principal": "17:00", "closes-principal": "09:00"}, "opens-principal", "Escribe las horas así"),
        ({"type-carta": "doce"}, "type-carta", "Escribe un número de 1 a 9"),
        ({"introduction": "x" * 1001}, "introduction", "como máximo 1000"),
    ],
)
def test_what_cannot_be_published_is_said(house, change, field, sentence):
    coordinator = house.signed_in(make_user(house, "inaigem", ["entity_coordinator"]))
    answer = coordinator.post("/mi-formulario", {"accion": "publicar"} | change)
    assert answer.status_code == 422
    assert sentence in beside(answer.text, field)


def test_only_a_coordinator_adapts_the_form_and_only_of_their_body(house):
    for who in (OFFICER, ADMIN):
        assert house.signed_in(who).get("/mi-formulario").status_code == 403
    coordinator = house.signed_in(make_user(house, "inaigem", ["entity_coordinator"]))
    published = {"accion": "publicar", "introduction": "Estudiamos los glaciares."}
    assert coordinator.post("/mi-formulario", published).status_code == 303
    house.services.live_directory.reload()
    assert house.directory.entity("inaigem").introduction == "Estudiamos los glaciares."
    assert house.directory.entity("iiap").introduction == ""
    inaigem = house.directory.entity("inaigem")
    assert len(inaigem.counters) >= 1


def offered(page):
    return re.findall(r'<option value="(\w+)"', page.partition('id="document_type"')[2].partition("</select>")[0])


def test_a_coordinator_chooses_the_types_of_document_and_their_order(house):
    coordinator = house.signed_in(make_user(house, "minam", ["entity_coordinator"]))
    typed = {"accion": "ver", "type-recurso": "2", "type-denuncia": "1", "type-otro": "3"}
    assert "Tipos de documento: Denuncia, Recurso, Otro" in text_of(coordinator.post("/mi-formulario", typed).text)
    assert coordinator.post("/mi-formulario", typed | {"accion": "publicar"}).status_code == 303
    house.services.live_directory.reload()
    filer = Filer(house).begins("minam").says("para-que", purpose="correspondencia")
    assert offered(filer.get("/presentar/borrador/documento").text) == ["denuncia", "recurso", "otro"]
    at_counter = offered(house.signed_in("recepcion@minam.example").get("/mesa-de-partes/recepcion").text)
    assert at_counter[:3] == ["denuncia", "recurso", "otro"]
    assert set(at_counter) == set(DOCUMENT_TYPES), "a counter receives any"
    assert 'value="2"' in coordinator.get("/mi-formulario").text.partition('id="type-recurso"')[2][:200]
    assert coordinator.post("/mi-formulario", {"accion": "publicar"}).status_code == 303
    house.services.live_directory.reload()
    assert offered(filer.get("/presentar/borrador/documento").text) == list(DOCUMENT_TYPES)


def test_the_words_of_the_types_are_those_that_a_body_may_offer():
    assert tuple(sentences.DOCUMENT_TYPES) == DOCUMENT_TYPES
    schema = json.loads((ENTITIES.parents[1] / "schemas" / "entities.schema.json").read_text("utf-8"))
    assert tuple(schema["$defs"]["entity"]["properties"]["document_types"]["items"]["enum"]) == DOCUMENT_TYPES
