"""The parts of the next months stand ready; what fell beside them is put into place, and the ledger does not notice."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hub import partitions
from hub.cli import main
from hub.clock import now
from hub.models import Attempt, Delivery, OutboundMessage
from hub.models.outbound import tried_for
from hub.months import make_months
from hub.sealer import seal_events
from tests.stages.office import office

__all__ = ["office"]
TRIED = """insert into attempts (message_id, number, started_at, finished_at, worker, outcome, code, detail, raw_digest)
  select id, 1, :at, :at, 'w', 'ack', '', '', '' from outbound_messages limit 1 returning tableoid::regclass::text"""
LITERALLY = {"compile_kwargs": {"literal_binds": True}}
FAR = datetime(2031, 12, 31, 23, 59, tzinfo=UTC)


@pytest.fixture
def mesa(office, fresh_database_url, monkeypatch, capsys):
    """mesa(*arguments) -> the exit code of `mesa ...` and what it printed."""
    for name, value in (("DATABASE_URL", fresh_database_url), ("MESA_DATA", office.settings.data),
                        ("MESA_KEYS", office.settings.keys)):  # fmt: skip
        monkeypatch.setenv(name, value)

    def call(*arguments):
        capsys.readouterr()
        return main(arguments), "".join(capsys.readouterr())

    return call


def at(office, instant):
    return replace(office.tools, clock=lambda: instant)


def written(session, instant):
    return session.scalar(text(TRIED), {"at": instant})


def test_months_follow_each_other_over_the_years_by_utc():
    lima_evening = datetime.fromisoformat("2026-11-30T21:00-05:00")
    assert [f"{one:%Y-%m}" for one in partitions.months(lima_evening)] == ["2026-12", "2027-01", "2027-02", "2027-03"]


def test_the_two_tables_that_have_parts_are_known_by_their_models():
    assert partitions.tables() == {"events": "at", "attempts": "started_at"}


def test_the_round_has_the_next_months_ready_and_the_next_round_nothing_to_do(office):
    assert make_months(at(office, FAR)) == 2 * 4
    office.file()
    with Session(office.engine) as session:
        assert written(session, FAR) == "attempts_2031_12"
        assert written(session, FAR + timedelta(minutes=1)) == "attempts_2032_01"
        assert not list(partitions.missing(session, FAR))
    assert make_months(at(office, FAR)) == 0


def test_a_part_made_later_refuses_what_the_table_refuses(office):
    make_months(at(office, FAR))
    with Session(office.engine) as session, pytest.raises(IntegrityError, match="never changed"):
        session.execute(text("truncate events_2031_12"))
    office.file()
    with Session(office.engine) as session, pytest.raises(IntegrityError, match="foreign key"):
        written(session, FAR)
        session.execute(text("update attempts_2031_12 set message_id = gen_random_uuid()"))
    with Session(office.engine) as session, pytest.raises(IntegrityError, match="never changed"):
        session.execute(text("update events set at = :at"), {"at": FAR})


def test_the_story_of_a_leg_looks_only_into_the_months_since_it_was_opened(office):
    make_months(at(office, FAR))
    office.file()
    with Session(office.engine) as session:
        leg = session.scalars(select(Delivery)).one()
        leg.created_at = FAR
        tried = select(Attempt.id).join(OutboundMessage).where(OutboundMessage.delivery_id == leg.id, tried_for(leg))
        plan = "".join(session.scalars(text(f"explain {tried.compile(session.bind, **LITERALLY)}")))
    assert "attempts_2031_12" in plan and "attempts_2032_02" in plan
    assert "attempts_before" not in plan and str(partitions.months(now())[1].year) + "_" not in plan


def test_who_reads_for_long_is_not_waited_for_and_the_next_round_makes_it(office):
    with Session(office.engine) as dump:
        dump.execute(text("select count(*) from attempts_default"))
        made = make_months(at(office, FAR))
        assert made == 4
    assert make_months(at(office, FAR)) == 4


def test_putting_strays_into_place_does_not_stop_the_hub_behind_a_long_reader(office, mesa):
    with office.tools.sessions() as reading:
        reading.execute(text("select count(*) from attempts"))
        began = monotonic()
        code, said = mesa("partitions", "--ordenar")
        assert code == 1 and "attempts está en uso" in said and monotonic() - began < 20


def test_strays_are_said_by_the_doctor_and_put_into_place(office, mesa):
    office.file()
    with Session(office.engine) as session:
        assert written(session, FAR) == "attempts_default"
        session.commit()
    assert make_months(at(office, FAR)) == 2 * 4 - 1, "the month of the stray cannot be made, the others can"
    code, said = mesa("partitions")
    assert code == 1 and "una fila cayó en la parte por defecto: mesa partitions --ordenar" in said
    assert "una fila cayó en la parte por defecto de attempts" in mesa("doctor")[1]
    assert mesa("partitions", "--ordenar") == (0, "attempts: 1 fila pasó a la parte de su mes.\n")
    with Session(office.engine) as session:
        assert session.scalar(text("select count(*) from attempts_2031_12")) == 1
    assert mesa("partitions", "--ordenar") == (0, "No había nada fuera de su mes.\n")
    code, said = mesa("partitions")
    assert code == 0 and "hay partes hasta el fin de 2032-03" in said
    assert "tienen listas las partes" in mesa("doctor")[1]


def test_events_put_into_place_are_the_same_to_the_ledger(office, mesa):
    with Session(office.engine) as session:  # as if the parts of these years had never been made
        for part in partitions.parts(session, "events"):
            session.execute(text(f"drop table {part.name}" if not part.is_default else "select 1"))
        session.commit()
    office.file()
    question = text("select id, at, position, previous, hash from events order by id")
    with Session(office.engine) as session:
        was = session.execute(question).all()
        assert was and partitions.stray(session, "events") == len(was)
    code, said = mesa("partitions", "--ordenar")
    assert (code, said) == (0, f"events: {len(was)} filas pasaron a la parte de su mes.\n")
    with Session(office.engine) as session:
        assert session.execute(question).all() == was
        assert partitions.stray(session, "events") == 0
    office.file()
    assert seal_events(office.tools) == 2 * len(was)
    code, said = mesa("ledger", "verify")
    assert code == 0 and "Nada fue tocado." in said


def test_a_month_leaves_and_comes_back_by_the_words_of_the_runbook(office, mesa):
    office.file()
    make_months(at(office, FAR))
    page = (Path(__file__).parents[2] / "docs" / "operate.md").read_text("utf-8")
    section = page.partition("## Large tables by month")[2].partition("\n## ")[0].replace("2027_01", "2031_12")
    section = section.replace("2027-01", "2031-12").replace("2027-02", "2032-01")
    asked, left, back = (one for block in section.split("```sql")[1:] for one in statements(block.partition("```")[0]))
    count = text("select count(*) from attempts where started_at >= '2031-12-01T00:00Z'")
    with Session(office.engine) as session:
        written(session, FAR)
        session.commit()
        assert session.scalar(text(asked)) == 1, "its message is still on its way"
        session.execute(text(left))
        session.commit()
        assert session.scalar(count) == 0 and mesa("partitions")[0] == 0
        session.execute(text(back))
        assert session.scalar(count) == 1


def statements(block):
    lines = [line for line in block.splitlines() if line and not line.startswith("--")]
    return [line.removeprefix("begin; ").removesuffix(" commit;") for line in lines]
