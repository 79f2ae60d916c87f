"""Somebody new whom a provider of identities signed in, as this browser's session holds them until they come in."""

from dataclasses import asdict

from flask import redirect, session, url_for

from hub.clock import now
from hub.core.services import SignedIn
from hub.extensions import db, services
from hub.web.account import door

_WHO = "identidad-nueva"
LIFE = 30 * 60
"""Seconds in which they finish: the computer may be everybody's."""


def keep(who, back):
    until = int(now().timestamp()) + LIFE
    session[_WHO] = {"who": asdict(who), "back": back, "email": "", "code": "", "proved": False, "until": until}


def kept():
    """What this browser holds of who signed in; None where nobody did, or too long ago."""
    held = session.get(_WHO)
    return held if held and services().sign_in and held["until"] > now().timestamp() else None


def write(**values):
    session[_WHO] = {**session[_WHO], **values}


def who():
    return SignedIn(**session[_WHO]["who"])


def come_in(account, back):
    """Into the account, as after any other way in."""
    uniquifier = account.fs_uniquifier
    db.session.commit()
    door.enter(uniquifier)
    return redirect(back or url_for("tray.list_filings"), 303)
