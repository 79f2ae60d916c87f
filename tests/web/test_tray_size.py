"""A tray among as many filings of others: its pages use the index, its export takes little memory.

`make sizes`: twenty thousand filings of ours; with every change, five thousand.
"""

import os
import time
import tracemalloc

import pytest
from sqlalchemy import text

from hub.models import Delivery, Filing
from tests.fixtures.house import make_house
from tests.web.account import Holder
from tests.web.test_tray import files

OURS, MOST = (20_000, 24) if os.environ.get("MESA_WHOLE") else (5_000, 6)
"""How many filings are ours, and the megabytes in which they are exported."""
ROWS = 2 * OURS
CHANGED = {
    "filings": {
        "filing_number": "'2020-' || lpad(n::text, 7, '0') || '-0'",
        "verification_code": "'X' || lpad(n::text, 15, '0')",
        "form_token": "gen_random_uuid()", "entry_sequence": "null", "id": "1000000 + n",
        "account_id": f"case when n <= {OURS} then account_id end",
    },
    "deliveries": {"id": "1000000 + n", "cuo": "(9000000000 + n)::text", "filing_id": "1000000 + n"},
}


@pytest.fixture(scope="module")
def crowded(make_database, migrated_template, tmp_path_factory):
    """A house of its own, and an account whose one filing was copied; the copies beyond `OURS` are of nobody."""
    house = make_house(make_database(migrated_template), tmp_path_factory.mktemp("crowd"), "http://127.0.0.1:1")
    holder = Holder(house).opens()
    files(holder)
    with house.engine.begin() as connection:
        for model in (Filing, Delivery):
            name, changed = model.__tablename__, CHANGED[model.__tablename__]
            columns = [f'"{one.name}"' for one in model.__table__.columns]
            values = [changed.get(one.name, f'"{one.name}"') for one in model.__table__.columns]
            connection.execute(text(
                f"insert into {name} ({', '.join(columns)}) overriding system value select {', '.join(values)} "
                f"from (select * from {name} order by id limit 1) one, generate_series(1, {ROWS}) n"
            ))
    with house.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("analyze"))
    yield holder
    house.services.live_directory.stop()
    house.engine.dispose()


def test_the_pages_come_quickly(crowded):
    took = {}
    for path in ("", f"?pagina={OURS // 25}", "?asunto=sismo", "?expediente=77", "?institucion=igp", "/casilla"):
        crowded.get("/mis-tramites")
        began = time.perf_counter()
        assert crowded.get(f"/mis-tramites{path}").status_code == 200
        took[path] = round(time.perf_counter() - began, 3)
    print(took)
    assert took[""] < 1, took


def test_everything_is_exported_in_little_memory(crowded):
    crowded.get("/mis-tramites/tramites.csv?asunto=nada")  # what is loaded once
    for kind in ("csv", "xlsx"):
        tracemalloc.start()
        answer = crowded.visitor.client.get(f"/mis-tramites/tramites.{kind}", buffered=False)
        size = sum(len(piece) for piece in answer.iter_encoded())
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        answer.close()
        print(kind, size, peak)
        assert size > 25 * OURS and peak < MOST * 1024 * 1024, (kind, size, peak)
        if kind == "csv":
            assert crowded.get("/mis-tramites/tramites.csv").data.count(b"\r\n") == OURS + 2
