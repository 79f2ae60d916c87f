"""The people of a body without a system, before the application alone: what they do in a browser."""

from datetime import timedelta

import pyotp

from hub import invitations, second_factor
from hub.clock import now
from hub.core.calendar import local_date
from hub.models import Invitation, SecondFactor, User
from tests.journeys.pages import pdf

CHOSEN = "una frase muy larga de prueba"


def user_of(house, email):
    with house.session() as session:
        return session.query(User).filter_by(email=email).one()


def code_of(house, email, ahead=0):
    with house.session() as session:
        row = session.get(SecondFactor, user_of(house, email).id)
    secret = second_factor.secret_of(house.services.tracking_secret, row)
    return pyotp.TOTP(secret).at(now() + timedelta(seconds=ahead))


def opens_invitation(house, visit, email):
    """The link of the letter, a password, the telephone's code. The page behind the sign-in follows."""
    with house.session() as session:
        row = session.query(Invitation).filter_by(user_id=user_of(house, email).id).one()
    page = visit.open(f"/invitacion/{invitations.token_of(house.services.tracking_secret, row.id)}")
    page.locator("input[name=password]").fill(CHOSEN)
    page.locator("input[name=again]").fill(CHOSEN)
    visit.press("Guardar y continuar")
    page.get_by_label("Correo institucional").fill(email)
    page.locator("input[name=password]").fill(CHOSEN)
    visit.press("Ingresar").heading("Activar la verificación en dos pasos")
    assert visit.is_whole()
    page.get_by_label("Código").fill(code_of(house, email))
    visit.press("Activar e ingresar").heading("Guardar tus códigos de respaldo")
    assert visit.is_whole()
    visit.press("Ya los guardé: continuar")
    return page


def registers(officer, number):
    """Opens a filing of the inbox and registers it in an expediente of its own."""
    page = officer.page
    page.get_by_role("link", name=number).click()
    page.get_by_label("Registrarlo").check()
    page.get_by_label("Abrir un expediente nuevo").check()
    officer.press("Guardar y avisar").reads("Quien lo presentó ya puede verlo")


def passes_on(officer, unit):
    officer.page.get_by_label("A qué oficina pasa").select_option(label=unit)
    officer.press("Pasar").reads("Ya está con esa oficina")


def notifies(officer, subject):
    """Answers with a document, which goes to the casilla of who filed."""
    page = officer.page
    officer.press("Notificar un documento")
    page.get_by_label("De qué trata").fill(subject)
    page.get_by_label("Fecha del documento").fill(local_date(now()).isoformat())
    page.locator("input[type=file][name=act_document]").set_input_files([pdf("carta.pdf", 3)])
    officer.press("Notificar").reads("El documento está en la casilla")
    page.get_by_role("link", name="Volver al trámite").click()


def archives(officer):
    officer.page.get_by_label("Concluido").check()
    officer.press("Guardar y avisar").press("Archivar").reads("Quedó archivado")
