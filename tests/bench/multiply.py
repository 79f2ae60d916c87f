"""A history many times over: each filing of it copied by SQL, at the same instants, with numbers and people of its own.

What the dashboard reads is copied (filings, who filed, legs, events, observations, messages without their bytes); the
copies are made with the triggers off, so that millions take minutes: their chains are their originals'.
"""

from sqlalchemy import text

from hub.clock import now
from hub.models import Delivery, Event, FilerRow, Filing, Observation, OutboundMessage
from tests.bench import crowd
from tests.bench.crowd import FIRST, STRIDE

MOVED = (FilerRow, Filing, Delivery, Observation, Event, OutboundMessage)
AT_ONCE = 50
"""Copies of everything in one statement."""
_OWN = {
    "filers": {"names": "t.names || ' ' || {n}", "document_number": "({dni})::text"},
    "filings": {
        "filing_number": "'{year}-' || lpad(({number})::text, 7, '0') || '-0'",
        "verification_code": "upper(substr(md5(({number})::text), 1, 16))",
        "form_token": "gen_random_uuid()", "entry_sequence": "100000 + {number}",
    },
    "deliveries": {"cuo": "({leg})::text"},
    "outbound_messages": {"id": "gen_random_uuid()", "sealed": "null::bytea",
                          "once": "case when t.once is not null then t.once || ':' || {n} end"},
}  # fmt: skip


def begin(house):
    """Before the first filing is made: its ids begin high, so that copies find room below."""
    with house.engine.begin() as connection:
        for table in (one.__tablename__ for one in MOVED if one.__table__.c.id.identity is not None):
            connection.execute(text(f"alter table {table} alter column id restart with {FIRST}"))


def multiply(house, filings, say=print):
    """Copy everything until there are so many filings, or copied it was enough before; gives how many there are."""
    with house.engine.connect() as connection:
        connection.execute(text("set session_replication_role = replica"))
        all_of_them = "select count(*), count(*) filter (where id >= :first) from filings"
        there, made = connection.execute(text(all_of_them), {"first": FIRST}).one()
        times = round(filings / made)
        for first in range(there // made, times, AT_ONCE):
            last = min(first + AT_ONCE, times) - 1
            for model in MOVED:
                connection.execute(text(_insert(model, made, first, last)))
            connection.commit()
            say(f"{(last + 1) * made} filings")
        connection.commit()  # also where nothing was left to copy: vacuum takes no part in a transaction
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("vacuum analyze"))
        return connection.execute(text("select count(*) from filings")).scalar()


def _insert(model, made, first, last):
    """Every row of one table for the copies from `first` to `last`; copy n of row i has the id i less n strides."""
    name = model.__tablename__
    columns = [one for one in model.__table__.columns if name != "events" or one.name != "id"]
    values = ", ".join(_value(name, one, made) for one in columns)
    names = ", ".join(f'"{one.name}"' for one in columns)
    return (
        f"insert into {name} ({names}) overriding system value select {values} from {name} t "
        f"cross join generate_series({first}, {last}) as c (n) where {_is_original(name)} order by {_order(name)}"
    )


def _is_original(name):
    column = {"outbound_messages": "t.filing_id", "events": "t.filing_id"}.get(name, "t.id")
    return f"{column} >= {FIRST}"


def _order(name):
    instants = {"filings": "t.presented_at", "events": "t.at", "outbound_messages": "t.created_at"}
    return instants.get(name, "t.id")


def _value(name, column, made):
    own = _OWN.get(name, {}).get(column.name)
    if own is None:
        moves = column.name == "id" or column.name in crowd.REFERS or column.name in ("previous_id",)
        return f't."{column.name}" - c.n * {STRIDE}' if moves else f't."{column.name}"'
    number = f"c.n * {2 * made} + (t.id - {FIRST})"  # twice: there are more legs than filings
    return own.format(n="c.n", number=number, leg=f"1000000000 + {number}", dni=f"10000000 + ({number}) % 80000000",
                      year=now().year)  # fmt: skip
