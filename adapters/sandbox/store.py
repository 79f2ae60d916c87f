"""What an institution remembers: one SQLite file, whose writes are on disk before anyone is answered."""

import json
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from adapters.sandbox.problems import Refused

TABLES = """
CREATE TABLE IF NOT EXISTS entries (
    entry INTEGER PRIMARY KEY, cuo TEXT NOT NULL, message_id TEXT NOT NULL, digest TEXT NOT NULL,
    sobre BLOB NOT NULL, documents TEXT NOT NULL, received_at TEXT NOT NULL, acuse BLOB, problem TEXT,
    registry_number TEXT, registry_year TEXT, times_received INTEGER NOT NULL DEFAULT 1);
CREATE INDEX IF NOT EXISTS entries_by_cuo ON entries (cuo);
CREATE INDEX IF NOT EXISTS entries_by_message ON entries (message_id);
CREATE TABLE IF NOT EXISTS steps (
    step INTEGER PRIMARY KEY, entry INTEGER NOT NULL REFERENCES entries, kind TEXT NOT NULL,
    due_at REAL NOT NULL, message BLOB, outcome TEXT, confirmed_at REAL);
CREATE INDEX IF NOT EXISTS steps_by_entry ON steps (entry);
CREATE INDEX IF NOT EXISTS steps_open ON steps (due_at) WHERE confirmed_at IS NULL;
CREATE TABLE IF NOT EXISTS told (message_id TEXT PRIMARY KEY, kind TEXT NOT NULL, digest TEXT NOT NULL, message BLOB);
CREATE TABLE IF NOT EXISTS registers (year TEXT PRIMARY KEY, last INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS tokens (jti TEXT PRIMARY KEY, expires INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS controls (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
Work = Callable[[sqlite3.Connection], Any]
T = TypeVar("T")


class Store:
    """One thread writes; what several callers ask for at the same time shares one commit, and one fsync."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._asked: queue.SimpleQueue[tuple[Work, Future[Any]] | None] = queue.SimpleQueue()
        writer = self._open()
        writer.executescript(TABLES)
        self._reader, self._reading = self._open(), threading.Lock()
        self._thread = threading.Thread(target=self._write_on, args=(writer,), daemon=True)
        self._thread.start()

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        return connection

    def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work(connection)` in a transaction; gives what it returns, once that is on disk."""
        answer: Future[T] = Future()
        self._asked.put((work, answer))
        return answer.result()

    def read(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """Rows as of the last commit."""
        with self._reading:
            return self._reader.execute(sql, values).fetchall()

    def close(self) -> None:
        self._asked.put(None)
        self._thread.join()

    def _write_on(self, connection: sqlite3.Connection) -> None:
        while (first := self._asked.get()) is not None:
            group = [first]
            while not self._asked.empty() and len(group) < 64:
                following = self._asked.get()
                if following is None:
                    self._asked.put(None)
                    break
                group.append(following)
            self._commit_group(connection, group)

    def _commit_group(self, connection: sqlite3.Connection, group: list[tuple[Work, Future[Any]]]) -> None:
        """All in one transaction; where one of them raises, each in its own, so that it spoils no other."""
        try:
            connection.execute("BEGIN IMMEDIATE")
            results = [work(connection) for work, _ in group]
            connection.execute("COMMIT")
        except Exception as error:  # it belongs to the caller, who is waiting for it
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            if len(group) == 1:
                group[0][1].set_exception(error)
            else:
                for single in group:
                    self._commit_group(connection, [single])
            return
        for (_, answer), result in zip(group, results, strict=True):
            answer.set_result(result)


def next_number(connection: sqlite3.Connection, year: str) -> int:
    """The next number of a year: no gaps, because it is taken in the transaction that uses it."""
    row = connection.execute(
        "INSERT INTO registers VALUES (?, 1) ON CONFLICT (year) DO UPDATE SET last = last + 1 RETURNING last",
        (year,),
    )
    return int(row.fetchone()[0])


def add_step(
    db: sqlite3.Connection, entry: int, kind: str, due_at: float, message: bytes | None = None
) -> tuple[float, int, str]:
    """Write down something to be done for an entry; gives (when, number of the step, kind)."""
    row = db.execute(
        "INSERT INTO steps (entry, kind, due_at, message) VALUES (?, ?, ?, ?) RETURNING step",
        (entry, kind, due_at, message),
    ).fetchone()
    return due_at, row["step"], kind


def spend_token(db: sqlite3.Connection, jti: str, expires: int) -> None:
    """Write down that a token was used; a second use is refused, after a restart too."""
    db.execute("DELETE FROM tokens WHERE expires < ?", (int(time.time()) - 60,))
    if not db.execute("INSERT OR IGNORE INTO tokens VALUES (?, ?)", (jti, expires)).rowcount:
        raise Refused("CREDENCIAL_REPETIDA", jti)


class Controls:
    """The switches that make an institution misbehave on demand; they too outlive a crash."""

    COUNTED: tuple[str, ...] = ("fail", "garbage", "lose_answer", "hang")
    ONCE: tuple[str, ...] = ("observe_next", "refuse_next")
    KEPT: tuple[str, ...] = ("delay", "hold_cargo", "hold_registration", "deduplicate")

    def __init__(self, store: Store) -> None:
        self.store, self._lock = store, threading.Lock()
        self.values: dict[str, Any] = {"delay": 0, "deduplicate": True}
        self.values |= {row["name"]: json.loads(row["value"]) for row in store.read("SELECT * FROM controls")}

    def set(self, asked: dict[str, Any]) -> list[str]:
        """Set what is named and leave the rest; gives the names it does not know (then nothing is set)."""
        unknown = [name for name in asked if name not in self.COUNTED + self.ONCE + self.KEPT]
        if not unknown:
            with self._lock:
                self.values |= asked
                self._save(list(asked))
        return unknown

    def get(self, name: str) -> Any:
        return self.values.get(name)

    def take(self, name: str) -> Any:
        """Use up one of what was asked for: counts go down by one, a "next" is given once."""
        if not self.values.get(name):
            return None
        with self._lock:
            value = self.values.get(name)
            if value:
                self.values[name] = value - 1 if name in self.COUNTED else None
                self._save([name])
            return value

    def _save(self, names: list[str]) -> None:
        rows = [(name, json.dumps(self.values[name])) for name in names]
        self.store.write(lambda db: db.executemany("INSERT OR REPLACE INTO controls VALUES (?, ?)", rows))
