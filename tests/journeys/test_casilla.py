"""From a counter to the inbox of a body without a system, and from there to the citizen's casilla."""

import re

import pikepdf

from hub import units
from hub.clock import now
from tests.fixtures.house import CLERK, OFFICER
from tests.journeys import staff
from tests.journeys.citizens import Citizen
from tests.journeys.pages import ON_A_DESK, Visit

LETTER = "Carta 1-2026: entrega lo pedido"


@ON_A_DESK
def test_from_the_counter_by_the_hosted_inbox_to_the_casilla(house, house_url, browse, width, script):
    unit = an_office(house, f"Botánica {width} {script}")
    clerk = Visit(browse(width, script=script), house_url)
    number, key = takes(clerk)
    house.say(house.leg(number).cuo)
    officer = Visit(browse(width, script=script), house_url)
    officer.sign_in(OFFICER)
    staff.registers(officer, number)
    downloads(officer.page, "Solicitud N° 1 – Ñahui.pdf")
    staff.passes_on(officer, unit)
    staff.notifies(officer, LETTER)
    staff.archives(officer)
    assert officer.page.get_by_role("link", name=number).count() == 0
    citizen = Citizen(browse(width, script=script), house_url)
    told = citizen.follows(number, key)
    assert "IIAP terminó de atenderlo" in told and house.leg(number).destination_registry_number in told
    opens_casilla(citizen)


def an_office(house, name):
    with house.session() as session:
        officer = staff.user_of(house, OFFICER).id
        units.add(session, house.directory.entity("iiap"), name, officer, now())
        session.commit()
    return name


def takes(clerk):
    """A filing at SERNANP's counter, by who authorises notices in the casilla; (number, key)."""
    clerk.sign_in(CLERK)
    page = clerk.fill_filing("iiap", subject="Pide la lista de plantas del Nanay", email="ana@ejemplo.pe")
    page.get_by_label("Autoriza que le notifiquen").check()
    clerk.submit()
    clerk.reads("Constancia de presentación")
    return page.locator(".mesa-receipt__number").inner_text().strip(), page.locator(".mesa-receipt__key").inner_text()


def downloads(page, name):
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name, exact=True).click()
    with pikepdf.open(waiting.value.path()) as found:
        return len(found.pages)


def opens_casilla(citizen):
    """Who gave number and key is in; what is opened is notified, and its document is theirs."""
    page = citizen.page
    page.get_by_role("link", name="Abrir mi casilla").click()
    citizen.heading("Revisar la casilla de tu trámite")
    assert citizen.is_whole()
    citizen.press("Abrir la notificación")
    citizen.heading(LETTER)
    citizen.reads("Quedaste notificado el")
    with page.expect_download() as waiting:
        citizen.press("Descargar el documento")
    with pikepdf.open(waiting.value.path()) as found:
        assert len(found.pages) == 3
    page.get_by_role("link", name="Volver a la casilla").click()
    citizen.reads(re.compile("Notificada el"))
