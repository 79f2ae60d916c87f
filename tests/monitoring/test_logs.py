"""Logs for machines: a JSON object a line, a line a step with its CUO, and nothing of a person."""

import io
import json
import logging

import pytest
from sqlalchemy.orm import Session

from hub import steps
from hub.clock import now
from hub.core.statuses import DeliveryStatus
from hub.events import tell
from hub.logs import JSON, JsonLines
from hub.models import Filing


@pytest.fixture
def lines():
    """lines() -> what was written so far, each line as an object."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    before = root.level
    root.setLevel(logging.INFO)
    root.addHandler(handler)
    steps.write_steps()
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    steps.stop_writing()
    root.removeHandler(handler)
    root.setLevel(before)


def test_each_step_of_a_leg_is_a_line_with_its_cuo_and_nothing_of_who_filed(office, lines):
    cuo = office.file(email="ana@ejemplo.pe")
    office.work_until_is(cuo, DeliveryStatus.SENT)
    office.work_until(lambda: any("ack" in one["message"] for one in lines()))
    told = [one for one in lines() if one["logger"] == "mesa.steps"]
    assert [one["message"] for one in told if one["cuo"] == cuo][-2:] == ["handed_out", "sent"]
    assert {one["filing"] for one in told} == {told[0]["filing"]}
    carried = [one for one in lines() if one["logger"] == "mesa.worker" and "ack" in one["message"]]
    assert carried[0]["cuo"] == cuo
    for private in ("Quispe", "10117410", "ana@", "sísmica"):
        assert private not in json.dumps(lines(), ensure_ascii=False)


def test_what_was_rolled_back_is_no_step(office, lines):
    cuo = office.file()
    before = len(lines())
    with Session(office.engine) as session:
        tell(session, session.get(Filing, office.leg(cuo).filing_id), "never", now())
        session.rollback()
        session.commit()
    assert "never" not in [one["message"] for one in lines()[before:]]


def test_an_error_is_its_type_and_where_it_was_and_not_what_it_said(lines):
    try:
        raise ValueError("Ana Quispe Ñahui")
    except ValueError:
        logging.getLogger("mesa.test").exception("%s: could not be carried", "0000000012")
    (line,) = lines()
    assert (line["error"], line["cuo"], line["level"]) == ("ValueError", "0000000012", "error")
    assert "test_logs.py" in line["where"][0] and "Quispe" not in json.dumps(line, ensure_ascii=False)


def test_a_request_has_one_id_in_its_answer_and_in_its_lines(web, lines):
    client = web(log_format=JSON, proxies=1).test_client()
    ours = client.get("/salud/vivo").headers["X-Request-ID"]
    given = client.get("/seguimiento?numero=2026-0001234-6", headers={"X-Request-ID": "de-afuera-0001"})
    forged = client.get("/salud/vivo", headers={"X-Request-ID": "con espacios y <cosas>"}).headers["X-Request-ID"]
    assert given.headers["X-Request-ID"] == "de-afuera-0001" and len(forged) == len(ours) == 32
    answered = [one for one in lines() if one["message"] == "answered"]
    assert [one["request_id"] for one in answered] == [ours, "de-afuera-0001", forged]
    assert answered[1]["endpoint"] == "citizen.find_filing" and answered[1]["status"] == 200
    assert "1234" not in json.dumps(answered)


