"""What the destination observes is read and answered on the tracking page, and the destination receives the answer."""

from tests.fixtures.house import OFFICER
from tests.journeys.citizens import Citizen
from tests.journeys.pages import WITHOUT_SCRIPT, Visit, opens_listed, pdf


@WITHOUT_SCRIPT
def test_observed_by_a_hosted_body_and_answered_from_home(house, house_url, clerk, browse, width, script):
    number = clerk.filed(destination="iiap", subject="Pide permiso para colectar plantas", email="ana@ejemplo.pe")
    house.say(house.leg(number).cuo)
    officer = Visit(browse(width, script=script), house_url)
    observes(officer, number)
    citizen = Citizen(browse(width, script=script), house_url)
    corrects(citizen, house.filing(number)[0].verification_code)
    first, second = house.filing(number)[2]
    assert (first.status, second.status) == ("corrected", "queued")
    house.say(second.cuo)
    page = officer.open("/bandeja")
    page.locator(f"main a[href$='/bandeja/{second.cuo}']").click()
    officer.reads("La matrícula es 4512")
    assert page.get_by_role("link", name="recibo.pdf").count() == 1
    page.get_by_label("Registrarlo").check()
    officer.press("Guardar y avisar").reads("Quien lo presentó ya puede verlo")
    citizen.page.reload()
    citizen.reads("Registrado")


def observes(officer, number):
    page = officer.sign_in(OFFICER)
    opens_listed(page, number)
    page.get_by_label("Observarlo").check()
    page.get_by_label("Qué falta o hay que corregir").fill("Falta el recibo de pago\nFalta la matrícula")
    officer.press("Guardar y avisar").reads("Quien lo presentó ya puede verlo")


def corrects(citizen, code):
    """Reads what is asked, by a button that notifies; answers one item with a document and one with words."""
    page = citizen.open(f"/seguimiento/{code}")
    assert "Falta el recibo" not in page.locator("main").inner_text()
    citizen.press("Ver lo que me piden")
    citizen.heading("Corregir o completar tu documento")
    citizen.press("Ver lo que me piden").reads("Hay plazo hasta el")
    citizen.press("Enviar la corrección").reads("Hay un problema")
    page.get_by_label("Falta la matrícula").fill("La matrícula es 4512")
    page.locator("input[name=documents]").set_input_files([pdf("recibo.pdf", 1)])
    citizen.press("Enviar la corrección").reads("Recibimos tu corrección")
