"""What our own contract asks of an answer, whatever carried it: the Acuse, the report, the refusal."""

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from hub.core.errors import ContractError, DeliveryFailure, PermanentFailure, TemporaryFailure
from hub.core.messages import Acuse, Cargo, Estado
from hub.core.ports import Ack, CannotTell, Has, HasNot, News, Parcel, Partner, Signer, Trust
from hub.wire.codes import Refusal
from hub.wire.news import to_news
from hub.wire.seal import MAX_AHEAD, Opened, digest_of, open_sealed
from hub.wire.tokens import make_token


class Seat:
    """Who we are when we call an institution, and whom we believe. `signer` signs the credentials.

    `own_ruc` gives the hub's RUC, `clock` the instant.
    """

    def __init__(self, trust: Trust, signer: Signer, own_ruc: Callable[[], str], clock: Callable[[], datetime]) -> None:
        self._trust = trust
        self._signer = signer
        self._own_ruc = own_ruc
        self._clock = clock

    def credential(self, partner: Partner) -> str:
        """A fresh credential for one call."""
        return make_token(
            self._signer, caller_ruc=self._own_ruc(), called_ruc=partner.ruc, jti=uuid4(), now=self._clock()
        )

    def ack_of(self, sealed: bytes, parcel: Parcel, raw: bytes) -> Ack:
        """The Ack that an Acuse is, if its destination signed it about this very Sobre. Else TemporaryFailure."""
        try:
            opened = self._said(sealed, parcel.partner, parcel.cuo)
            acuse = opened.message
            if not isinstance(acuse, Acuse):
                raise Refusal.MESSAGE_UNEXPECTED.error(type(acuse).__name__)
            if (acuse.header.answers, acuse.sobre_digest) != (parcel.message_id, digest_of(parcel.sealed)):
                raise Refusal.ANSWER_MISMATCH.error("not our message, or another content of it")
        except ContractError as error:
            raise TemporaryFailure(error.code, error.detail, raw=raw) from error
        return Ack(acuse.held_since, raw=raw)

    def report_of(self, messages: list[bytes], partner: Partner, cuo: str, raw: bytes) -> Has | CannotTell:
        """What the signed messages of a report say. One that cannot be believed makes the whole report say nothing."""
        if not messages:
            return CannotTell("an empty report", raw)
        try:
            opened = [self._said(message, partner, cuo) for message in messages]
        except ContractError as error:
            return CannotTell(f"{error.code} {error.detail}".strip(), raw)
        held_since = [one.message.held_since for one in opened if isinstance(one.message, Acuse)]
        return Has(_news_in(opened), min(held_since, default=None), raw=raw)

    def _said(self, sealed: bytes, partner: Partner, cuo: str) -> Opened:
        now = self._clock()
        opened = open_sealed(sealed, self._trust, receiver_ruc=self._own_ruc(), now=now)
        message = opened.message
        header = message.header
        if header.sender_ruc != partner.ruc:
            raise Refusal.SIGNER_NOT_SENDER.error(f"said by {header.sender_ruc}")
        if header.cuo != cuo:
            raise Refusal.ANSWER_MISMATCH.error(f"about {header.cuo}")
        if isinstance(message, Acuse) and message.held_since - now > MAX_AHEAD:
            raise Refusal.INSTANT_AHEAD.error("held since the future")
        return opened


def _news_in(opened: list[Opened]) -> tuple[News, ...]:
    """The Acuse is in `held_since` already; a Respuesta is not about the leg and comes by its own way."""
    return tuple(to_news(one.message, one.raw) for one in opened if isinstance(one.message, Cargo | Estado))


def failure_of(refusal: Refusal | None, status: int, raw: bytes) -> DeliveryFailure:
    """A refusal in our words is what it says; any other answer may come after the message was stored."""
    if refusal is None:
        return TemporaryFailure(f"HTTP_{status}", raw=raw)
    if refusal.is_temporary:
        return TemporaryFailure(refusal.wire, raw=raw, may_have_arrived=refusal.status >= 500)
    return PermanentFailure(refusal.wire, raw=raw, may_have_arrived=refusal is Refusal.MESSAGE_ID_REUSED)


def answer_of(refusal: Refusal | None, status: int, raw: bytes) -> HasNot | CannotTell:
    """What a refused question tells. Raises TemporaryFailure for what may go better later."""
    if refusal is Refusal.CUO_UNKNOWN:
        return HasNot(raw)
    if refusal.is_temporary if refusal else status >= 500:
        raise failure_of(refusal, status, raw)
    return CannotTell(refusal.wire if refusal else f"HTTP_{status}", raw)
