"""Signing in with a provider of identities: there, and back. Who is known there comes in; others prove a mail first.

Where the provider does not answer, the other ways in are shown: it is never an error of ours.
"""

import hmac
import logging
import secrets

from flask import redirect, render_template, request, session, url_for

from hub import accounts, linking
from hub.clock import now
from hub.core.errors import DeliveryFailure, Forbidden, PermanentFailure
from hub.core.services import SignInRequest
from hub.extensions import db, services
from hub.guards import public, roles
from hub.sight import CITIZEN
from hub.web.account import door, pending, proving
from hub.web.account.door import bp
from hub.web.auth import inside
from hub.web.people import citizen_here

log = logging.getLogger(__name__)

_ASKED = "identidad"
LIFE = 10 * 60
"""Seconds that somebody may take to sign in there."""
AWAY = frozenset({"temporarily_unavailable", "server_error"})
"""What a provider says that cannot attend now (RFC 6749, 4.1.2.1)."""


def trouble(what, status):
    """A page that says what went wrong there, and the other ways in."""
    name = services().sign_in.name if services().sign_in else ""
    return render_template("account/identity_trouble.html", what=what, name=name), status, door.PRIVATE


def _back_to():
    return f"{services().settings.public_url}{url_for('.come_back')}"


@bp.get("/identidad")
@public("the way to the provider of identities, where the operator set one")
def go_to_provider():
    return _go(inside(request.args.get("next", "")))


@bp.get("/identidad/enlazar")
@roles(CITIZEN)
def go_to_link():
    """From one's own account, which whoever comes back is linked to: its mail was proved, and who asks just came in."""
    return door.ask_again() or _go(url_for(".show"), door.person().user_id)


def _go(back, link_to=0):
    provider = services().sign_in
    if provider is None:
        return redirect(back if link_to else url_for(".show_sign_in"), 303)
    asked = SignInRequest(*(secrets.token_urlsafe(32) for _ in range(3)))
    try:
        address = provider.address(asked, _back_to())
    except DeliveryFailure as error:
        log.warning("the provider of identities: %s", error.code)
        return trouble("down", 503)
    session[_ASKED] = [*vars(asked).values(), back, link_to, int(now().timestamp())]
    return redirect(address, 303)


@bp.get("/identidad/vuelta")
@public("opens with the state of this browser's session and a code that the provider takes back once")
def come_back():
    """What the provider says counts only for the browser that asked, once, within its minutes."""
    provider, kept = services().sign_in, session.pop(_ASKED, None)
    if provider is None or kept is None:
        return trouble("stale", 400)
    *words, back, link_to, began = kept
    asked = SignInRequest(*words)
    is_ours = hmac.compare_digest(request.args.get("state", "").encode(), asked.state.encode())
    if not is_ours or now().timestamp() - began > LIFE or _is_of_another_issuer():
        return trouble("stale", 400)
    if failed := request.args.get("error"):
        return trouble("down", 503) if failed in AWAY else trouble("declined", 403)
    try:
        who = provider.finish(asked, request.args.get("code", ""), _back_to())
    except DeliveryFailure as error:
        log.warning("the provider of identities: %s", error.code)
        return trouble("untrusted", 403) if isinstance(error, PermanentFailure) else trouble("down", 503)
    return _known(who, back, link_to)


def _known(who, back, link_to):
    """Into the account that this person has, or the one that asked to be linked; else on to have one."""
    account, here = linking.known(db.session, who), citizen_here()
    if account is not None:
        return pending.come_in(account, back)
    if not link_to or here is None or here.user_id != link_to:
        return proving.begin(who, back)
    try:
        account, _ = accounts.citizen_of(db.session, link_to)
        linking.link(db.session, who, account, now())
    except Forbidden:
        db.session.rollback()
        return trouble("another", 403)
    return pending.come_in(account, back)


def _is_of_another_issuer():
    """RFC 9207: an answer that names its issuer names the one that was asked."""
    return request.args.get("iss", services().settings.oidc_issuer) != services().settings.oidc_issuer
