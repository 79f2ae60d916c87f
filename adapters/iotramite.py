"""The national contract: hands a filing to an entity's `wsiotramite/Tramite` (contract D) and asks it for news."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar

from adapters.envelopes import SCHEMAS, Envelopes
from hub.core.errors import ContractError, MesaError, PermanentFailure, StorageFailure, TemporaryFailure
from hub.core.ports import Ack, CannotTell, CargoBack, Has, HasNot, Parcel, Partner
from hub.wire.iotramite.codes import INVALID, OK, says_receiver_fails, says_taken
from hub.wire.iotramite.envelope import NotAnEnvelope
from hub.wire.iotramite.fields import CARGO, CONSULTAR, RECEPCIONAR
from hub.wire.iotramite.files import is_pdf
from hub.wire.iotramite.read import Answer, cargo_is_taken, read_answer, read_consulta
from hub.wire.iotramite.validation import recepcion_problem
from hub.wire.iotramite.write import Inline, main_document, needs_transfer_sheet, to_cargo, to_recepcion

WSDL: Final = SCHEMAS / "Tramite.wsdl"
_T = TypeVar("_T")


class Iotramite:
    """`transfer_sheet` makes the page that goes inline where the main PDF cannot; `now` is the clock.

    `is_institution` says of a RUC whether it is a body of the State, whose documents go as Oficio.
    `timeout` bounds, in seconds, the wait for a connection, for each piece of the answer, and for the whole answer.
    """

    def __init__(
        self,
        *,
        transfer_sheet: Callable[[Parcel], bytes],
        now: Callable[[], datetime],
        timeout: float = 30.0,
        is_institution: Callable[[str], bool] = lambda ruc: False,
        wsdl: Path = WSDL,
    ) -> None:
        self._papers = Papers(transfer_sheet, is_institution)
        self._now = now
        self._soap = Envelopes(wsdl, timeout)

    def deliver(self, parcel: Parcel) -> Ack:
        """Call `recepcionarTramiteResponse`: Ack on 0000. What breaks the contract's rules is a PermanentFailure."""
        values = self._papers.values(parcel, self._now())
        raw = self._soap.call(parcel.partner.address, RECEPCIONAR, recepcionRequest=values)
        return taken(raw, self._now())

    def status_of(self, partner: Partner, cuo: str) -> Has | HasNot | CannotTell:
        """Call `consultarTramiteResponse` and read what the entity says of this CUO."""
        raw = self._soap.call(partner.address, CONSULTAR, request=cuo)
        return readable(raw, lambda: read_consulta(raw, cuo, partner.ruc, self._now()))

    def give_cargo(self, partner: Partner, cargo: CargoBack) -> Ack:
        """Call `cargoResponse`: Ack on 0000, on 0002 (it had it), and on the empty code that some answer on success."""
        raw = self._soap.call(partner.address, CARGO, cargoRequest=to_cargo(cargo))
        return cargo_taken(raw, self._now())


class Papers:
    """A parcel as the values of a `recepcionar`, with the one PDF that travels inside."""

    def __init__(self, transfer_sheet: Callable[[Parcel], bytes], is_institution: Callable[[str], bool]) -> None:
        self._transfer_sheet = transfer_sheet
        self._is_institution = is_institution

    def values(self, parcel: Parcel, now: datetime) -> dict[str, object]:
        """In the order of contract D. Raises PermanentFailure with the platform's sentence for what breaks a rule."""
        filer_ruc = parcel.sobre.filer.ruc
        is_institution = bool(filer_ruc) and (filer_ruc == parcel.sender_ruc or self._is_institution(filer_ruc))
        values = to_recepcion(parcel, self._inline(parcel), is_institution=is_institution)
        problem = recepcion_problem(values, now=now)
        if problem:
            raise PermanentFailure(f"PIDE_{INVALID}", problem, may_have_arrived=False)
        return values

    def _inline(self, parcel: Parcel) -> Inline:
        main = main_document(parcel)
        if main is not None and not needs_transfer_sheet(parcel):
            try:
                with main.open() as stream:
                    pdf = stream.read()
            except (StorageFailure, OSError) as error:
                raise TemporaryFailure("DOCUMENT_UNREADABLE", str(error), may_have_arrived=False) from error
            if is_pdf(pdf):
                return Inline(main.file_name, pdf)
        sheet = self._transfer_sheet(parcel)
        return Inline(f"hoja-de-transferencia-{parcel.cuo}.pdf", sheet, stands_in=True)


def taken(raw: bytes, now: datetime) -> Ack:
    """What the answer to a `recepcionar` means: Ack, or the failure it raises."""
    answer = readable(raw, lambda: read_answer(raw))
    if answer.code == OK or (answer.code == "" and says_taken(answer.text)):
        return Ack(held_since=now, raw=raw)
    raise failure_of(answer, raw)


def cargo_taken(raw: bytes, now: datetime) -> Ack:
    """What the answer to a cargo means: Ack, or the failure it raises."""
    answer = readable(raw, lambda: read_answer(raw))
    if cargo_is_taken(answer):
        return Ack(held_since=now, raw=raw)
    raise failure_of(answer, raw)


def readable(raw: bytes, read: Callable[[], _T]) -> _T:
    """What can be read in an answer; what is no answer of the contract is a TemporaryFailure."""
    try:
        return read()
    except (NotAnEnvelope, ContractError) as error:
        raise TemporaryFailure("ANSWER_UNREADABLE", str(error), raw=raw) from error


def failure_of(answer: Answer, raw: bytes) -> MesaError:
    """What an answer other than 0000 means. 0003 is a refusal of the message; anything else may hide a stored paper."""
    if answer.fault is not None:
        return TemporaryFailure("SOAP_FAULT", answer.fault, raw=raw)
    if answer.code == INVALID and not says_receiver_fails(answer.text):
        return PermanentFailure(f"PIDE_{INVALID}", answer.text, raw=raw, may_have_arrived=False)
    return TemporaryFailure(f"PIDE_{answer.code[:20] or 'SIN_CODIGO'}", answer.text, raw=raw)
