"""Small things that the views of the REST door answer alike."""

import hashlib
import json
from typing import Any
from uuid import UUID

from flask import Response, request

from hub.wire.codes import Refusal


def cached_json(content: Any) -> Response:
    """JSON that its caller keeps: an ETag of what it says, and 304 where it has that already."""
    body = json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
    answer = Response(body, content_type="application/json")
    answer.set_etag(hashlib.sha256(body).hexdigest())
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer.make_conditional(request)


def identity(text: str, unknown: Refusal) -> UUID:
    """An identifier of an address. Raises ContractError `unknown` for what is none."""
    try:
        return UUID(text)
    except ValueError as error:
        raise unknown.error("not an identifier of ours") from error
