"""The points at which something is killed, found from outside by the SQL that passes: the product knows nothing.

Where the documents are in S3 there are three more, found by what passes through its server.

The conductor puts a file `armed/<point>` naming a victim. The first process that reaches the point takes the file away
(a rename is atomic, so one process takes it), writes the hit down, and sends SIGKILL to the victim: itself, or what
stands in `pids/<victim>`.
"""

import os
import signal
from pathlib import Path

from sqlalchemy import event

POINTS = {
    # name: (which process, before or after the statement, its beginning, a part of it)
    "during intake": ("web", "after", "\n    with taken as", "insert into number_series"),
    "after the claim": ("worker", "before", "\n    update outbound_messages as message set sealed", ""),
    "after the POST": ("worker", "before", "SELECT deliveries", "deliveries.cuo = %(cuo_1)s FOR UPDATE"),
    "before the outcome is committed": ("worker", "after", "INSERT INTO attempts", ""),
    "while a cargo is applied": ("web", "after", "UPDATE inbound_messages SET status", ""),
}
VICTIMS = {
    "during intake": ("self", "self", "database"),
    "after the claim": ("self", "self", "database"),
    "after the POST": ("self", "institution", "database"),
    "before the outcome is committed": ("self", "institution", "database"),
    "while a cargo is applied": ("self", "institution", "database"),
}

STORE_POINTS = {
    "while a document comes in": ("self", "web", "worker-1", "papers-0"),
    "once a document is on disk": ("self", "web-2", "database"),
    "while a document is read": ("self", "worker-2", "papers-0"),
}
"""Points of the S3 server, with their victims."""


def with_store():
    """Every point and its victims, where the documents are in S3: at each one its server may die as well."""
    return {name: (*victims, "objects") for name, victims in VICTIMS.items()} | STORE_POINTS


def slug(point):
    return point.replace(" ", "-")


def watch(engine, process, folder):
    """Watch the statements of an engine of `process` ("web" or "worker") for the points that are armed in `folder`."""
    folder = Path(folder)
    mine = {name: rule[1:] for name, rule in POINTS.items() if rule[0] == process}

    def look(when, statement):
        for name, (wanted, begins, holds) in mine.items():
            if when == wanted and statement.startswith(begins) and holds in statement:
                strike(folder, name)

    @event.listens_for(engine, "before_cursor_execute")
    def before(_connection, _cursor, statement, *_):
        look("before", statement)

    @event.listens_for(engine, "after_cursor_execute")
    def after(_connection, _cursor, statement, *_):
        look("after", statement)


def strike(folder, point):
    """Take up the arm of a point, where there is one, and kill its victim."""
    folder = Path(folder)
    armed, taken = folder / "armed" / slug(point), folder / "taken" / f"{slug(point)}.{os.getpid()}"
    try:
        armed.rename(taken)
    except FileNotFoundError:
        return
    victim = taken.read_text()
    taken.rename(folder / "hits" / f"{slug(point)}.{victim}.{os.getpid()}.{os.urandom(3).hex()}")
    for pid in _pids(folder, victim):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue  # it had just ended by itself


def _pids(folder, victim):
    if victim == "self":
        return [os.getpid()]
    main = int((folder / "pids" / victim).read_text())
    return [main, *_children(main)]


def _children(pid):
    from tests.stack import children_of

    return children_of(pid)
