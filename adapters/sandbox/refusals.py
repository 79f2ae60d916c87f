"""What the hub refused for good: it is not sent again until a person who mended the cause says so."""

from datetime import UTC, datetime

from adapters.sandbox.calls import NotTaken
from adapters.sandbox.store import Store

TABLE = """CREATE TABLE IF NOT EXISTS refusals (
    what TEXT PRIMARY KEY, cuo TEXT NOT NULL, kind TEXT NOT NULL, code TEXT NOT NULL, said TEXT NOT NULL,
    at TEXT NOT NULL)"""


class Refusals:
    """`what` is the institution's own name for what it does not send again: the number of a step, an id."""

    def __init__(self, store: Store) -> None:
        self._store = store
        store.write(lambda db: db.execute(TABLE))

    def note(self, what: object, cuo: str, kind: str, error: NotTaken) -> None:
        row = (str(what), cuo, kind, error.code, error.said, datetime.now(UTC).isoformat(timespec="seconds"))
        self._store.write(lambda db: db.execute("INSERT OR REPLACE INTO refusals VALUES (?, ?, ?, ?, ?, ?)", row))

    def names(self) -> set[str]:
        return {row["what"] for row in self._store.read("SELECT what FROM refusals")}

    def listed(self) -> list[dict[str, str]]:
        """For a person to read, oldest first."""
        rows = self._store.read("SELECT cuo, kind, code, said, at FROM refusals ORDER BY at")
        return [dict(row) for row in rows]

    def drop(self, cuo: str) -> set[str]:
        """The names of what was refused about a CUO, which is no longer held back."""
        rows = self._store.write(
            lambda db: db.execute("DELETE FROM refusals WHERE cuo = ? RETURNING what", (cuo,)).fetchall()
        )
        return {row["what"] for row in rows}
