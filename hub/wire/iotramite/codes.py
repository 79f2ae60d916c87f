"""The codes of the national contract and the texts that go with them, to the letter."""

from enum import StrEnum
from typing import Final

from hub.core.statuses import FilingStatus

OK: Final = "0000"
NOT_FOUND: Final = "0001"
ALREADY_REGISTERED: Final = "0002"
INVALID: Final = "0003"
ERROR: Final = "-1"

FOUND_TEXT: Final = "DATOS ENCONTRADOS"
NOT_FOUND_TEXT: Final = "DATOS NO ENCONTRADOS"
RECEIVER_FAILS_TEXT: Final = "Error en el servicio de la entidad receptora"
CARGO_TAKEN_TEXT: Final = "RECEPCION DE CARGO EXITOSO"
CARGO_KNOWN_TEXT: Final = "EL CARGO YA SE ENCUENTRA REGISTRADO"
CARGO_NOT_TAKEN_TEXT: Final = "NO SE PUDO REGISTRAR EL CARGO"
TRY_AGAIN_TEXT: Final = "ERROR INTENTELO NUEVAMENTE"

OFICIO: Final = "01"
CARTA: Final = "02"
DOCUMENT_TYPES: Final = {OFICIO: "OFICIO", CARTA: "CARTA"}
DOCUMENT_KINDS: Final = {OFICIO: "oficio", CARTA: "carta"}
"""ccodtipdoc -> our kind of document."""

SIGNER_KINDS: Final = {"dni": "1", "ce": "2"}
"""Our kind of identity document -> ctipdociderem. No other exists in the contract."""
SIGNERS: Final = {code: kind for kind, code in SIGNER_KINDS.items()}


class State(StrEnum):
    """cflgest, the three letters that travel."""

    PENDING = "P"  # the receiver has it and has not registered it
    REGISTERED = "R"
    OBSERVED = "O"  # the reason is in vobs


CARGO_STATES: Final = frozenset({State.REGISTERED, State.OBSERVED})

STATE_OF_FILING: Final = {
    FilingStatus.HELD: State.PENDING,
    FilingStatus.ON_ITS_WAY: State.PENDING,
    FilingStatus.DELIVERED: State.PENDING,
    FilingStatus.REGISTERED: State.REGISTERED,
    FilingStatus.IN_PROCESS: State.REGISTERED,
    FilingStatus.ANSWERED: State.REGISTERED,
    FilingStatus.CLOSED: State.REGISTERED,
    FilingStatus.OBSERVED: State.OBSERVED,
    FilingStatus.LAPSED: State.OBSERVED,
    FilingStatus.REFUSED: State.OBSERVED,
    FilingStatus.WITHDRAWN: State.OBSERVED,
}
"""What `consultar` says, as the platform, of a filing that we know."""


def taken_text(cuo: str, receiver_name: str) -> str:
    """The text of a 0000 to recepcionar."""
    return (
        f"El documento N° CUO {cuo} se encuentra a disposición para la recepción formal de la entidad destinataria "
        f"{receiver_name} en los horarios de atención de su Mesa de Partes."
    )


def says_taken(text: str) -> bool:
    """True for the text of a 0000, whatever code came with it: some entities leave the code empty."""
    return "se encuentra a disposición para la recepción formal" in text


def says_receiver_fails(text: str) -> bool:
    """True where the platform or the entity says, under any code, that the receiver's service fails."""
    return "error en el servicio" in text.casefold()


def says_failed(text: str) -> bool:
    """True for a text of failure, whatever code came with it: (*) marks a cargo that the other end did not take."""
    folded = text.casefold()
    return any(sign in folded for sign in ("error", "no se pudo", "(*"))
