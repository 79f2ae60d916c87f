"""The statuses and the tables of their steps. Nobody assigns a status: `advance()` takes a step of the table."""

from enum import StrEnum


class DeliveryStatus(StrEnum):
    """Where one leg is."""

    QUEUED = "queued"  # waits for the worker, or for the institution to pull
    SENDING = "sending"  # claimed by a worker, by lease
    SENT = "sent"  # the destination holds it: its Acuse, or 0000
    REGISTERED = "registered"  # its mesa de partes gave its cargo
    OBSERVED = "observed"  # it asks for something; nothing runs meanwhile
    CORRECTED = "corrected"  # the subsanación went out as a new leg
    LAPSED = "lapsed"  # the term of the observation passed
    REFUSED = "refused"  # not taken, for a closed reason
    REROUTED = "rerouted"  # a following leg exists
    FAILED = "failed"  # a person must look
    CANCELLED = "cancelled"  # withdrawn before hand-over


_D = DeliveryStatus
NEWS = frozenset({_D.REGISTERED, _D.OBSERVED, _D.REFUSED})

DELIVERY_STEPS: dict[DeliveryStatus, frozenset[DeliveryStatus]] = {
    _D.QUEUED: frozenset({_D.SENDING, _D.SENT, _D.FAILED, _D.CANCELLED}) | NEWS,
    _D.SENDING: frozenset({_D.SENT, _D.QUEUED, _D.FAILED}) | NEWS,
    _D.SENT: NEWS | {_D.FAILED},
    _D.FAILED: frozenset({_D.QUEUED, _D.SENT, _D.REROUTED, _D.CANCELLED}) | NEWS,
    _D.REGISTERED: frozenset({_D.OBSERVED, _D.REFUSED}),  # observed: once, by the office in charge (TUO 136.5)
    _D.OBSERVED: frozenset({_D.CORRECTED, _D.LAPSED, _D.REGISTERED, _D.REFUSED, _D.CANCELLED}),
    _D.REFUSED: frozenset({_D.REROUTED, _D.CANCELLED, _D.REGISTERED, _D.OBSERVED}),
    _D.LAPSED: frozenset({_D.REGISTERED}),
    _D.CORRECTED: frozenset(),
    _D.REROUTED: frozenset(),
    _D.CANCELLED: frozenset(),
}

HANDED_OVER = frozenset({_D.SENT, _D.REGISTERED, _D.OBSERVED, _D.CORRECTED, _D.LAPSED, _D.REFUSED})
"""The destination is known to hold the paper, or to have held it."""


class FilingStatus(StrEnum):
    """What the citizen sees; derived from the legs and what the destination says, never set by hand."""

    HELD = "held"  # the counter has it, no leg yet: quarantine, custody
    ON_ITS_WAY = "on_its_way"
    DELIVERED = "delivered"
    REGISTERED = "registered"
    IN_PROCESS = "in_process"
    ANSWERED = "answered"
    CLOSED = "closed"
    OBSERVED = "observed"
    LAPSED = "lapsed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Movement(StrEnum):
    """What an Estado can say: where the filing is inside the destination."""

    IN_PROCESS = "in_process"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


_BY_DELIVERY = {
    _D.QUEUED: FilingStatus.ON_ITS_WAY,
    _D.SENDING: FilingStatus.ON_ITS_WAY,
    _D.FAILED: FilingStatus.ON_ITS_WAY,
    _D.SENT: FilingStatus.DELIVERED,
    _D.REGISTERED: FilingStatus.REGISTERED,
    _D.OBSERVED: FilingStatus.OBSERVED,
    _D.CORRECTED: FilingStatus.ON_ITS_WAY,
    _D.LAPSED: FilingStatus.LAPSED,
    _D.REFUSED: FilingStatus.REFUSED,
    _D.REROUTED: FilingStatus.ON_ITS_WAY,
}


class Pending(StrEnum):
    """An observation that stands between a filing and its way: made at the counter, before there is a leg."""

    OBSERVED = "observed"
    LAPSED = "lapsed"


def filing_status(
    newest_leg: DeliveryStatus | None,
    latest_movement: Movement | None,
    *,
    is_withdrawn: bool = False,
    pending: Pending | None = None,
) -> FilingStatus:
    """Derive a filing's status.

    `pending` is the counter's observation while it is open or when it lapsed (the legs say their own). `newest_leg` is
    the newest leg that is not cancelled (None: no leg yet); `latest_movement` the newest Estado said about that leg.
    Order: withdrawal; an observation open or lapsed; the leg; its Estado.
    """
    if is_withdrawn or latest_movement is Movement.WITHDRAWN:
        return FilingStatus.WITHDRAWN
    if pending is not None:
        return FilingStatus(pending.value)
    if newest_leg is None:
        return FilingStatus.HELD
    if latest_movement is not None and newest_leg in (_D.REGISTERED, _D.SENT):
        return FilingStatus(latest_movement.value)
    return _BY_DELIVERY[newest_leg]


class OutboundStatus(StrEnum):
    """What the worker knows of a message that leaves."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    DONE = "done"
    DEAD = "dead"  # a person must look
    VOID = "void"  # news came first: it will never be sent


class InboundStatus(StrEnum):
    """What became of a message from a partner."""

    KEPT = "kept"  # stored by digest, not yet acted on
    APPLIED = "applied"
    PARKED = "parked"  # does not fit: shown to a person, replayed when it fits
    REFUSED = "refused"


class MessageKind(StrEnum):
    """What a row of the outbox carries."""

    SOBRE = "sobre"
    ACUSE = "acuse"
    CARGO = "cargo"
    NATIONAL_CARGO = "cargo_nacional"  # for who sent a document in by the national contract, which is not signed
    ESTADO = "estado"
    RESPUESTA = "respuesta"
    MAIL = "mail"
    SMS = "sms"
    WEBHOOK = "webhook"  # an operators' alert, for a machine


class Mode(StrEnum):
    """On what title the counter that took a filing acts for its destination (TUO 132, 133, 141)."""

    OWN = "own"
    DELEGATED = "delegated"
    REMITTANCE = "remittance"


class RefusalReason(StrEnum):
    """Closed list; a text always comes with it."""

    NOT_COMPETENT = "NO_COMPETE"
    ILLEGIBLE = "ILEGIBLE"
    UNKNOWN_ADDRESSEE = "DESTINATARIO_INEXISTENTE"
    DUPLICATE = "DUPLICADO"
    UNPROCESSABLE_FORMAT = "FORMATO_NO_PROCESABLE"
    OTHER = "OTRO"


class Author(StrEnum):
    """Who says what an event tells."""

    HUB = "hub"
    DESTINATION = "destination"
    CLERK = "clerk"
    OFFICER = "officer"
    FILER = "filer"
    ADMIN = "admin"
