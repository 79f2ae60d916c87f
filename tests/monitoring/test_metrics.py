"""/metrics: figures that agree with the database, nothing of a person, and open to nobody from outside."""

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.orm import Session

from hub.core.errors import PermanentFailure
from hub.core.statuses import DeliveryStatus
from hub.monitoring.figures import FIGURES
from hub.overseeing import beat
from tests.monitoring.overseer import oversee

HERE, AWAY = {"REMOTE_ADDR": "127.0.0.1"}, {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture
def client(web):
    """client(**settings) -> a browser at the web over the office's database."""
    return lambda **settings: web(**settings).test_client()


def read(client, **environ):
    answer = client.get("/metrics", environ_base=environ or HERE)
    assert answer.status_code == 200, answer.text
    families = {one.name: one for one in text_string_to_metric_families(answer.text)}
    return answer.text, families


def value(families, name, **labels):
    (sample,) = (one for one in families[name].samples if labels.items() <= one.labels.items())
    return sample.value


def test_the_figures_are_those_of_the_database_and_name_nobody(office, client):
    office.institution.says["igp"] = [PermanentFailure("RECEPTOR_EQUIVOCADO", raw=b"{}")]
    bad, waits = office.file(email="ana@ejemplo.pe"), office.file("senace")
    office.work_until_is(bad, DeliveryStatus.FAILED)
    office.file("oefa")
    beat(office.tools)
    oversee(office.tools)
    text, families = read(client())
    assert set(families) == set(FIGURES)
    assert value(families, "mesa_deliveries", institution="igp", status="failed") == 1
    assert value(families, "mesa_queue_messages", institution="oefa") == 1
    assert value(families, "mesa_queue_messages", institution="minam") == 0
    assert value(families, "mesa_letters_waiting", kind="mail") == 1
    assert value(families, "mesa_entry_numbers", institution="sernanp") == 3
    assert value(families, "mesa_workers") == 1
    assert value(families, "mesa_operator_alerts", kind="stuck_delivery") == 1
    assert value(families, "mesa_probe_up", probe="store") == 1
    assert value(families, "mesa_ledger_unsealed") > 3
    with Session(office.engine) as session:
        number = office.leg(waits).filing_id and session.get(type(office.leg(waits)), office.leg(waits).id).cuo
    for told in ("ana", "Quispe", "10117410", "ejemplo", number):
        assert told not in text


def test_two_web_processes_tell_the_same(office, client):
    office.file("senace")
    one, other = (read(client(metrics_from=near))[1] for near in ("127.0.0.0/8", "127.0.0.1"))
    for name in ("mesa_queue_messages", "mesa_deliveries", "mesa_ledger_unsealed"):
        assert one[name].samples == other[name].samples


def test_only_who_is_near_or_holds_the_token_may_read(client):
    plain, behind, with_token = client(), client(proxies=1), client(metrics_token="palabra", metrics_from="10.0.0.0/8")
    bearer = {"Authorization": "Bearer palabra"}
    assert plain.get("/metrics", environ_base=HERE).status_code == 200
    assert plain.get("/metrics", environ_base=AWAY).status_code == 403
    assert plain.get("/metrics", environ_base=AWAY, headers={"Authorization": "Bearer "}).status_code == 403
    passed_on = {"X-Forwarded-For": "203.0.113.9"}
    assert plain.get("/metrics", environ_base=HERE, headers=passed_on).status_code == 403
    assert behind.get("/metrics", environ_base=HERE, headers=passed_on).status_code == 403
    assert with_token.get("/metrics", environ_base=HERE).status_code == 403
    assert with_token.get("/metrics", environ_base=HERE, headers=bearer).status_code == 200
    assert with_token.get("/metrics", environ_base={"REMOTE_ADDR": "10.1.2.3"}).status_code == 200
