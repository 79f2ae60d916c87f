"""Our own contract over REST: hands a signed Sobre to an institution and asks it what it has."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from adapters.calls import MAX_ANSWER, Calls, Reply
from adapters.sealed import Seat, answer_of, failure_of
from hub.core.errors import ContractError, TemporaryFailure
from hub.core.ports import LIST_TOO_LONG, Ack, CannotTell, Has, HasNot, Listed, Parcel, Partner, Taken
from hub.wire import xml
from hub.wire.codes import BY_WIRE, Refusal
from hub.wire.reporte import lista

_XML: Final = {"Content-Type": "application/xml", "Accept": "application/xml, application/problem+json"}

MOST_PAGES: Final = 200
"""Of an institution's list. One that goes on is no list: what stands behind the cut would count as not held."""


class Rest:
    """`seat` says who we are and whom we believe; `timeout` bounds each call, in seconds."""

    def __init__(self, seat: Seat, timeout: float = 30.0) -> None:
        self._seat = seat
        self._calls = Calls(timeout)

    def deliver(self, parcel: Parcel) -> Ack | Taken:
        """POST {address}/sobres: 200 with its Acuse, or 202 while it fetches the documents."""
        reply = self._calls.call("POST", f"{_base(parcel.partner)}/sobres", _XML, parcel.sealed)
        if reply.status == 200:
            return self._seat.ack_of(reply.body, parcel, reply.body)
        if reply.status == 202:
            return Taken(reply.body)
        raise failure_of(_refusal_in(reply), reply.status, reply.body)

    def tell(self, partner: Partner, message_id: UUID, sealed: bytes) -> bytes:
        """POST {address}/mensajes: 200 with a Recibido of that message."""
        reply = self._calls.call("POST", f"{_base(partner)}/mensajes", _XML, sealed)
        if reply.status != 200:
            raise failure_of(_refusal_in(reply), reply.status, reply.body)
        try:
            root = xml.parse(reply.body, max_bytes=MAX_ANSWER)
            xml.require(root, "reporte.xsd")
        except ContractError as error:
            raise TemporaryFailure(error.code, error.detail, raw=reply.body) from error
        if root.tag != f"{{{xml.NS}}}Recibido" or root.get("mensaje") != str(message_id):
            raise TemporaryFailure(Refusal.ANSWER_MISMATCH.wire, raw=reply.body)
        return reply.body

    def status_of(self, partner: Partner, cuo: str) -> Has | HasNot | CannotTell:
        """GET {address}/sobres/{cuo}: 200 with a Reporte, 202 while it fetches, 404 for a CUO it does not know."""
        headers = {"Accept": _XML["Accept"], "Authorization": f"Bearer {self._seat.credential(partner)}"}
        reply = self._calls.call("GET", f"{_base(partner)}/sobres/{cuo}", headers)
        if reply.status == 202:
            return Has(is_complete=False, raw=reply.body)
        if reply.status != 200:
            return answer_of(_refusal_in(reply), reply.status, reply.body)
        try:
            messages = _messages_in(reply.body, cuo)
        except ContractError as error:
            return CannotTell(f"{error.code} {error.detail}".strip(), reply.body)
        return self._seat.report_of(messages, partner, cuo, reply.body)

    def list_since(
        self, partner: Partner, since: datetime, between: Callable[[], None] = lambda: None
    ) -> tuple[Listed, ...] | None:
        """GET {address}/sobres?desde=INSTANT, page by page: 200 with a Lista; any refusal says that it keeps none."""
        found: list[Listed] = []
        asked = {"desde": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
        for _ in range(MOST_PAGES):
            headers = {"Accept": _XML["Accept"], "Authorization": f"Bearer {self._seat.credential(partner)}"}
            reply = self._calls.call("GET", f"{_base(partner)}/sobres", headers, query=urlencode(asked))
            if reply.status >= 500 or reply.status == 429:
                raise failure_of(_refusal_in(reply), reply.status, reply.body)
            if reply.status != 200:
                return None
            try:
                lines, following = lista(reply.body)
            except ContractError as error:
                raise TemporaryFailure("ANSWER_UNREADABLE", f"{error.code} {error.detail}", raw=reply.body) from error
            found += lines
            if not following:
                return tuple(found)
            asked["despues"] = following
            between()
        raise TemporaryFailure(LIST_TOO_LONG, f"{MOST_PAGES} pages and more")


def _base(partner: Partner) -> str:
    return partner.address.strip().rstrip("/")


def _messages_in(raw: bytes, cuo: str) -> list[bytes]:
    root = xml.parse(raw, max_bytes=MAX_ANSWER)
    xml.require(root, "reporte.xsd")
    if root.tag != f"{{{xml.NS}}}Reporte" or root.get("cuo") != cuo:
        raise Refusal.ANSWER_MISMATCH.error("no report of that CUO")
    try:
        return [base64.b64decode(element.text or "") for element in root]
    except ValueError as error:
        raise Refusal.REQUEST_MALFORMED.error("Mensaje: no base64") from error


def _refusal_in(reply: Reply) -> Refusal | None:
    """The refusal of our closed list that a problem says; a server that fails (5xx) says only temporary ones."""
    try:
        problem = json.loads(reply.body)
    except (ValueError, RecursionError):
        return None
    code = problem.get("code") if isinstance(problem, dict) else None
    refusal = BY_WIRE.get(code) if isinstance(code, str) and reply.status >= 400 else None
    return None if refusal is not None and reply.status >= 500 and not refusal.is_temporary else refusal
