"""Who holds the key of a filing: proven by number and key, remembered for an hour in the browser's signed session."""

from datetime import datetime, timedelta

from flask import request, session

from hub import throttles, tracking
from hub.core.errors import MesaError, NotFound
from hub.extensions import db, services
from hub.models import Filing
from hub.sight import Viewer
from hub.throttles import Limit, network_of
from hub.web.people import citizen_here

HELD_FOR = timedelta(hours=1)
"""A cabin's computer has many users."""
MOST_HELD = 10
_SESSION_KEY = "tramites"

PER_NUMBER_AND_ADDRESS = 10
PER_NUMBER = 200
"""Of one filing from everywhere: far more, so that nobody shuts its owner out by guessing from elsewhere."""
PER_ADDRESS = 60
"""Failed tries in a quarter of an hour: a key has 40 bits, and behind one address a whole village may sit."""


class TooManyTries(MesaError):
    """Keys were tried too often."""

    code = "TOO_MANY_TRIES"


def open_with_key(typed_number: str, typed_key: str, at: datetime) -> Filing:
    """The filing of a number and its key, remembered as held; commits the count of tries.

    Raises TooManyTries, and NotFound for either being wrong, without telling which.
    """
    number, origin = "".join(filter(str.isdecimal, typed_number)), network_of(request.remote_addr)
    limits = (
        Limit("clave-tramite", number, PER_NUMBER),
        Limit("clave-tramite-origen", f"{number} {origin}", PER_NUMBER_AND_ADDRESS),
        Limit("clave-origen", origin, PER_ADDRESS),
    )
    is_allowed = throttles.count_try(db.session, limits, at)
    db.session.commit()
    if not is_allowed:
        raise TooManyTries()
    filing = tracking.by_number(db.session, typed_number, typed_key, services().tracking_secret)
    throttles.forgive(db.session, limits, at)
    db.session.commit()
    _remember(filing, at)
    return filing


def _remember(filing: Filing, at: datetime) -> None:
    held = {code: one for code, one in session.get(_SESSION_KEY, {}).items() if code != filing.verification_code}
    newest = sorted(held.items(), key=lambda one: one[1][1])[-(MOST_HELD - 1) :]
    held = dict(newest)
    held[filing.verification_code] = [filing.key_version, int(at.timestamp())]
    session[_SESSION_KEY] = held


def is_holder(filing: Filing, at: datetime) -> bool:
    """True for a browser in which the filing's present key was given in the last hour, or its own account is signed in.

    Ley 29733.
    """
    if is_owner(filing):
        return True
    version, since = session.get(_SESSION_KEY, {}).get(filing.verification_code, (0, 0))
    return version == filing.key_version and at.timestamp() - since < HELD_FOR.total_seconds()



def at_counter(code: str, viewer: Viewer, at: datetime) -> Filing:
    """The filing of a code at a counter: one that this seat took, or whose key was given there.

    Raises NotFound for every other: a code is printed where many may read it, and a counter acts on what it opens.
    """
    filing = tracking.by_code(db.session, code)
    is_taken = tracking.taken_by_number(db.session, viewer, filing.filing_number) is not None
    if not is_taken and not is_holder(filing, at):
        raise NotFound(code="CODE_NOT_FOUND")
    return filing


def is_owner(filing: Filing) -> bool:
    """True where the account is signed in in whose tray the filing stands."""
    person = citizen_here() if filing.account_id is not None else None
    return person is not None and person.user_id == filing.account_id
