"""Observations on screen: received so, read by a button, corrected, lapsed, presented again, withdrawn."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from hub import lapses
from hub.core.identifiers import tracking_key
from hub.core.ports import NewsKind
from hub.core.statuses import DeliveryStatus, FilingStatus
from hub.extensions import RequestSession
from hub.models import Filing, Observation, Subsanacion
from tests.fixtures.house import IGP_CLERK, a_pdf
from tests.web.reading import beside, on_top, text_of

ITEMS = "Falta la firma\r\nFalta el recibo de pago"


@pytest.fixture
def observed(house, clerk):
    """Received with observations at SERNANP for IGP: (number, the page of its filer)."""
    answer = clerk.file(accion="observar", observed_items=ITEMS, allegations="Dice que lo trae mañana")
    assert answer.status_code == 303, answer.text
    number = answer.location.rpartition("/")[2].partition("?")[0]
    return number, f"/seguimiento/{house.filing(number)[0].verification_code}"


@pytest.fixture
def filer(house):
    return house.visitor()


def observation_of(house, number):
    with house.session() as session:
        filing = session.scalars(select(Filing).where(Filing.filing_number == number)).one()
        return session.scalars(select(Observation).where(Observation.filing_id == filing.id)).one()


def let_lapse(house, number):
    """As if its term had passed and the clock come round."""
    observation = observation_of(house, number)
    with house.session() as session:
        assert lapses.lapse(session, observation.id, observation.correct_by + timedelta(minutes=5))
        session.commit()


def a_correction(answer="Ya la firmé", files=None, **changes):
    files = [("firmado.pdf", a_pdf())] if files is None else files
    form = {"form_token": str(uuid4()), "answer-0": answer, "answer-1": ""} | changes
    return form | {"documents": [(BytesIO(content), name) for name, content in files]}


def test_received_with_observations_it_has_its_constancia_and_no_leg(house, clerk, observed):
    number, _ = observed
    filing, _, legs = house.filing(number)
    assert (filing.status, legs) == (FilingStatus.OBSERVED, [])
    page = text_of(clerk.get(f"/mesa-de-partes/constancias/{number}").text)
    for words in (number, "Recibido con observaciones", "Falta el recibo de pago", "lo trae mañana", "no presentado"):
        assert words in page
    assert observation_of(house, number).allegations == "Dice que lo trae mañana"


def test_observations_without_their_button_and_the_button_without_them_are_asked_about(clerk):
    assert "Recibir con observaciones" in beside(clerk.file(observed_items=ITEMS).text, "observed_items")
    assert "al menos una cosa" in beside(clerk.file(accion="observar").text, "observed_items")


def test_the_filer_corrects_by_the_link_and_it_leaves(house, filer, observed):
    number, page = observed
    told = text_of(filer.get(page).text)
    assert "Falta el recibo de pago" in told
    assert "Mesa de Partes de SERNANP" in told
    assert "La mesa de partes lo recibió y pide completar o corregir algo" in told
    assert "IGP pide completar o corregir algo" not in told
    answer = filer.post(f"{page}/observacion", a_correction(), content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    filing, documents, (leg,) = house.filing(number)
    assert (leg.status, filing.status) == (DeliveryStatus.QUEUED, FilingStatus.ON_ITS_WAY)
    assert [one.file_name for one in documents] == ["solicitud.pdf", "firmado.pdf"]
    assert "Recibimos tu corrección" in filer.get(answer.location).text
    assert (house.data / "documents" / documents[1].object_key).is_file()


def test_the_same_correction_sent_twice_is_one_and_an_empty_one_is_asked_for(house, filer, observed):
    number, page = observed
    empty = filer.post(f"{page}/observacion", a_correction("", ()), content_type="multipart/form-data")
    assert empty.status_code == 422
    assert on_top(empty.text)
    token = str(uuid4())
    for _ in range(2):
        form = a_correction(form_token=token)
        assert filer.post(f"{page}/observacion", form, content_type="multipart/form-data").status_code == 303
    with house.session() as session:
        assert len(session.scalars(select(Subsanacion).where(Subsanacion.form_token == token)).all()) == 1
    assert len(house.filing(number)[1]) == 2


def test_what_a_destination_asks_is_read_by_a_button_that_notifies_and_by_nothing_else(house, clerk, filer):
    number = clerk.filed()
    house.say(house.leg(number).cuo, NewsKind.OBSERVED, items=("Falta el plano",))
    page = f"/seguimiento/{house.filing(number)[0].verification_code}"
    for path in (page, f"{page}/observacion"):
        assert "Falta el plano" not in filer.get(path).text
    told = text_of(filer.get(page).text)
    assert "IGP pide completar o corregir algo" in told and "Tienes 1 notificación sin abrir" in told
    assert observation_of(house, number).notified_at is None
    assert filer.post(f"{page}/observacion/ver", {}).status_code == 303
    assert observation_of(house, number).notified_how == "opened"
    assert "Falta el plano" in filer.get(f"{page}/observacion").text
    assert "sin abrir" not in filer.get(page).text


def test_another_counter_takes_the_correction_with_number_and_key(house, observed):
    number, page = observed
    other = house.signed_in(IGP_CLERK)
    wrong = other.post("/mesa-de-partes/corregir", {"filing_number": number, "tracking_key": ""})
    assert wrong.status_code == 422
    here = f"/mesa-de-partes/corregir/{page.rpartition('/')[2]}"
    assert other.get(here).status_code == 404, "the code alone, which many may have read, opens nothing at a counter"
    given = {"filing_number": number, "tracking_key": tracking_key(house.services.tracking_secret, number, 1)}
    assert other.post("/mesa-de-partes/corregir", given).location == here
    answer = other.post(here, a_correction(), content_type="multipart/form-data")
    assert answer.status_code == 303
    assert observation_of(house, number).closed_as == "corrected"


def test_what_lapsed_is_presented_again_once_with_its_data_and_its_files(house, filer, observed):
    number, page = observed
    let_lapse(house, number)
    told = text_of(filer.get(page).text)
    assert "no presentado" in told
    answers = [filer.post(f"{page}/presentar-de-nuevo", {}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    old, old_documents, _ = house.filing(number)
    with house.session() as session:
        new = session.scalars(select(Filing).where(Filing.follows_id == old.id)).one()
        assert (new.follows_as, new.channel, new.subject) == ("after_lapse", "online", old.subject)
        assert [one.sha256 for one in new.documents] == [one.sha256 for one in old_documents]
        assert {one.object_key for one in new.documents}.isdisjoint(one.object_key for one in old_documents)
        assert all((house.data / "documents" / one.object_key).is_file() for one in new.documents)
        assert new.filing_number in filer.get(page).text
    late = filer.post(f"{page}/observacion", a_correction(), content_type="multipart/form-data")
    assert late.status_code == 422
    assert house.filing(number)[0].status is FilingStatus.LAPSED


def test_a_commit_whose_answer_is_lost_takes_no_file_from_what_was_presented_again(house, filer, observed):
    number, page = observed
    let_lapse(house, number)

    def lose_the_answer(session):
        raise OperationalError("commit", None, Exception("the connection was cut after it was done"))

    event.listen(RequestSession, "after_commit", lose_the_answer)
    try:
        assert filer.post(f"{page}/presentar-de-nuevo", {}).status_code == 503
    finally:
        event.remove(RequestSession, "after_commit", lose_the_answer)
    assert filer.post(f"{page}/presentar-de-nuevo", {}).status_code == 303
    with house.session() as session:
        new = session.scalars(select(Filing).where(Filing.follows_id == house.filing(number)[0].id)).one()
        assert all((house.data / "documents" / one.object_key).is_file() for one in new.documents)


def test_what_did_not_lapse_is_not_presented_again(filer, observed):
    assert filer.post(f"{observed[1]}/presentar-de-nuevo", {}).status_code == 403


def test_a_counter_takes_back_what_nobody_has_and_receives_a_desistimiento_of_what_somebody_has(house, clerk):
    first, second = clerk.filed(), clerk.filed()
    house.say(house.leg(second).cuo)
    codes = {number: house.filing(number)[0].verification_code for number in (first, second)}
    refused = clerk.post(f"/mesa-de-partes/corregir/{codes[first]}/retirar", {})
    assert refused.status_code == 422
    for number, status in ((first, 303), (second, 409)):
        answer = clerk.post(f"/mesa-de-partes/corregir/{codes[number]}/retirar", {"confirmed": "si"})
        assert answer.status_code == status
    filing, _, (leg,) = house.filing(first)
    assert (filing.status, leg.status) == (FilingStatus.WITHDRAWN, DeliveryStatus.CANCELLED)
    form = clerk.get(f"/mesa-de-partes/recepcion?desiste={codes[second]}").text
    assert f"Desistimiento del trámite {second}" in form
    later = clerk.filed(desiste=codes[second], subject=f"Desistimiento del trámite {second}")
    follower = house.filing(later)[0]
    assert (follower.follows_id, follower.follows_as) == (house.filing(second)[0].id, "withdrawal")
