"""An institution that calls too fast waits; the others do not notice."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from hub.clock import now
from hub.core.errors import ContractError
from hub.core.statuses import DeliveryStatus
from hub.models import Delivery
from hub.rates import Rate, spend
from tests.api.test_messages import refused


@pytest.fixture
def slow(hub):
    """The hub with room for three calls at once and one a minute besides."""
    house = hub.app.extensions["mesa"]
    settings = replace(house.settings, calls_per_second=1 / 60, calls_at_once=2)
    hub.app.extensions["mesa"] = replace(house, settings=settings)
    yield
    hub.app.extensions["mesa"] = house


def put(hub, leg, status):
    with hub.session() as session:
        session.execute(update(Delivery).where(Delivery.cuo == leg.cuo).values(status=status))
        session.commit()


def test_too_many_calls_are_told_when_to_come_again(hub, slow, leg):
    put(hub, leg, DeliveryStatus.SENT)
    answers = [hub.fetch(leg, token=hub.token()) for _ in range(5)]
    late = [one for one in answers if one.status_code == 429]
    assert 1 <= len(late) <= 3
    assert refused(late[-1], 429, "DEMASIADAS_LLAMADAS")["temporary"]
    assert 0 < int(late[-1].headers["Retry-After"]) <= 60
    assert hub.http.get(f"{hub.url}/api/v1/openapi.json", timeout=20).status_code == 200


def test_a_message_counts_as_a_call_and_is_not_kept_when_refused(hub, slow):
    leg = hub.file("senace")
    answers = [hub.post(hub.sealed(hub.cargo(leg, "senace"), "senace")).status_code for _ in range(5)]
    assert answers[:2] == [200, 200] and answers[-1] == 429


def test_the_rate_is_kept_and_forgiven_with_time(hub):
    rate, at = Rate(2, 3), now() + timedelta(days=1)

    def is_taken(session, moment):
        try:
            spend(session, "20999999999", rate, moment)
        except ContractError as error:
            assert error.code == "DEMASIADAS_LLAMADAS"
            return False
        finally:
            session.commit()
        return True

    def tries(moment, count):
        with hub.session() as session:
            return sum(is_taken(session, moment) for _ in range(count))

    assert tries(at, 10) == 4
    assert tries(at + timedelta(seconds=1), 10) == 2
    assert tries(at + timedelta(hours=1), 10) == 4


def test_what_is_being_handed_over_may_be_fetched_at_our_own_pace(hub, slow, leg):
    put(hub, leg, DeliveryStatus.SENDING)
    assert [hub.fetch(leg, token=hub.token()).status_code for _ in range(5)] == [200] * 5


def test_what_is_being_handed_to_one_is_no_open_door_for_another(hub, slow, leg):
    put(hub, leg, DeliveryStatus.SENDING)
    answers = [hub.fetch(leg, token=hub.token("senamhi")).status_code for _ in range(5)]
    assert 429 in answers and set(answers) <= {403, 404, 429}, answers
