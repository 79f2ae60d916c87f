"""The operators' webhook: one alert at a time, as JSON over HTTP, signed so that its reader knows whose it is.

POST {url}; `X-Mesa-Signature: sha256=<hex>` is the HMAC-SHA256 of the body with the agreed key, where there is one.
2xx is taken; the id is the same in every retry.
"""

import hashlib
import hmac
import json
from typing import Final

from adapters.calls import Calls
from hub.core.errors import PermanentFailure, TemporaryFailure
from hub.core.services import Hook

MAX_ANSWER: Final = 64 * 1024
_GONE: Final = frozenset({400, 410, 413, 422})
"""It will never take this one; whatever else it says, a person mends the address or the key while alerts wait."""


class Webhook:
    """`url` posts go to, with its query, in which many receivers want their key; `secret` signs them, empty for none;
    `timeout` seconds bounds each call."""

    def __init__(self, url: str, secret: str, timeout: float) -> None:
        self._url, _, self._query = url.partition("?")
        self._secret = secret.encode()
        self._calls = Calls(timeout, MAX_ANSWER)

    def send(self, hook: Hook) -> None:
        """Hand an alert over. Raises TemporaryFailure or PermanentFailure."""
        body = json.dumps({"id": hook.id, **hook.said}, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self._secret:
            headers["X-Mesa-Signature"] = f"sha256={hmac.new(self._secret, body, hashlib.sha256).hexdigest()}"
        try:
            reply = self._calls.call("POST", self._url, headers, body, self._query)
        except (TemporaryFailure, PermanentFailure) as error:  # an address that cannot be is ours to mend
            raise TemporaryFailure("WEBHOOK_UNREACHABLE", error.code) from error
        if 200 <= reply.status < 300:
            return
        kind = PermanentFailure if reply.status in _GONE else TemporaryFailure
        raise kind("WEBHOOK_REFUSED" if kind is PermanentFailure else "WEBHOOK_UNREACHABLE", str(reply.status))
