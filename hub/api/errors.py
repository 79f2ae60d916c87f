"""Turns every error of the machine doors into an answer: a problem for REST, a Fault for SOAP. Nothing escapes."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from flask import Response
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from werkzeug.exceptions import HTTPException, RequestTimeout

from hub.api.sentences import SENTENCES
from hub.core.errors import ContractError, StorageFailure
from hub.quarantine import Quarantined
from hub.wire import service
from hub.wire.codes import BY_WIRE, Refusal

log = logging.getLogger("mesa.api")

RETRY_AFTER: Final = "30"
"""Seconds. A sender has its own rhythm of retries; this is for one that has none."""

_STAGES: Final = {
    "CUO_UNKNOWN": Refusal.CUO_UNKNOWN,
    "NOT_THE_DESTINATION": Refusal.CUO_OF_ANOTHER,
    "FILING_NUMBER_OTHER": Refusal.ANSWER_MISMATCH,
    "MESSAGE_ID_REUSED": Refusal.MESSAGE_ID_REUSED,
    "DOCUMENT_QUARANTINED": Refusal.DOCUMENT_FORBIDDEN,
}
"""The codes of the stages, which know no wire."""

_HTTP: Final = {
    413: Refusal.XML_TOO_LARGE,
    415: Refusal.MEDIA_TYPE,
    429: Refusal.RATE_LIMITED,
    503: Refusal.UNAVAILABLE,
}


@dataclass(frozen=True)
class Said:
    """An error as a machine is told of it. `detail` is for engineers and carries nothing of a citizen."""

    refusal: Refusal
    status: int
    detail: str = ""
    message_id: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def problem(error: Exception) -> Response:
    """Any error as application/problem+json (RFC 9457)."""
    said = describe(error)
    body = {
        "type": f"urn:pe:mesa-integrada:1:error:{said.refusal.wire}",
        "title": SENTENCES[said.refusal],
        "status": said.status,
        "detail": said.detail,
        "code": said.refusal.wire,
        "temporary": said.refusal.is_temporary,
    }
    if said.message_id:
        body["message_id"] = said.message_id
    content = json.dumps(body, ensure_ascii=False)
    return Response(content, said.status, said.headers, content_type="application/problem+json")


def fault(error: Exception) -> Response:
    """Any error as a SOAP Fault, with status 500 as SOAP 1.1 asks."""
    said = describe(error)
    body = service.write_fault(said.refusal, SENTENCES[said.refusal], said.message_id)
    return Response(body, 500, said.headers, content_type=service.CONTENT_TYPE)

MOMENTARY = (OperationalError, InterfaceError, PendingRollbackError, PoolExhausted, StorageFailure)
"""The database or the store is missing now: nothing is lost, and the same call may be made again."""


def describe(error: Exception) -> Said:
    """What is said of an error. What nobody foresaw is logged and told as a temporary failure of ours."""
    if isinstance(error, (ContractError, Quarantined)):
        refusal = BY_WIRE.get(error.code) or _STAGES.get(error.code)
        if refusal is not None:
            message_id = error.message_id if isinstance(error, ContractError) else None
            log.info("refused: %s %s", refusal.wire, error.detail)
            retry_after = error.retry_after if isinstance(error, ContractError) else None
            return _said(refusal, error.detail, message_id or "", retry_after)
    is_cut = isinstance(error, DBAPIError) and error.connection_invalidated
    if is_cut or isinstance(error, MOMENTARY):
        log.warning("not available: %s", type(error).__name__)
        return _said(Refusal.UNAVAILABLE)
    if isinstance(error, RequestTimeout):
        return _said(Refusal.TOO_SLOW)
    if isinstance(error, HTTPException) and error.code is not None and error.code < 500:
        kept = {name: value for name, value in error.get_headers() if name in ("Allow", "Content-Range")}
        return Said(_HTTP.get(error.code, Refusal.REQUEST_MALFORMED), error.code, type(error).__name__, headers=kept)
    log.error("unforeseen", exc_info=error)
    return _said(Refusal.INTERNAL)


def _said(refusal: Refusal, detail: str = "", message_id: str = "", retry_after: int | None = None) -> Said:
    headers = {}
    if refusal.is_temporary:
        headers["Retry-After"] = str(retry_after or RETRY_AFTER)
    if refusal.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return Said(refusal, refusal.status, detail, message_id, headers)
