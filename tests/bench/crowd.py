"""A hundred thousand filings: a few hundred made through the real stages, and copies of them over fourteen months.

Each copy is a whole filing (who files, documents, leg, events tied by the real trigger, messages) with numbers, people
and instants of its own. One account holds half of all, another two thousand, and nobody's account the rest.
"""

from dataclasses import dataclass
from io import StringIO

from sqlalchemy import Date, DateTime, text

from hub.clock import now
from hub.core.identifiers import FilingNumber, verification_code
from hub.core.ports import NewsKind
from hub.core.statuses import Movement
from hub.models import (
    Delivery,
    Document,
    Event,
    FilerRow,
    Filing,
    Notice,
    Observation,
    OutboundMessage,
    PaperOrder,
)  # fmt: skip
from tests.fixtures.house import CLERK
from tests.web.account import COMPANY, Holder
from tests.web.test_tray import files

HEAVY, LIGHT = "muchos@ejemplo.pe", "algunos@ejemplo.pe"
"""The accounts with half of all and with a fiftieth."""
STRIDE, FIRST, DAYS = 1_000_000, 5_000_000_000, 420
"""A copy's id is its original's less a number of strides: the originals, made today, keep the highest."""
MOVED = (FilerRow, Filing, Delivery, Document, Observation, Notice, Event, OutboundMessage, PaperOrder)
PLAN = """
create temporary table plan (original bigint, n bigint, back bigint, days int, filing_number text, code text,
    surname text, dni text)
"""
PUT_AWAY = """
insert into archived (delivery_id, by_user_id, at)
select d.id, (select min(id) from users), now() from deliveries d join entities e on e.id = d.destination_id
where e.code = 'iiap' and d.status = 'registered' and d.id < (select max(id) from deliveries) - 10 * 1000000
"""
"""What the hosted inbox concluded is put away, but for the newest of it."""
SURNAMES = ("Quispe", "Flores", "Sánchez", "Rojas", "García", "Mamani", "Huamán", "Ramos", "Vásquez", "Díaz",
            "Ñahui", "Condori", "Chávez", "Torres", "Mendoza", "Castillo", "Gonzáles", "Espinoza", "Cruz", "Salazar")
GIVEN = ("Ana", "Rosa", "Luis", "José", "María", "Juan", "Elena", "Víctor", "Julia", "Carlos", "Inés", "Raúl", "Lucía")


@dataclass(frozen=True)
class Crowd:
    """What the measure opens: a filing's number, a tracking page's code, a leg in the hosted inbox."""

    number: str
    track_code: str
    inbox_cuo: str


def fill(house, filings, say=print):
    """Make the originals and their copies. Gives the Crowd."""
    with house.engine.begin() as connection:
        for table in (one.__tablename__ for one in MOVED if one.__table__.c.id.identity is not None):
            connection.execute(text(f"alter table {table} alter column id restart with {FIRST}"))
    heavy = Holder(house, HEAVY).opens(**COMPANY, names="Zegarra Poma, Hugo")
    light = Holder(house, LIGHT).opens()
    made = {holder: _by_citizen(house, holder) for holder in (heavy, light)}
    taken = _by_counter(house)
    say(f"{sum(map(len, made.values())) + sum(map(len, taken.values()))} originals")
    shares = (
        (made[heavy], filings // 2), (made[light], filings // 50), (taken["hosted"], filings // 5),
        (taken["waiting"], filings // 100), (taken["answered"], filings * 26 // 100), (taken["open"], 60),
    )  # fmt: skip
    _copy(house, [pair for numbers, total in shares for pair in _spread(numbers, total)])
    code = house.filing(made[heavy][0])[0].verification_code
    return Crowd(taken["answered"][0], code, house.leg(taken["waiting"][0]).cuo)


def _by_citizen(house, holder, count=20):
    numbers = [files(holder, subject=f"Pide los registros del sismo número {one}") for one in range(count)]
    for place, number in enumerate(numbers):
        _answer(house, number, is_noticed=place % 5 == 0)
    return numbers


def _by_counter(house):
    clerk = house.signed_in(CLERK)

    def take(count, code):
        return [clerk.filed(destination=code, subject=f"Solicita copia del informe {one}") for one in range(count)]

    taken = {"answered": take(60, "igp") + take(40, "oefa"), "hosted": take(60, "iiap"), "waiting": take(20, "iiap"),
             "open": take(20, "senace")}  # fmt: skip
    for number in (*taken["answered"], *taken["hosted"]):
        _answer(house, number)
    for number in taken["waiting"]:
        house.say(house.leg(number).cuo)
    for number in taken["open"][:5]:
        house.say(house.leg(number).cuo, NewsKind.OBSERVED, items=("Falta la firma",))
    return taken


def _answer(house, number, is_noticed=False):
    cuo = house.leg(number).cuo
    house.say(cuo)
    house.say(cuo, NewsKind.REGISTERED, registry_number=number[5:12], registry_year="2026", unit="Trámite Documentario",
              expediente_number=f"EXP-{number[5:12]}-2026")  # fmt: skip
    house.say(cuo, NewsKind.MOVEMENT, movement=Movement.ANSWERED if is_noticed else Movement.IN_PROCESS)


def _spread(numbers, total):
    """(number of the original, copies of it)."""
    return [(number, total // len(numbers)) for number in numbers]


def _copy(house, wanted):
    with house.engine.connect() as connection:
        connection.execute(text(PLAN))
        cursor = connection.connection.cursor()
        cursor.copy_expert("copy plan from stdin", _plan(connection, wanted))
        connection.execute(text("create index on plan (original)"))
        connection.execute(text("analyze plan"))
        for model in MOVED:
            connection.execute(text(_insert(model)))
        connection.execute(text(PUT_AWAY))
        last = "update number_series s set last = greatest(last, (select max(entry_sequence) from filings f where "
        last += "f.received_by_id = s.entity_id and f.entry_year = s.year)) where kind = 'entry'"
        connection.execute(text(last))
        connection.commit()
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("vacuum analyze"))


def _plan(connection, wanted):
    """The rows of the plan, the oldest copy of each original first."""
    rows, n, year = StringIO(), 0, now().year
    ids = dict(connection.execute(text("select filing_number, id from filings")).tuples().all())
    for number, copies in wanted:
        for copy in range(copies):
            n += 1
            back = copies - copy
            name, dni = f"{SURNAMES[n % 20]} {SURNAMES[n // 20 % 20]}, {GIVEN[n // 400 % 13]}", 10_000_000 + n
            code = verification_code(n.to_bytes(10, "big"))
            one = (ids[number], n, back, back * DAYS // copies, FilingNumber.of(year, 1_000_000 + n), code, name, dni)
            rows.write("\t".join(map(str, one)) + "\n")
    rows.seek(0)
    return rows


_LESS = f"- p.back * {STRIDE}"
_OWN = {
    "filers": {"names": "case when f.account_id is null then p.surname else t.names end",
               "document_number": "case when f.account_id is null then p.dni else t.document_number end"},
    "filings": {"filing_number": "p.filing_number", "verification_code": "p.code", "form_token": "gen_random_uuid()",
                "entry_sequence": "1000 + p.n",
                "entry_year": "extract(year from t.presented_at - make_interval(days => p.days))"},
    "documents": {"id": "gen_random_uuid()", "object_key": "'copia/' || gen_random_uuid()"},
    "deliveries": {"cuo": "(1000000000 + p.n)::text"},
    "outbound_messages": {"id": "gen_random_uuid()",
                          "once": "case when t.kind = 'sobre' then 'sobre:' || (1000000000 + p.n) "
                                  "when t.once is not null then t.once || ':' || p.n end"},
}  # fmt: skip
REFERS = frozenset({"filing_id", "delivery_id", "observation_id", "notice_id", "filer_id"})
_SET_BY_TRIGGER = frozenset({"position", "previous", "hash"})


def _insert(model):
    """Every row of one table that belongs to an original, once for each of its copies."""
    name, own = model.__tablename__, _OWN.get(model.__tablename__, {})
    columns = [one for one in model.__table__.columns if name != "events" or one.name not in {"id", *_SET_BY_TRIGGER}]
    values = ", ".join(own.get(one.name) or _moved(one) for one in columns)
    names = ", ".join(f'"{one.name}"' for one in columns)
    belongs = {"filings": "t.id", "filers": "(select id from filings where filer_id = t.id)"}.get(name, "t.filing_id")
    return (
        f"insert into {name} ({names}) overriding system value select {values} from {name} t "
        f"join plan p on p.original = {belongs} join filings f on f.id = p.original order by p.back desc, t.id"
    )


def _moved(column):
    name = f't."{column.name}"'
    if column.name == "id" or column.name in REFERS:
        return f"{name} {_LESS}"
    if isinstance(column.type, DateTime):
        return f"{name} - make_interval(days => p.days)"
    return f"{name} - p.days" if isinstance(column.type, Date) else name
