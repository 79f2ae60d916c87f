"""R-CARGO-4, R-CARGO-5: the receipt by more than one way, a mail that does not arrive; the same thing filed twice."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from hub import cautions, letters
from hub.core.messages import Filer
from hub.models import Event, OutboundMessage
from hub.worker import make_tools
from tests.fixtures.house import IGP_CLERK, a_pdf
from tests.stages.sector import NOW, a_submission, make_sector, take
from tests.stages.test_letters import server
from tests.web.reading import text_of

__all__ = ["server"]
REFUSED = "buzon-lleno@ejemplo.pe"


@pytest.fixture
def tools(house):
    made = make_tools(house.services.settings, house.engine)
    yield made
    made.live_directory.stop()


def post_all(tools, server):
    server.box.refuse[REFUSED] = "550 5.1.1 no such user"
    while letters.send_due(tools, server.postman()):
        pass


# R-CARGO-4


@pytest.mark.rule("R-CARGO-4")
def test_the_receipt_is_on_screen_and_by_mail_and_its_pdf_has_an_address(house, clerk, tools, server):
    number = clerk.filed(email="ana@ejemplo.pe")
    page = clerk.get(f"/mesa-de-partes/constancias/{number}").text
    assert number in page
    assert f"/mesa-de-partes/constancias/{number}.pdf" in page
    post_all(tools, server)
    (mail,) = [mail for _, mail in server.box.mails if number in mail["Subject"]]
    text = mail.get_content()
    assert "hora oficial del Perú" in text
    assert re.search(r"(lunes|martes|miércoles|jueves|viernes|sábado|domingo) \d+ de \w+ de 20\d\d a las \d\d:", text)
    assert f"/seguimiento/{house.filing(number)[0].verification_code}" in text


@pytest.mark.rule("R-CARGO-4")
def test_a_mail_that_fails_for_good_is_shown_to_the_counter_and_on_the_tracking_page(house, clerk, tools, server):
    failing, fine = clerk.filed(email=REFUSED), clerk.filed(email="ana@ejemplo.pe")
    post_all(tools, server)
    filing = house.filing(failing)[0]
    with house.session() as session:
        query = select(Event).where(Event.filing_id == filing.id, Event.kind == "mail_failed")
        (event,) = session.scalars(query).all()
    assert event.data == {"letter": "constancia", "code": "MAIL_REFUSED"}
    home = clerk.get("/mesa-de-partes").text
    assert "correo no entregado" in home
    listed = clerk.get("/mesa-de-partes/correos-no-entregados").text
    assert failing in listed
    assert REFUSED in listed
    assert fine not in listed
    told = text_of(house.visitor().get(f"/seguimiento/{filing.verification_code}").text)
    assert "Correo no entregado" in told
    assert REFUSED not in told
    code = house.filing(fine)[0].verification_code
    assert "Correo no entregado" not in text_of(house.visitor().get(f"/seguimiento/{code}").text)


@pytest.mark.rule("R-CARGO-4")
def test_a_counter_sees_its_own_undelivered_mail_alone(house, clerk, tools, server):
    number = clerk.filed(destination="oefa", email=REFUSED)
    post_all(tools, server)
    assert number not in house.signed_in(IGP_CLERK).get("/mesa-de-partes/correos-no-entregados").text


# R-CARGO-5


def marks_in(page):
    return re.search(r'name="confirmed" type="checkbox" value="([^"]+)"', page)[1]


@pytest.mark.rule("R-CARGO-5")
def test_the_same_content_again_is_warned_about_and_goes_through_when_confirmed(house, clerk):
    main = ("pedido.pdf", a_pdf())
    first = clerk.filed(main=main)
    before, stored = house.count(), house.stored()
    again = clerk.file(main=main)
    assert again.status_code == 422
    assert first in text_of(again.text)
    assert "Revisa antes de recibir" in again.text
    assert (house.count(), house.stored()) == (before, stored)
    second = clerk.filed(main=main, confirmed=marks_in(again.text))
    assert second != first
    assert house.count() == before + 1


@pytest.mark.rule("R-CARGO-5")
@pytest.mark.parametrize(
    "changed", [{"destination": "oefa"}, {"document_number_of_person": "08123457"}, {"main": ("otro.pdf", a_pdf())}]
)
def test_what_was_changed_is_not_warned_about(clerk, changed):
    main = ("pedido.pdf", a_pdf())
    clerk.filed(main=main)
    assert clerk.file(**{"main": main} | changed).status_code == 303


@pytest.mark.rule("R-CARGO-5")
def test_another_doubt_is_not_confirmed_by_an_old_tick(clerk):
    main = ("pedido.pdf", a_pdf())
    clerk.filed(main=main)
    assert clerk.file(main=main, confirmed="SAME_CONTENT:2020-0000001-1").status_code == 422
    assert clerk.file(main=main, confirmed="si").status_code == 422


@pytest.mark.rule("R-CARGO-5")
def test_the_same_form_again_is_no_doubt_but_the_same_filing(clerk):
    main, token = ("pedido.pdf", a_pdf()), "2f5de0b0-8dd0-4f21-a5a4-1d9a3b7c5a11"
    assert clerk.filed(main=main, form_token=token) == clerk.filed(main=main, form_token=token)


@pytest.mark.rule("R-CARGO-5")
@pytest.mark.parametrize(("minutes", "is_warned"), [(9, True), (11, False)])
def test_the_warning_holds_for_ten_minutes(session, minutes, is_warned):
    sector = make_sector(session)
    submission = a_submission(filer=Filer("dni", "45678912", "Ana Quispe"))
    take(session, sector, submission)
    found = cautions.same_content(
        session, sector, submission.filer, "igp", submission.files, NOW + timedelta(minutes=minutes),
        timedelta(minutes=10),
    )  # fmt: skip
    assert bool(found) is is_warned
    assert session.scalars(select(OutboundMessage)).first() is not None
