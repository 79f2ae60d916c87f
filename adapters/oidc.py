"""A provider of identities by OpenID Connect: discovery, authorization code with PKCE, the ID token checked.

OpenID Connect Core 1.0 and Discovery 1.0, RFC 7636 (S256), RFC 9207. Its own people sign in elsewhere; we only ask.
"""

import base64
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from adapters.calls import Calls
from adapters.oidc_claims import signed_in
from hub.core.errors import ContractError, DeliveryFailure, PermanentFailure, TemporaryFailure
from hub.core.services import SignedIn, SignInRequest
from hub.wire.id_tokens import Expected, challenge, check_id_token

SCOPES: Final = "openid profile email phone"
MAX_ANSWER: Final = 256 * 1024
KEPT: Final = 3600.0
"""Seconds that what a provider publishes of itself is believed."""
RESTS: Final = 10.0
"""Seconds that one which did not publish it is not asked again, so that nobody waits behind somebody who waits."""
_FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Published:
    """What a provider publishes of itself, and until when (monotonic seconds) it is believed."""

    at: Mapping[str, Any]
    keys: Mapping[str, Any]
    until: float


class OpenIdConnect:
    """`issuer` without anything after it; `document_claim` holds the number of the identity document; `timeout` seconds
    bounds each call; `clock` gives aware instants."""

    def __init__(
        self,
        issuer: str,
        client_id: str,
        client_secret: str,
        *,
        name: str,
        timeout: float,
        clock: Callable[[], datetime],
        document_claim: str = "doc",
        acr: str = "",
    ) -> None:
        self.name = name
        self._issuer, self._client = issuer, (client_id, client_secret)
        self._document_claim, self._acr, self._clock = document_claim, acr, clock
        self._calls = Calls(timeout, MAX_ANSWER)
        self._known: Published | None = None
        self._rests_until = 0.0
        self._lock = threading.Lock()

    def address(self, request: SignInRequest, back_to: str) -> str:
        """Where the browser signs in. Raises TemporaryFailure, PermanentFailure."""
        asked = {
            "response_type": "code",
            "client_id": self._client[0],
            "redirect_uri": back_to,
            "scope": SCOPES,
            "prompt": "login",  # a computer may be everybody's: who was there before is not who asks now
            "state": request.state,
            "nonce": request.nonce,
            "code_challenge": challenge(request.verifier),
            "code_challenge_method": "S256",
        } | ({"acr_values": self._acr} if self._acr else {})
        endpoint = str(self._published().at["authorization_endpoint"])
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    def finish(self, request: SignInRequest, code: str, back_to: str) -> SignedIn:
        """Who came back with this code. Raises TemporaryFailure, PermanentFailure."""
        given = self._exchange(request, code, back_to)
        access = str(given.get("access_token", ""))
        expected = Expected(self._issuer, self._client[0], request.nonce, access)
        claims = self._checked(str(given.get("id_token", "")), expected)
        return signed_in(self._issuer, {**self._told(access, claims), **claims}, self._document_claim)

    def _exchange(self, request: SignInRequest, code: str, back_to: str) -> Mapping[str, Any]:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back_to,
                "code_verifier": request.verifier}
        headers = {"Content-Type": _FORM}
        published, (client_id, secret) = self._published().at, self._client
        ways = published.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if secret and "client_secret_basic" in ways:
            pair = f"{quote(client_id, safe='')}:{quote(secret, safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        else:
            form |= {"client_id": client_id} | ({"client_secret": secret} if secret else {})
        return self._asked("POST", str(published["token_endpoint"]), headers, urlencode(form).encode())

    def _checked(self, token: str, expected: Expected) -> dict[str, Any]:
        """The claims of the ID token; its keys are asked for once more where they may have been rotated."""
        try:
            try:
                return check_id_token(token, self._published().keys, expected, self._clock())
            except ContractError as error:
                if error.code != "ID_TOKEN_KEY_UNKNOWN":
                    raise
                return check_id_token(token, self._published(anew=True).keys, expected, self._clock())
        except ContractError as error:
            raise PermanentFailure(error.code, error.detail) from error

    def _told(self, access_token: str, claims: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the provider tells besides the token, of the same person or of nobody."""
        endpoint = self._published().at.get("userinfo_endpoint")
        if not endpoint or not access_token:
            return {}
        told = self._asked("GET", str(endpoint), {"Authorization": f"Bearer {access_token}"})
        if told.get("sub") != claims["sub"]:
            raise PermanentFailure("USERINFO_OF_ANOTHER")
        return told

    def _published(self, *, anew: bool = False) -> Published:
        with self._lock:
            known, at = self._known, time.monotonic()
            if known is not None and not anew and at < known.until:
                return known
            if at < self._rests_until:
                raise TemporaryFailure("PROVIDER_RESTS")
            try:
                self._known = found = self._discover()
            except DeliveryFailure:
                self._rests_until = time.monotonic() + RESTS
                raise
            return found

    def _discover(self) -> Published:
        at = self._asked("GET", f"{self._issuer.rstrip('/')}/.well-known/openid-configuration", {})
        if at.get("issuer") != self._issuer:
            raise PermanentFailure("ISSUER_MISMATCH")
        scheme = urlsplit(self._issuer).scheme
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if urlsplit(str(at.get(name, ""))).scheme != scheme:
                raise PermanentFailure("DISCOVERY_INVALID", name)
        return Published(at, self._asked("GET", str(at["jwks_uri"]), {}), time.monotonic() + KEPT)

    def _asked(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> dict[str, Any]:
        """A JSON object. A refusal is lasting, all else may pass."""
        reply = self._calls.call(method, url, {"Accept": "application/json", **headers}, body)
        if 400 <= reply.status < 500 and reply.status not in (404, 408, 429):
            raise PermanentFailure("PROVIDER_REFUSED", str(reply.status), raw=reply.body)
        try:
            found = json.loads(reply.body) if reply.status == 200 else None
        except ValueError as error:
            raise TemporaryFailure("PROVIDER_UNREADABLE", raw=reply.body) from error
        if not isinstance(found, dict):
            raise TemporaryFailure("PROVIDER_FAILED", str(reply.status), raw=reply.body)
        return found
