"""What the file declares, on screen: shown, checked as the file is, and proposed as a diff; nothing else changes."""

import re

import pytest
from sqlalchemy import select

from hub.entities.patching import apply_diff
from hub.entities.rewriting import values_in
from hub.models import Proposal
from tests.fixtures.house import ADMIN, ENTITIES
from tests.web.reading import text_of
from tests.web.staff import make_user

HERE = "/administracion"
IGP = f"{HERE}/instituciones/igp"


@pytest.fixture(scope="module")
def admin(house):
    return house.signed_in(ADMIN)


@pytest.fixture(scope="module")
def coordinator(house):
    return house.signed_in(make_user(house, "igp", ["entity_coordinator"]))


def asked(visitor, path):
    """What a form holds before anybody typed."""
    page = visitor.get(path).text
    values = dict(re.findall(r'<input class="govuk-input[^>]*? name="([^"]+)"[^>]*? value="([^"]*)"', page))
    for name, body in re.findall(r'<select[^>]*? name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        values[name] = chosen[1] if chosen else ""
    values |= dict(re.findall(r'<textarea[^>]*? name="([^"]+)"[^>]*>(.*?)</textarea>', page, re.DOTALL))
    values |= dict(re.findall(r'name="(visto)" value="([^"]*)"', page))
    ticked = re.findall(r'<input class="govuk-checkboxes__input"[^>]*? name="([^"]+)"[^>]*? checked', page)
    return {name: value.strip("\n") for name, value in values.items()} | dict.fromkeys(ticked, "si")


def typed(visitor, path, doing="ver", **changes):
    changes = {name.replace("__", "-"): value for name, value in changes.items()}
    return visitor.post(path, asked(visitor, path) | changes | {"accion": doing})


def proposed(house, visitor, path, doing="proponer", **changes):
    answer = typed(visitor, path, doing, reason="Lo pidió la institución", **changes)
    assert answer.status_code == 303, text_of(answer.text)
    with house.session() as session:
        return session.get(Proposal, int(re.search(r"propuestas/(\d+)", answer.location)[1]))


def after(row):
    return values_in(apply_diff(ENTITIES.read_text("utf-8"), row.diff))


def test_the_change_is_shown_as_a_diff_and_in_words_before_it_is_kept(house, admin):
    answer = typed(admin, IGP, adapter__address="https://mesa.igp.gob.pe")
    page = text_of(answer.text)
    assert answer.status_code == 200 and "Este es el cambio" in page
    old = "${MESA_ADDRESS_IGP:-http://127.0.0.1:7101}"
    assert f"IGP, medio de entrega, dirección: de «{old}» a «https://mesa.igp.gob.pe»" in page
    assert "también lo que ya espera en cola" in page
    assert "- address: ${MESA_ADDRESS_IGP:-http://127.0.0.1:7101}" in page
    row = proposed(house, admin, IGP, adapter__address="https://mesa.igp.gob.pe")
    assert (row.entity_code, row.about, row.applied_at) == ("igp", "entities[igp]", None)
    assert (row.diff.count("\n-"), row.diff.count("\n+")) == (1, 2)
    assert after(row)["entities"][1]["adapter"]["address"] == "https://mesa.igp.gob.pe"
    assert house.directory.entity("igp").adapter.address == "http://127.0.0.1:7101"


@pytest.mark.parametrize("name", ["introduction", "contact-phone", "adapter-address", "ruc"])
@pytest.mark.parametrize("typing", ["${MESA_SECRET_KEY} y más", "${MESA_ADDRESS_SENAMHI}", "$\x01{DATABASE_URL:-x}"])
def test_no_variable_that_somebody_types_is_expanded_or_kept(house, coordinator, monkeypatch, name, typing):
    for secret in ("MESA_SECRET_KEY", "DATABASE_URL", "MESA_ADDRESS_SENAMHI"):
        monkeypatch.setenv(secret, "https://muy.secreto.example")
    for doing in ("ver", "proponer"):
        answer = coordinator.post(IGP, asked(coordinator, IGP) | {name: typing, "accion": doing, "reason": "Sí"})
        assert answer.status_code == 422 and "muy.secreto" not in answer.text
        assert f'id="{name}-error"' in answer.text and "empieza una variable" in text_of(answer.text)


@pytest.mark.parametrize("given", ["", "http://interno.example"])
def test_the_default_of_a_variable_is_changed_whatever_the_variable_gives(house, admin, monkeypatch, given):
    monkeypatch.setenv("MESA_ADDRESS_IGP", given)
    old, new = (f"${{MESA_ADDRESS_IGP:-http://127.0.0.1:{port}}}" for port in (7101, 7199))
    answer = typed(admin, IGP, adapter__address=new)
    page = text_of(answer.text)
    assert answer.status_code == 200 and f"dirección: de «{old}» a «{new}»" in page, page[:900]
    assert ("En esta máquina una variable da otra dirección" in page) is bool(given) and "interno" not in page
    row = proposed(house, admin, IGP, adapter__address=new)
    assert after(row)["entities"][1]["adapter"]["address"] == new and "interno" not in str(row.wanted)
    assert f"- address: {old}" in (shown := text_of(admin.get(f"{HERE}/propuestas/{row.id}").text)) and new in shown
    for wrong, status in (("ftp://igp", 422), ("http://$\0{MESA_SECRET_KEY}", 400), ("${MESA_ADDRESS_IGP", 422)):
        assert typed(admin, IGP, adapter__address=f"${{MESA_ADDRESS_IGP:-{wrong}}}").status_code == status, wrong


def test_what_a_variable_of_the_file_gives_is_not_told(house, admin, monkeypatch):
    monkeypatch.setenv("MESA_ADDRESS_IGP", "http://interno.example")
    answer = typed(admin, IGP, adapter__kind="soap", in_flight="3")
    assert answer.status_code == 200 and "interno.example" not in answer.text
    row = proposed(house, admin, IGP, adapter__kind="soap", in_flight="3")
    assert "interno.example" not in str(row.wanted) and "${MESA_ADDRESS_IGP" in str(row.wanted)


def test_a_diff_is_taken_along_as_it_was_kept(house, admin):
    row = proposed(house, admin, IGP, in_flight="8")
    answer = admin.get(f"{HERE}/propuestas/{row.id}/cambio.diff")
    assert answer.text == row.diff and f"propuesta-{row.id}.diff" in answer.headers["Content-Disposition"]


WRONG = {
    "adapter-address": ("ftp://igp", "«ftp://igp» no es una dirección"),
    "ruc": ("20131367009", "tiene mal el dígito de verificación"),
    "limits-annex_bytes": ("mucho", "no es un tamaño mayor que cero"),
    "contact-email": ("sin arroba", "no es un correo"),
    "in_flight": ("cien", "debe ser un número entero"),
    "left_on": ("ayer", "no es una fecha"),
    "name": ("", "falta la clave"),
    "limits-main_types": ("application/x", "no se conoce"),
    "service-url": ("igp.gob.pe", "no es una dirección de internet"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_the_files_own_check_finds_stands_beside_its_question(house, admin, name):
    value, said = WRONG[name]
    answer = admin.post(IGP, asked(admin, IGP) | {name: value, "accion": "proponer", "reason": "Sí"})
    assert answer.status_code == 422
    problem = re.search(rf'<p id="{name}-error"[^>]*>(.*?)</p>', answer.text, re.DOTALL)
    assert problem and said.lower() in " ".join(problem[1].lower().split()), text_of(answer.text)[:600]


def test_nothing_is_kept_without_a_reason_or_without_a_change(house, admin):
    answer = typed(admin, IGP, "proponer", in_flight="9")
    assert answer.status_code == 422 and "Escribe por qué" in answer.text
    answer = typed(admin, IGP, "proponer", reason="Porque sí")
    assert answer.status_code == 422 and "No cambiaste nada" in answer.text


def test_a_counter_changes_its_hours_and_another_is_added(house, admin):
    row = proposed(house, admin, f"{IGP}/mesas/huancayo", hours="lunes a jueves 08:00 16:30\nVie de 8.00 a 13.00")
    assert after(row)["entities"][1]["counters"][1]["hours"] == [
        {"days": "mon-thu", "opens": "08:00", "closes": "16:30"}, {"days": "fri", "opens": "08:00", "closes": "13:00"}
    ]  # fmt: skip
    new = {"code": "ica", "name": "Sede Ica", "place": "Ica", "ubigeo": "110101"}
    row = proposed(house, admin, f"{IGP}/mesa-nueva", **new)
    assert after(row)["entities"][1]["counters"][2] == new
    answer = typed(admin, f"{IGP}/mesa-nueva", **new | {"hours": "cuando hay luz"})
    assert answer.status_code == 422 and "no es un día ni un tramo de días" in text_of(answer.text)


def test_a_procedure_is_changed_added_and_taken_out(house, admin):
    path = f"{IGP}/procedimientos/DEMO-01"
    row = proposed(house, admin, path, requirements="Ubicación exacta\nNúmero de la constancia de pago")
    assert after(row)["entities"][1]["procedures"][0]["requirements"] == [
        "Ubicación exacta", {"text": "Número de la constancia de pago", "fee_receipt": True},
    ]  # fmt: skip
    answer = typed(admin, path, requirements="Copia del DNI")
    assert answer.status_code == 422 and "no se le puede pedir al ciudadano" in text_of(answer.text)
    row = proposed(house, admin, path, "proponer-quitar")
    assert [one["code"] for one in after(row)["entities"][1]["procedures"]] == ["DEMO-02"]
    row = proposed(house, admin, f"{HERE}/sector/procedimiento-nuevo", code="QUEJA", name="Queja", silence="none")
    assert after(row)["sector"]["procedures"][1] == {"code": "QUEJA", "name": "Queja", "silence": "none"}


def test_an_agreement_and_an_institution_are_added(house, admin):
    new = {"from": "minam", "to": "oefa", "mode": "delegated", "norm": "Convenio 7-2026", "valid_from": "2026-12-01"}
    row = proposed(house, admin, f"{HERE}/convenio-nuevo", **new)
    assert after(row)["agreements"][1] == new
    answer = typed(admin, f"{HERE}/convenio-nuevo", **new | {"norm": ""})
    assert answer.status_code == 422 and "Falta el convenio o la norma" in text_of(answer.text)
    body = {"code": "ana", "acronym": "ANA", "name": "Autoridad Nacional del Agua", "kind": "technical_body",
            "ruc": "20520711865", "place": "San Isidro", "ubigeo": "150131"}  # fmt: skip
    row = proposed(house, admin, f"{HERE}/institucion-nueva", **body)
    assert row.about == "entities[ana]"
    answer = typed(admin, f"{HERE}/institucion-nueva", **body | {"ruc": "20520711866"})
    assert answer.status_code == 422 and 'id="ruc-error"' in answer.text
    assert after(row)["entities"][-1]["counters"][0]["place"] == "San Isidro"


def test_an_agreement_that_stands_elsewhere_by_now_is_not_written_over(house, admin):
    path, as_it_was = f"{HERE}/convenios/1", ENTITIES.read_text("utf-8")
    form = asked(admin, path) | {"norm": "Convenio 8-2026", "accion": "proponer", "reason": "Lo pidió la institución"}
    first = "agreements:\n  - {from: minam, to: oefa, mode: delegated, norm: Convenio 7-2026, valid_from: 2026-12-01}\n"
    try:
        ENTITIES.write_text(as_it_was.replace("agreements:\n", first), "utf-8")
        refused = admin.post(path, form)
        assert refused.status_code == 409 and "Convenio 7-2026" in refused.text
        assert "míralo otra vez" in text_of(refused.text)
        assert admin.post(f"{HERE}/convenios/2", form).status_code == 303, "where it stands now it is the same"
    finally:
        ENTITIES.write_text(as_it_was, "utf-8")


def test_a_coordinator_proposes_for_her_own_body_and_sees_no_others(house, admin, coordinator):
    other = proposed(house, admin, f"{HERE}/instituciones/oefa", contact__phone="016000000")
    row = proposed(house, coordinator, f"{IGP}/procedimientos/DEMO-02", days="5", act="")
    assert row.entity_code == "igp" and after(row)["entities"][1]["procedures"][1]["days"] == 5
    assert coordinator.get(f"{HERE}/propuestas/{row.id}").status_code == 200
    for path in (f"{HERE}/instituciones/oefa", f"{HERE}/propuestas/{other.id}"):
        assert coordinator.get(path).status_code == 404
    for path in (f"{HERE}/sector", f"{HERE}/convenios", f"{HERE}/instituciones", f"{HERE}/certificados"):
        assert coordinator.get(path).status_code == 403
    listed = coordinator.get(f"{HERE}/propuestas").text
    assert f"/propuestas/{row.id}" in listed and f"/propuestas/{other.id}" not in listed


def test_a_coordinator_does_not_read_what_the_file_holds_of_another_body(house, admin, coordinator):
    as_it_was = ENTITIES.read_text("utf-8")
    changed = as_it_was.replace("acronym: OEFA", "acronym: SECRETO").replace("acronym: IGP", "acronym: GEO", 1)
    try:
        ENTITIES.write_text(changed, "utf-8")
        theirs, ours = (text_of(typed(one, IGP, in_flight="7").text) for one in (coordinator, admin))
    finally:
        ENTITIES.write_text(as_it_was, "utf-8")
    assert "SECRETO" in ours and "Otros cambios" not in ours
    assert "SECRETO" not in theirs and "Otros cambios, que no son de tu institución." in theirs
    assert "IGP, siglas: de «IGP» a «GEO»." in theirs


def test_a_proposal_is_set_aside_once(house, admin):
    row = proposed(house, admin, IGP, in_flight="7")
    assert admin.post(f"{HERE}/propuestas/{row.id}/retirar", {}).status_code == 303
    assert "Dejada de lado por" in text_of(admin.get(f"{HERE}/propuestas/{row.id}").text)
    assert admin.post(f"{HERE}/propuestas/{row.id}/retirar", {}).status_code == 422


def test_every_account_is_found_and_leads_to_where_it_is_changed(house, admin, coordinator):
    page = admin.get(f"{HERE}/personas?rol=clerk&institucion=sernanp").text
    assert "recepcion@sernanp.example" in page and "recepcion@igp.example" not in page
    assert re.search(r'href="/personal/\d+\?entidad=sernanp"', page)
    assert "No hay nadie" in admin.get(f"{HERE}/personas?texto=%25zzy").text
    for path in ("roles", "motivos-y-textos", ""):
        assert admin.get(f"{HERE}/{path}".rstrip("/")).status_code == 200


def test_no_proposal_is_ever_deleted(house):
    with house.session() as session:
        assert session.scalars(select(Proposal.id)).all()
