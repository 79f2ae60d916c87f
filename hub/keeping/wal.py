"""PostgreSQL's log, brought segment by segment up to now: a replication slot keeps it until we have it."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, text

from hub.embedded.errors import EmbeddedError
from hub.keeping.programs import environment_of, programs_of, run
from hub.keeping.shelf import STAMP, Shelf
from hub.monitoring.replicas import BACKUP_SLOT as SLOT

_HERE = text("select pg_current_wal_flush_lsn()::text, current_setting('server_version_num')::int")
_LOCAL = text("set local synchronous_commit = local")
_MARK = text("select pg_logical_emit_message(true, 'mesa', 'backup')::text")
_NOW = text("select clock_timestamp()")
_MAKE = text("""
    select pg_create_physical_replication_slot(:slot, true)
    where not exists (select 1 from pg_replication_slots where slot_name = :slot)
""")
_IS_LOST = text("select exists (select from pg_replication_slots where slot_name = :slot and wal_status = 'lost')")
_GONE = (
    "already been removed", "invalidat", "can no longer access replication slot", "not a child of",
    "not in this server's history", "ahead of the WAL flush position",
)  # fmt: skip
"""What a server says whose log was cut, and one that was restored or took over and never had what we have."""
_DROP = text("""
    select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = :slot and not active
""")


def keep_slot(engine: Engine) -> None:
    """From now on the server throws away no log that we have not brought."""
    with engine.begin() as connection:
        connection.execute(_MAKE, {"slot": SLOT})


def bring_log(shelf: Shelf, engine: Engine, url: str) -> tuple[datetime, str]:
    """Bring the log up to now. Gives the server's instant, and the place of a mark that was made after it.

    What was confirmed before that instant stands before the mark, whose transaction is later than the instant: who
    plays this log has to come to both. Raises EmbeddedError.
    """
    keep_slot(engine)
    with engine.begin() as connection:
        connection.execute(_LOCAL)  # a copy is taken also while the replica is missing
        at = connection.execute(_NOW).scalar_one()
        mark = connection.execute(_MARK).scalar_one()
    with engine.connect() as connection:
        upto, version = connection.execute(_HERE).one()
    with engine.begin() as connection:
        connection.execute(_LOCAL)
        connection.execute(_MARK)  # behind what is asked for: pg_receivewal ends when it sees more, and waits for it
    argv = [programs_of(version // 10000, or_newer=True) / "pg_receivewal", "-D", shelf.wal, "--slot", SLOT,
            "--endpos", upto, "--no-loop", "--synchronous", "--no-password"]  # fmt: skip
    run(argv, environment_of(url))
    return datetime.fromisoformat(at.isoformat()), str(mark)


def begin_anew(shelf: Shelf, engine: Engine, now: datetime) -> None:
    """The server no longer has what follows our last segment: ours goes aside, still good, and a new one begins.

    A base backup has to follow: between the two lies a gap. Until then a mark says so, for the place in the log does
    not: a server that was restored to an earlier one, or a snapshot of its machine, is at places that we had already.
    """
    shelf.begun_anew.touch()
    with engine.begin() as connection:
        connection.execute(_DROP, {"slot": SLOT})
    shelf.wal.rename(shelf.folder / f"wal-{now.strftime(STAMP)}")
    shelf.wal.mkdir(mode=0o700)
    keep_slot(engine)


def is_gap(error: EmbeddedError) -> bool:
    """Whether the server said that it has no more what we ask for."""
    said = str(error)
    return any(words in said for words in _GONE)


def is_lost(engine: Engine) -> bool:
    """Whether the server let go of the log that it kept for us, because it came to be too much."""
    with engine.connect() as connection:
        return bool(connection.execute(_IS_LOST, {"slot": SLOT}).scalar())


def forget_before(shelf: Shelf, segment: str) -> int:
    """Drop what no base that is kept needs. Gives how many segments went."""
    gone = 0
    for folder in shelf.logs():
        for file in folder.iterdir():
            if is_segment(file.name) and place_of(file.name) < place_of(segment):
                file.unlink()
                gone += 1
        if folder != shelf.wal and not any(is_segment(one.name) for one in folder.iterdir()):
            for rest in folder.iterdir():
                rest.unlink()
            folder.rmdir()
    return gone


def is_segment(name: str) -> bool:
    return len(name.removesuffix(".partial")) == 24 and not name.endswith(".history")


def place_of(segment: str) -> str:
    """Where a segment stands in the log, whatever its timeline."""
    return segment[8:24]


def oldest_in(log: Path) -> str:
    """The place of the first segment of a folder; "" where there is none."""
    return min((place_of(one.name) for one in log.iterdir() if is_segment(one.name)), default="")


def number_of(place: str) -> int:
    """A place in the log as the server writes it ("1/6A0028"), as a number; of "" it is 0."""
    high, _, low = (place or "0/0").partition("/")
    return (int(high, 16) << 32) + int(low, 16)
