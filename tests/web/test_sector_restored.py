"""A leg of a hub that came back from a copy: its page says so, and asks; so does the terminal."""

import pytest

from hub.cli.complaint import Complaint
from hub.cli.deliveries import retry_delivery
from hub.clock import now
from hub.core.statuses import DeliveryStatus
from hub.models import Delivery, OutboundMessage
from tests.web.reading import beside, text_of
from tests.web.test_dashboard import admin, stopped

__all__ = ["admin"]


@pytest.fixture
def restored(house, clerk):
    """restored(**message) -> the CUO of a leg that a restored hub found stopped, its message as given."""

    def made(**values):
        cuo = stopped(house, clerk)
        with house.session() as session:
            session.query(Delivery).filter_by(cuo=cuo).one().restored_at = now()
            session.query(OutboundMessage).filter_by(once=f"sobre:{cuo}").update(values or {"attempts": 1})
            session.commit()
        return cuo

    return made


def test_its_page_says_that_it_may_have_left_and_asks(house, admin, restored):
    cuo = restored()
    page = text_of(admin.get(f"/envios/{cuo}").text)
    assert "volvió de una copia" in page and "Antes de enviarlo se le pregunta" in page
    refused = admin.post(f"/envios/{cuo}/enviar-otra-vez", {"reason": "Pruebo"})
    assert refused.status_code == 422 and "Marca la casilla" in beside(refused.text, "confirmed")
    assert admin.post(f"/envios/{cuo}/enviar-otra-vez", {"reason": "Pruebo", "confirmed": "si"}).status_code == 303


def test_of_one_without_its_national_number_it_promises_nothing(admin, restored):
    cuo = restored(channel="pide", last_code="RESTORED_UNNUMBERED")
    page = text_of(admin.get(f"/envios/{cuo}").text)
    assert "lo tendría dos veces" in page and "Antes de enviarlo se le pregunta" not in page
    home = text_of(admin.get("/tablero").text)
    assert "quizá ya salió" in home and "restored unnumbered" not in home


def test_of_one_that_was_refused_it_says_that_it_may_have_gone_elsewhere_and_asks(house, admin, restored):
    cuo = restored()
    with house.session() as session:
        session.query(Delivery).filter_by(cuo=cuo).one().status = DeliveryStatus.REFUSED
        session.commit()
    page = text_of(admin.get(f"/envios/{cuo}").text)
    assert "quizá este documento ya salió hacia otra institución" in page and "no salió ya hacia otra" in page
    to = {"to": "senamhi", "why": "NO_COMPETE", "why_text": "Es de ellos"}
    refused = admin.post(f"/envios/{cuo}/otro-destino", to)
    assert refused.status_code == 422 and "Marca la casilla" in beside(refused.text, "otro-sure")
    assert admin.post(f"/envios/{cuo}/otro-destino", {**to, "sure": "si"}).status_code == 303


def test_the_terminal_sends_it_only_when_it_is_confirmed(house, restored):
    cuo = restored()
    with pytest.raises(Complaint, match="repite con --confirmo"):
        retry_delivery(house.engine, cuo, "Pruebo")
    assert retry_delivery(house.engine, cuo, "No lo tiene", is_confirmed=True) == 0
