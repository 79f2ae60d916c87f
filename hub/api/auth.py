"""The guards of the machine doors: a message proves its sender by its signature, a call without one by its token."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import request

from hub import credentials
from hub.clock import now
from hub.extensions import db, services
from hub.guards import BEARER, SIGNATURE, View, mark
from hub.rates import Rate, spend
from hub.wire.seal import Opened, open_sealed
from hub.wire.service import Call
from hub.wire.tokens import check_token


def signed(read: Callable[[], bytes]) -> Callable[[View], View]:
    """Let in only a message signed by a body of the directory, addressed to the hub.

    `read` takes the signed bytes out of the request; the view is given the Opened message.
    """

    def guarded(view: View) -> View:
        @wraps(view)
        def checked() -> Any:
            opened = _opened(read())
            count_call(opened.message.header.sender_ruc)
            return view(opened)

        return mark(checked, SIGNATURE)

    return guarded


def spoken(read: Callable[[], Call]) -> Callable[[View], View]:
    """The guard of the SOAP door: a message proves its sender by its signature, a question by its credential.

    The view is given the call, the Opened message (None for a question) and the RUC of who calls.
    """

    def guarded(view: View) -> View:
        @wraps(view)
        def checked() -> Any:
            call = read()
            if call.operation == "consultarSobre":
                return view(call, None, _caller(call.credential))
            opened = _opened(call.message)
            count_call(opened.message.header.sender_ruc)
            return view(call, opened, opened.message.header.sender_ruc)

        return mark(checked, SIGNATURE)

    return guarded


def _opened(raw: bytes) -> Opened:
    directory = services().directory
    return open_sealed(raw, directory.trust, receiver_ruc=directory.operator.ruc, now=now())


def bearer(view: View) -> View:
    """Let in only who brings a credential of a body of the directory, used for the first time.

    The view is given `caller_ruc`. The credential is spent even where the call is refused afterwards.
    """

    @wraps(view)
    def checked(**values: Any) -> Any:
        return view(caller_ruc=_caller(_brought()), **values)

    return mark(checked, BEARER)


def bearer_uncounted(view: View) -> View:
    """As `bearer`, for a view that says itself which of its calls `count_call` counts."""

    @wraps(view)
    def checked(**values: Any) -> Any:
        return view(caller_ruc=_proven(_brought()), **values)

    return mark(checked, BEARER)


def _caller(credential: str) -> str:
    """As `_proven`, and the call is counted. Raises ContractError, RATE_LIMITED too."""
    caller_ruc = _proven(credential)
    count_call(caller_ruc)
    return caller_ruc


def _proven(credential: str) -> str:
    """The RUC of who brings a credential, which is spent by it. Raises ContractError."""
    directory = services().directory
    token = check_token(credential, directory.trust, called_ruc=directory.operator.ruc, now=now())
    credentials.use_once(db.session, token)
    db.session.commit()
    return token.caller_ruc


def count_call(ruc: str) -> None:
    """Count a call of an institution that has proved itself. Raises ContractError RATE_LIMITED."""
    settings = services().settings
    spend(db.session, ruc, Rate(settings.calls_per_second, settings.calls_at_once), now())
    db.session.commit()


def _brought() -> str:
    """The token after `Bearer`; empty for none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
