"""The leg of a document that an institution sent in: who sent it, and its cargo given again where it was not taken."""

import pytest

from tests.fixtures.house import ADMIN, AUDITOR
from tests.web.national import with_stopped_cargo
from tests.web.reading import text_of


@pytest.fixture
def stopped(house):
    return with_stopped_cargo(house)


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
