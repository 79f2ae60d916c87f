"""A body without a system, in a browser: an inbox is emptied, a coordinator makes a user who works, a body joins."""

import secrets
from datetime import timedelta

import pyotp
import pytest

from hub import invitations, second_factor, units
from hub.clock import now
from hub.core.calendar import local_date
from hub.models import Invitation, SecondFactor, User
from tests.fixtures.house import ADMIN, CLERK, OFFICER, a_pdf
from tests.fixtures.http import serving
from tests.fixtures.sandbox import free_port
from tests.journeys.pages import DESK, PHONE, Visit
from tests.web.staff import a_house, make_user
from tests.web.test_joining import a_ruc

CHOSEN = "una frase muy larga de prueba"


@pytest.fixture(scope="module")
def house(make_database, migrated_template, tmp_path_factory, house_port):
    data = tmp_path_factory.mktemp("bodies")
    with a_house(make_database(migrated_template), data, house_port) as built:
        yield built


@pytest.fixture(scope="module")
def house_url(house, house_port):
    with serving(house.app, house_port) as url:
        yield url


@pytest.fixture(scope="module")
def clerk(house):
    return house.signed_in(CLERK)


@pytest.fixture(scope="module")
def house_port():
    return free_port()


BOTH = pytest.mark.parametrize(("width", "script"), [(DESK, True), (PHONE, False)])


def user_of(house, email):
    with house.session() as session:
        return session.query(User).filter_by(email=email).one()


def opens_invitation(house, visit, email):
    """The link of the letter, a password, the telephone's code. The page behind the sign-in follows."""
    with house.session() as session:
        row = session.query(Invitation).filter_by(user_id=user_of(house, email).id).one()
    page = visit.open(f"/invitacion/{invitations.token_of(house.services.tracking_secret, row.id)}")
    page.locator("input[name=password]").fill(CHOSEN)
    page.locator("input[name=again]").fill(CHOSEN)
    page.get_by_role("button", name="Guardar y continuar").click()
    page.get_by_label("Correo institucional").fill(email)
    page.locator("input[name=password]").fill(CHOSEN)
    page.get_by_role("button", name="Ingresar").click()
    page.get_by_role("heading", name="Activar la verificación en dos pasos").wait_for()
    assert visit.is_whole()
    page.get_by_label("Código").fill(code_of(house, email))
    page.get_by_role("button", name="Activar e ingresar").click()
    page.get_by_role("heading", name="Guardar tus códigos de respaldo").wait_for()
    assert visit.is_whole()
    page.get_by_role("button", name="Ya los guardé: continuar").click()
    return page


def code_of(house, email, ahead=0):
    with house.session() as session:
        row = session.get(SecondFactor, user_of(house, email).id)
    secret = second_factor.secret_of(house.services.tracking_secret, row)
    return pyotp.TOTP(secret).at(now() + timedelta(seconds=ahead))


@BOTH
def test_an_officer_empties_an_inbox(house, house_url, clerk, browse, width, script):
    with house.session() as session:
        name = f"Botánica {width}"
        units.add(session, house.directory.entity("iiap"), name, user_of(house, OFFICER).id, now())
        session.commit()
    number = clerk.filed(destination="iiap", subject=f"Pide plantas {secrets.token_hex(3)}")
    house.say(house.leg(number).cuo)
    officer = Visit(browse(width, script=script), house_url)
    page = officer.sign_in(OFFICER)
    page.get_by_role("link", name=number).click()
    page.get_by_label("Registrarlo").check()
    page.get_by_label("Abrir un expediente nuevo").check()
    page.get_by_role("button", name="Guardar y avisar").click()
    page.get_by_label("A qué oficina pasa").select_option(label=name)
    page.get_by_role("button", name="Pasar", exact=True).click()
    page.get_by_text("Ya está con esa oficina").wait_for()
    assert officer.is_whole()
    page.get_by_role("button", name="Notificar un documento").click()
    page.get_by_label("De qué trata").fill("Carta 1-2026: entrega lo pedido")
    page.get_by_label("Fecha del documento").fill(local_date(now()).isoformat())
    pdf = {"name": "carta.pdf", "mimeType": "application/pdf", "buffer": a_pdf()}
    page.locator("input[type=file][name=act_document]").set_input_files(pdf)
    page.get_by_role("button", name="Notificar", exact=True).click()
    page.get_by_text("El documento está en la casilla").wait_for()
    page.get_by_role("link", name="Volver al trámite").click()
    page.get_by_label("Concluido").check()
    page.get_by_role("button", name="Guardar y avisar").click()
    page.get_by_role("button", name="Archivar").click()
    page.get_by_text("Quedó archivado").wait_for()
    assert officer.is_whole()
    assert page.get_by_role("link", name=number).count() == 0
    citizen = Visit(browse(width, script=script), house_url)
    seen = citizen.open(f"/seguimiento/{house.filing(number)[0].verification_code}")
    seen.get_by_text("IIAP terminó de atenderlo").first.wait_for()


@BOTH
def test_an_officer_writes_to_another_institution(house, house_url, browse, width, script):
    officer = Visit(browse(width, script=script), house_url)
    page = officer.sign_in(OFFICER)
    page.get_by_role("link", name="Documentos que envía tu institución").click()
    page.get_by_role("button", name="Enviar un documento").click()
    assert officer.is_whole()
    page.get_by_label("A qué institución va").select_option("minam")
    page.get_by_label("Número del documento").fill("12-2026-IIAP")
    page.get_by_label("Asunto").fill("Pide opinión sobre la norma")
    page.locator("[name=document_number_of_person]").fill("10117410")
    pdf = {"name": "oficio.pdf", "mimeType": "application/pdf", "buffer": a_pdf()}
    page.locator("input[type=file][name=main_document]").set_input_files(pdf)
    page.get_by_role("button", name="Enviar ahora").click()
    number = page.locator(".mesa-receipt__number").inner_text()
    assert officer.is_whole()
    house.say(house.leg(number).cuo)
    receiver = Visit(browse(width, script=script), house_url)
    theirs = receiver.sign_in("bandeja@minam.example")
    theirs.get_by_role("link", name=number).click()
    theirs.get_by_text("Instituto de Investigaciones de la Amazonía Peruana").first.wait_for()
    theirs.get_by_label("Registrarlo").check()
    theirs.get_by_role("button", name="Guardar y avisar").click()
    page.reload()
    page.get_by_text("Registrado").first.wait_for()


@BOTH
def test_a_coordinator_makes_a_user_who_does_the_work(house, house_url, clerk, browse, width, script):
    coordinator = Visit(browse(width, script=script), house_url)
    page = coordinator.sign_in(make_user(house, "iiap", ["entity_coordinator"]))
    page.get_by_role("link", name="Personas").click()
    assert coordinator.is_whole()
    page.get_by_role("button", name="Invitar a una persona").click()
    email = f"nueva-{secrets.token_hex(4)}@iiap.example"
    page.get_by_label("Nombres y apellidos").fill("Rosa Flores Inga")
    page.get_by_label("Correo institucional").fill(email)
    page.get_by_label("Encargado de la bandeja").check()
    page.get_by_role("button", name="Enviar la invitación").click()
    page.get_by_text("La invitación ya sale a su correo").wait_for()
    number = clerk.filed(destination="iiap")
    house.say(house.leg(number).cuo)
    worker = Visit(browse(width, script=script), house_url)
    theirs = opens_invitation(house, worker, email)
    theirs.get_by_role("link", name=number).click()
    theirs.get_by_label("Registrarlo").check()
    theirs.get_by_role("button", name="Guardar y avisar").click()
    theirs.get_by_text("Quien lo presentó ya puede verlo").wait_for()
    page.get_by_role("link", name="Ver el historial de cambios").click()
    page.get_by_text("Activó la verificación en dos pasos").first.wait_for()
    assert coordinator.is_whole()


@BOTH
def test_a_body_joins_and_receives_its_first_filing(house, house_url, clerk, browse, width, script):
    sign = secrets.token_hex(3).upper()
    email = f"juana-{sign.lower()}@ipa.example"
    asks(Visit(browse(width, script=script), house_url), sign, email)
    approves(Visit(browse(width, script=script), house_url), sign)
    coordinator = Visit(browse(width, script=script), house_url)
    page = opens_invitation(house, coordinator, email)
    page.get_by_role("link", name="Mi formulario").click()
    assert coordinator.is_whole()
    page.get_by_label("Presentación").fill("Cuidamos el agua del altiplano.")
    page.get_by_label("Cada anexo, en MB").fill("20")
    page.get_by_role("button", name="Ver cómo queda").click()
    page.get_by_role("heading", name="Así se verá").wait_for()
    assert coordinator.is_whole()
    page.get_by_role("button", name="Publicar").click()
    page.get_by_text("Tu página quedó publicada").wait_for()
    address = page.locator("main a[href*='/presentar/']").get_attribute("href")
    house.services.live_directory.reload()
    coordinator.open(address).get_by_text("Cuidamos el agua del altiplano.").wait_for()
    number = clerk.filed(destination=address.rpartition("/")[2])
    house.say(house.leg(number).cuo)
    coordinator.open("/bandeja").get_by_role("link", name=number).wait_for()


def asks(visit, sign, email):
    page = visit.open("/sumarse")
    assert visit.is_whole()
    for label, text in (
        ("RUC de la institución", a_ruc()), ("Nombre completo", "Instituto de Prueba del Agua"),
        ("Siglas", f"IPA-{sign}"), ("Ciudad o distrito de su mesa de partes", "Puno"),
        ("Nombres y apellidos", "Juana Mamani Choque"), ("Su correo institucional", email),
    ):  # fmt: skip
        page.get_by_label(label).fill(text)
    page.get_by_label("Instituto de investigación").check()
    page.get_by_label("Departamento").select_option(label="Puno")
    page.get_by_role("button", name="Enviar la solicitud").click()
    page.get_by_text("Recibimos tu solicitud").wait_for()


def approves(visit, sign):
    page = visit.sign_in(ADMIN)
    page.get_by_role("link", name="Solicitudes").click()
    asked = page.get_by_role("region", name=f"IPA-{sign}")
    asked.get_by_role("button", name="Aprobar", exact=True).click()
    page.get_by_text("Ya es parte del sector").wait_for()
    assert visit.is_whole()
