"""Rows that nobody ordered come shuffled in every test, and alike each time it runs."""

import pytest
from sqlalchemy import text

from tests.fixtures.shuffled import SEED, deal, promises_order

ROWS = "select place from generate_series(1, 100) as place"
whole = pytest.mark.skipif(SEED == "0", reason="MESA_SHUFFLE=0")


@pytest.mark.parametrize(
    ("statement", "is_promised"),
    [
        ("SELECT a FROM t ORDER BY a", True),
        ("select a from t\norder  by a limit 3", True),
        ("WITH one AS (SELECT a FROM t) SELECT a FROM one ORDER BY a", True),
        ("INSERT INTO t SELECT a FROM u RETURNING a", True),
        ("SELECT a FROM t", False),
        ("SELECT array_agg(a ORDER BY a) FROM t GROUP BY b", False),
        ("SELECT a FROM (SELECT a FROM t ORDER BY a) AS one", False),
        ("WITH one AS (SELECT a FROM t ORDER BY a) SELECT a FROM one", False),
        ("SELECT a FROM t WHERE b = ') order by ('", False),
        ("UPDATE t SET a = 1 RETURNING a", False),
    ],
)
def test_an_order_is_promised_only_by_the_statement_itself(statement, is_promised):
    assert promises_order(statement) is is_promised


@whole
def test_rows_come_in_any_order_unless_one_is_asked_for(session):
    straight = list(range(1, 101))
    for options in ({}, {"yield_per": 7}):
        found = session.scalars(text(ROWS), execution_options=options).all()
        assert found != straight and sorted(found) == straight
        assert session.scalars(text(f"{ROWS} order by place"), execution_options=options).all() == straight


@whole
def test_a_name_deals_the_same_orders_again(session):
    dealt = []
    for name in ("one", "one", "other"):
        deal(name)
        dealt.append([session.scalars(text(ROWS)).all() for _ in range(2)])
    assert dealt[0] == dealt[1] != dealt[2] and dealt[0][0] != dealt[0][1]
