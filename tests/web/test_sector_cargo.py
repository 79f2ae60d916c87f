"""The leg of a document that an institution sent in: who sent it, and its cargo given again where it was not taken."""

import pytest

from hub.core.ports import NewsKind
from hub.core.statuses import OutboundStatus
from hub.models import Delivery, OutboundMessage, Sending
from tests.api.national import PATH, a_number, recepcion
from tests.fixtures.house import ADMIN, AUDITOR
from tests.web.reading import text_of


@pytest.fixture
def stopped(house):
    """The CUO of a leg whose cargo its sender's system refused for good, and the sender's own."""
    number = a_number()
    answer = house.app.test_client().post(PATH, data=recepcion(vcuo=number).encode(), content_type="text/xml")
    assert b"0000" in answer.data
    with house.session() as session:
        sending = session.query(Sending).filter_by(cuo=number).one()
        cuo = session.get(Delivery, sending.delivery_id).cuo
    house.say(cuo, NewsKind.REGISTERED, registry_number="004512", registry_year="2026")
    with house.session() as session:
        message = session.query(OutboundMessage).filter_by(delivery_id=sending.delivery_id, kind="cargo_nacional").one()
        message.status, message.last_code = OutboundStatus.DEAD, "PIDE_0003"
        session.commit()
    return cuo, number


def test_the_page_tells_who_sent_it_and_that_it_lacks_its_cargo(house, stopped):
    cuo, number = stopped
    page = text_of(house.signed_in(ADMIN).get(f"/envios/{cuo}").text)
    assert "ORGANISMO DE EVALUACIÓN" in page and number in page
    assert "El remitente no tiene el cargo" in page and "PIDE_0003" in page
    assert "Dar otra vez el cargo" not in text_of(house.signed_in(AUDITOR).get(f"/envios/{cuo}").text)


def test_it_is_given_again_with_a_reason_and_only_while_it_is_stopped(house, stopped):
    cuo, _ = stopped
    admin = house.signed_in(ADMIN)
    assert admin.post(f"/envios/{cuo}/dar-el-cargo", {"reason": ""}).status_code == 422
    assert admin.post(f"/envios/{cuo}/dar-el-cargo", {"reason": "Ya lo arreglaron"}).status_code == 303
    page = text_of(admin.get(f"/envios/{cuo}").text)
    assert "Se da otra vez el cargo al remitente" in page and "El remitente no tiene el cargo" not in page
    assert admin.post(f"/envios/{cuo}/dar-el-cargo", {"reason": "Otra vez"}).status_code == 422
