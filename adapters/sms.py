"""SMS: one text at a time to an HTTP gateway, as JSON. What a gateway refuses for good is told apart.

POST {url} with {"id", "to", "text"}, `Authorization: Bearer <token>` where there is one. 2xx is taken; the id is the
same in every retry, so that a gateway sends a text once.
"""

import json
from typing import Final

from adapters.calls import Calls
from hub.core.errors import PermanentFailure, TemporaryFailure
from hub.core.services import Text

MAX_ANSWER: Final = 64 * 1024
_LATER: Final = frozenset({401, 403, 404, 408, 425, 429})
"""Not about this text: the gateway's or our own set-up, which a person mends while the texts wait."""


class Sms:
    """`url` is the gateway's address; `timeout` seconds bounds each call."""

    def __init__(self, url: str, token: str, timeout: float) -> None:
        self._url = url
        self._headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._calls = Calls(timeout, MAX_ANSWER)

    def send(self, text: Text) -> None:
        """Hand a text to the gateway. Raises TemporaryFailure or PermanentFailure."""
        body = json.dumps({"id": text.id, "to": text.to, "text": text.text}, ensure_ascii=False).encode()
        try:
            reply = self._calls.call("POST", self._url, self._headers, body)
        except TemporaryFailure as error:
            raise TemporaryFailure("SMS_UNREACHABLE", error.detail) from error
        except PermanentFailure as error:  # an address that cannot be: ours to mend
            raise TemporaryFailure("SMS_UNREACHABLE", error.detail) from error
        if 200 <= reply.status < 300:
            return
        if reply.status >= 500 or reply.status in _LATER:
            raise TemporaryFailure("SMS_UNREACHABLE", str(reply.status))
        raise PermanentFailure("SMS_REFUSED", f"{reply.status} {reply.body[:300].decode(errors='replace')}")
