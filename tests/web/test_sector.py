"""The board: every leg with what was tried and said, and the remedies by hand, each with its reason."""

from uuid import uuid4

import pytest

from hub import inbound
from hub.clock import now
from hub.core.messages import Cargo, CargoOutcome, Header
from hub.core.ports import NewsKind
from hub.core.statuses import DeliveryStatus, InboundStatus, OutboundStatus
from hub.models import Attempt, Delivery, Event, InboundMessage, OutboundMessage
from hub.outcomes import keep_raw
from hub.wire import seal, sobre, xml
from hub.wire.keys import load_signer
from hub.wire.news import to_news
from tests.fixtures.house import ADMIN, AUDITOR
from tests.web.reading import beside, on_top, text_of


@pytest.fixture(scope="session")
def admin(house):
    """The sector's administrator, signed in once."""
    return house.signed_in(ADMIN)


def fail(house, number, handed_out=False):
    """The worker gave up on a leg after one try whose raw answer was kept."""
    with house.session() as session:
        leg = session.get(Delivery, house.leg(number).id)
        leg.advance(DeliveryStatus.FAILED)
        leg.handed_out_at = now() if handed_out else None
        message = session.query(OutboundMessage).filter_by(once=f"sobre:{leg.cuo}").one()
        message.status, message.attempts, message.last_code = OutboundStatus.DEAD, 1, "HTTP_500"
        digest = keep_raw(session, b"<h1>Error interno</h1>", now())
        session.add(Attempt(message_id=message.id, number=1, started_at=now(), finished_at=now(), worker="w",
                            outcome="temporary", code="HTTP_500", detail="500", raw_digest=digest))
        session.commit()
        return leg.cuo


def park(house, number):
    """IGP's signed cargo on a leg that was cancelled: authentic, and it does not fit. Gives the message's id."""
    cuo = house.leg(number).cuo
    with house.session() as session:
        session.get(Delivery, house.leg(number).id).status = DeliveryStatus.CANCELLED
        session.commit()
    keys = house.services.settings.keys_folder
    signer = load_signer(keys / "sandbox" / "igp.key.pem", keys / "entities" / "igp.crt.pem")
    directory = house.directory
    header = Header(uuid4(), directory.entity("igp").ruc, directory.operator.ruc, number, cuo, now())
    raw = seal.seal(sobre.build(Cargo(header, CargoOutcome.REGISTERED, now(), "77", "2026", unit="X")), signer)
    news = to_news(sobre.read_message(xml.parse(raw)), raw)
    received = inbound.Received(
        header.message_id, header.sender_ruc, "rest", "cargo", seal.digest_of(raw), raw, news
    )
    with house.session() as session:
        row, _ = inbound.keep(session, directory, received, now())
        assert inbound.act_on(session, directory, row.id, received.news, now()) is InboundStatus.PARKED
        session.commit()
        return row.id


def test_every_leg_is_on_the_board_with_its_state(house, clerk, admin):
    number = clerk.filed()
    page = text_of(admin.get("/envios").text)
    assert number in page
    assert house.leg(number).cuo in page
    assert "SERNANP → IGP" in page


def test_the_board_is_narrowed_by_institution_state_and_text(house, clerk, admin):
    igp, iiap = clerk.filed(), clerk.filed(destination="iiap")
    cuo = fail(house, igp)
    assert igp in admin.get("/envios?institucion=igp&estado=failed").text
    assert iiap not in admin.get("/envios?institucion=igp&estado=failed").text
    assert cuo in admin.get(f"/envios?texto={cuo.lstrip('0')}").text
    assert "Ningún envío coincide" in admin.get("/envios?texto=%25%27--").text
    for odd in ("institucion=luna", "estado=inventado", "pagina=-3", "pagina=x", "pagina=99999", "texto=" + "9" * 999):
        assert admin.get(f"/envios?{odd}").status_code == 200, odd


def test_a_leg_shows_its_attempts_and_the_raw_answer_as_text(house, clerk, admin):
    cuo = fail(house, clerk.filed())
    page = admin.get(f"/envios/{cuo}").text
    assert "&lt;h1&gt;Error interno&lt;/h1&gt;" in page
    assert "HTTP_500" in page


def test_a_failed_leg_is_sent_again_with_a_reason(house, clerk, admin):
    number = clerk.filed()
    cuo = fail(house, number)
    refused = admin.post(f"/envios/{cuo}/enviar-otra-vez", {"reason": "  "})
    assert refused.status_code == 422
    assert "Escribe por qué" in beside(refused.text, "reason")
    answer = admin.post(f"/envios/{cuo}/enviar-otra-vez", {"reason": "El destino ya atiende"})
    assert answer.status_code == 303
    assert house.leg(number).status == "queued"
    assert "El destino ya atiende" in admin.get(answer.location).text
    again = admin.post(f"/envios/{cuo}/enviar-otra-vez", {"reason": "otra vez"})
    assert again.status_code == 422
    assert "ya no está detenido" in on_top(again.text)[0]


def test_what_may_have_arrived_asks_for_a_confirmation(house, clerk, admin):
    number = clerk.filed()
    cuo = fail(house, number, handed_out=True)
    refused = admin.post(f"/envios/{cuo}/enviar-otra-vez", {"reason": "Pruebo"})
    assert refused.status_code == 422
    assert "Marca la casilla" in beside(refused.text, "confirmed")
    assert admin.post(f"/envios/{cuo}/enviar-otra-vez", {"reason": "Pruebo", "confirmed": "si"}).status_code == 303
    assert house.leg(number).status == "queued"


def test_an_auditor_looks_and_changes_nothing(house, clerk):
    number = clerk.filed()
    cuo = fail(house, number)
    auditor = house.signed_in(AUDITOR)
    page = auditor.get(f"/envios/{cuo}")
    assert page.status_code == 200
    assert "enviar-otra-vez" not in page.text
    assert auditor.post(f"/envios/{cuo}/enviar-otra-vez", {"reason": "x"}).status_code == 403
    assert auditor.get("/envios/apartadas").status_code == 200
    assert auditor.post("/envios/apartadas/1", {"resolution": "set_aside", "reason": "x"}).status_code == 403
    assert house.leg(number).status == "failed"


def test_a_clerk_has_no_board(clerk):
    assert clerk.get("/envios").status_code == 403


def test_parked_news_is_shown_and_set_aside_with_a_reason(house, clerk, admin):
    number = clerk.filed()
    message_id = park(house, number)
    page = admin.get("/envios/apartadas").text
    assert house.leg(number).cuo in page
    path = f"/envios/apartadas/{message_id}"
    assert "Elige una opción" in on_top(admin.post(path, {"reason": "x"}).text)[0]
    assert "Escribe por qué" in on_top(admin.post(path, {"resolution": "set_aside"}).text)[0]
    assert admin.post(path, {"resolution": "set_aside", "reason": "Se anuló a pedido"}).status_code == 303
    assert house.leg(number).cuo not in admin.get("/envios/apartadas").text
    late = admin.post(path, {"resolution": "set_aside", "reason": "otra vez"})
    assert late.status_code == 422


def test_parked_news_that_still_does_not_fit_is_told_so_and_one_that_fits_is_applied(house, clerk, admin):
    number = clerk.filed()
    message_id = park(house, number)
    path = f"/envios/apartadas/{message_id}"
    refused = admin.post(path, {"resolution": "apply", "reason": "Lo pide IGP"})
    assert refused.status_code == 422
    assert "Eso ya no se puede hacer" in " ".join(on_top(refused.text))
    with house.session() as session:
        session.get(Delivery, house.leg(number).id).status = DeliveryStatus.SENT
        session.commit()
    assert admin.post(path, {"resolution": "apply", "reason": "Lo pide IGP"}).status_code == 303
    assert house.leg(number).status == "registered"
    with house.session() as session:
        row = session.get(InboundMessage, message_id)
        assert (row.status, row.resolution) == (InboundStatus.APPLIED, "Lo pide IGP")
        assert session.query(Event).filter_by(delivery_id=row.delivery_id, kind="applied_by_hand").count() == 1


def test_what_is_not_there_is_not_found(admin):
    assert admin.get("/envios/9999999999").status_code == 404
    assert admin.post("/envios/9999999999/enviar-otra-vez", {"reason": "x"}).status_code == 404


def test_a_cargo_said_by_the_destination_shows_as_its_word(house, clerk, admin):
    number = clerk.filed()
    cuo = house.leg(number).cuo
    house.say(cuo, NewsKind.REGISTERED, registry_number="55", registry_year="2026")
    assert "55" in text_of(admin.get(f"/envios/{cuo}").text)
