"""A line of the log for each step: every event, once its transaction is committed, with the CUO of its leg."""

import logging
from typing import Final

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from hub.events import STEPS

log = logging.getLogger("mesa.steps")
_PARTS: Final = (("after_begin", "_begin"), ("after_commit", "_write"), ("after_rollback", "_forget"))


def write_steps() -> None:
    """From now on, in this process."""
    for name, part in _PARTS:
        if not event.contains(Session, name, globals()[part]):
            event.listen(Session, name, globals()[part])


def stop_writing() -> None:
    for name, part in _PARTS:
        event.remove(Session, name, globals()[part])


def _begin(session: Session, _transaction: SessionTransaction, _connection: object) -> None:
    session.info.setdefault(STEPS, [])


def _write(session: Session) -> None:
    if session.get_nested_transaction() is not None:
        return  # a savepoint: what was told there is true once all of it is
    for kind, cuo, number in session.info.pop(STEPS, ()):
        log.info(kind, extra={"cuo": cuo, "filing": number})


def _forget(session: Session) -> None:
    session.info.pop(STEPS, None)
