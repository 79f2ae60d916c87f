"""Each request has an id, which stands in its answer and in every line of the log; in JSON it has a line of its own.

The line names the door and not the address: an address may hold a number or a key.
"""

import logging
import re
import time
from typing import Final
from uuid import uuid4

from flask import Flask, Response, g, request

from hub import tracing
from hub.logs import JSON, request_id
from hub.settings import Settings

log = logging.getLogger("mesa.web")
HEADER: Final = "X-Request-ID"
_GIVEN: Final = re.compile(r"[A-Za-z0-9-]{8,64}")


def install(app: Flask, settings: Settings) -> None:
    """Call before the doors are installed: whoever refuses a request does so under its id."""

    def begin() -> None:
        given = request.headers.get(HEADER, "") if settings.proxies else ""
        request_id.set(given if _GIVEN.fullmatch(given) else uuid4().hex)
        g.began, g.span = time.monotonic(), tracing.begin(request.endpoint or "nowhere")

    def end(answer: Response) -> Response:
        answer.headers[HEADER] = request_id.get()
        tracing.finish(g.pop("span", None), status=answer.status_code, method=request.method)
        if settings.log_format == JSON:
            log.info("answered", extra=_said(answer))
        return answer

    def forget(_error: BaseException | None) -> None:
        request_id.set("")

    app.before_request(begin)
    app.after_request(end)
    app.teardown_request(forget)


def _said(answer: Response) -> dict[str, object]:
    took = round((time.monotonic() - g.began) * 1000) if "began" in g else 0
    return {
        "method": request.method,
        "endpoint": request.endpoint or "nowhere",
        "status": answer.status_code,
        "milliseconds": took,
    }
