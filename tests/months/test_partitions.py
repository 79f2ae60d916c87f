"""The parts of the next months stand ready; what fell beside them is put into place, and the ledger does not notice."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hub import partitions
from hub.cli import main
from hub.months import make_months
from hub.sealer import seal_events
from tests.stages.office import office

__all__ = ["office"]
TRIED = """insert into attempts (message_id, number, started_at, finished_at, worker, outcome, code, detail, raw_digest)
  select id, 1, :at, :at, 'w', 'ack', '', '', '' from outbound_messages limit 1 returning tableoid::regclass::text"""
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


def test_who_reads_for_long_is_not_waited_for_and_the_next_round_makes_it(office):
    with Session(office.engine) as dump:
        dump.execute(text("select count(*) from attempts_default"))
        made = make_months(at(office, FAR))
        assert made == 4
    assert make_months(at(office, FAR)) == 4


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
