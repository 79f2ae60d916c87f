"""A round of the backup: a base where one is due, the log up to now, the documents; then what is too old goes.

The order is the point. A document is durable before the row that names it is committed: whatever the log that was
brought names is in the store by then. The other way round, a filing could be here without its document.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine

from hub.embedded.errors import EmbeddedError
from hub.keeping.base import take_base
from hub.keeping.documents import Carried, check_store, copy_new
from hub.keeping.holding import PATIENCE, Busy, held
from hub.keeping.noting import FAILURES, note_failed, note_whole
from hub.keeping.shelf import Base, Round, Shelf
from hub.keeping.wal import begin_anew, bring_log, forget_before, is_gap, is_lost, keep_slot, oldest_in, place_of
from hub.settings import Settings
from hub.storage import Store

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Terms:
    """How often the whole cluster is copied, and for how long one can go back."""

    base_every: timedelta = timedelta(days=1)
    keep: timedelta = timedelta(days=35)


@dataclass(frozen=True)
class Taken:
    """What a round did. `base` is None where the last one serves still; `began_anew`: the log had a gap."""

    until: datetime
    carried: Carried
    base: Base | None
    began_anew: bool
    gone: int
    unnoted: str = ""
    """Why the hub could not be told of it; empty where it was."""


@dataclass(frozen=True)
class Keeper:
    """Makes rounds. `passphrase` closes the keys."""

    shelf: Shelf
    settings: Settings
    engine: Engine
    passphrase: str
    clock: Clock
    terms: Terms = Terms()
    patience: float = PATIENCE
    """Seconds for which another that is at the folder is waited for."""

    def round(self) -> Taken:
        """Bring everything up to now, and tell the hub how that ended. Raises Busy, else one of FAILURES; the next
        round mends it.
        """
        try:
            self.shelf.open_for_writing()
            with held(self.shelf.folder, self.patience):
                return self._round()
        except Busy:
            raise
        except FAILURES as error:
            note_failed(self.engine, error, self.clock())
            raise

    def _round(self) -> Taken:
        keep_slot(self.engine)
        began_anew = self._has_gap()
        base = self._base() if began_anew or self._is_due() else None
        until, upto = bring_log(self.shelf, self.engine, self.settings.database_url)
        store = Store(self.settings.documents_url, self.settings.s3_account)
        check_store(store, self.engine)
        carried = copy_new(store, self.shelf, self.clock(), self.terms.keep)
        done = Round(until, carried.documents, carried.bytes, upto)
        self.shelf.note_round(done)
        gone = self._forget()
        return Taken(until, carried, base, began_anew, gone, note_whole(self.engine, done, self.clock()))

    def _has_gap(self) -> bool:
        if is_lost(self.engine):
            begin_anew(self.shelf, self.engine, self.clock())
            return True
        try:
            bring_log(self.shelf, self.engine, self.settings.database_url)
        except EmbeddedError as error:
            if not is_gap(error):
                raise
            begin_anew(self.shelf, self.engine, self.clock())
            return True
        return False

    def _is_due(self) -> bool:
        """Also where the log has begun anew and no base was finished since: what is brought could not be played."""
        bases = self.shelf.bases()
        if not bases or bases[-1].taken_at <= self.clock() - self.terms.base_every:
            return True
        if self.shelf.begun_anew.exists():
            return True
        return place_of(bases[-1].start_segment) < oldest_in(self.shelf.wal)

    def _base(self) -> Base:
        base = take_base(self.shelf, self.settings, self.engine, self.passphrase, self.clock())
        self.shelf.begun_anew.unlink(missing_ok=True)
        return base

    def _forget(self) -> int:
        """Bases of which a later one is old enough too; with the log that only they needed."""
        bases = self.shelf.bases()
        old = [one for one in bases if one.taken_at <= self.clock() - self.terms.keep]
        for one in old[:-1]:
            shutil.rmtree(one.folder)
        kept = bases[max(0, len(old) - 1) :]
        if kept:
            forget_before(self.shelf, min((one.start_segment for one in kept), key=lambda name: name[8:]))
        return len(old[:-1])
