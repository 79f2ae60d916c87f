"""The national contract: hands a filing to an entity's `wsiotramite/Tramite` (contract D) and asks it for news."""

import re
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import zeep
from zeep.exceptions import Error as ZeepError
from zeep.wsdl.utils import etree_to_string

from adapters.calls import Calls
from hub.core.errors import ContractError, MesaError, PermanentFailure, StorageFailure, TemporaryFailure
from hub.core.ports import Ack, CannotTell, CargoBack, Has, HasNot, Parcel, Partner
from hub.wire.iotramite.codes import INVALID, OK, says_receiver_fails, says_taken
from hub.wire.iotramite.envelope import NotAnEnvelope
from hub.wire.iotramite.files import is_pdf
from hub.wire.iotramite.read import Answer, cargo_is_taken, read_answer, read_consulta
from hub.wire.iotramite.validation import recepcion_problem
from hub.wire.iotramite.write import Inline, main_document, needs_transfer_sheet, to_cargo, to_recepcion

WSDL: Final = Path(__file__).parent.parent / "schemas" / "iotramite" / "Tramite.wsdl"
ANSWER_LIMIT: Final = 64 * 1024 * 1024
"""Most bytes of an answer: a cargo PDF of 30 MB, encoded twice."""

_HEADERS: Final = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}
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
        self._transfer_sheet = transfer_sheet
        self._now = now
        self._is_institution = is_institution
        self._wsdl = wsdl
        self._calls = Calls(timeout, ANSWER_LIMIT)
        self._client: zeep.Client | None = None
        self._lock = threading.Lock()

    def deliver(self, parcel: Parcel) -> Ack:
        """Call `recepcionarTramiteResponse`: Ack on 0000. What breaks the contract's rules is a PermanentFailure."""
        filer_ruc = parcel.sobre.filer.ruc
        is_institution = bool(filer_ruc) and (filer_ruc == parcel.sender_ruc or self._is_institution(filer_ruc))
        values = to_recepcion(parcel, self._inline(parcel), is_institution=is_institution)
        problem = recepcion_problem(values, now=self._now())
        if problem:
            raise PermanentFailure(f"PIDE_{INVALID}", problem, may_have_arrived=False)
        raw = self._call(parcel.partner, "recepcionarTramiteResponse", recepcionRequest=values)
        answer = _readable(raw, lambda: read_answer(raw))
        if answer.code == OK or (answer.code == "" and says_taken(answer.text)):
            return Ack(held_since=self._now(), raw=raw)
        raise _failure(answer, raw)

    def status_of(self, partner: Partner, cuo: str) -> Has | HasNot | CannotTell:
        """Call `consultarTramiteResponse` and read what the entity says of this CUO."""
        raw = self._call(partner, "consultarTramiteResponse", request=cuo)
        return _readable(raw, lambda: read_consulta(raw, cuo, partner.ruc, self._now()))

    def give_cargo(self, partner: Partner, cargo: CargoBack) -> Ack:
        """Call `cargoResponse`: Ack on 0000, on 0002 (it had it), and on the empty code that some answer on success."""
        raw = self._call(partner, "cargoResponse", cargoRequest=to_cargo(cargo))
        answer = _readable(raw, lambda: read_answer(raw))
        if cargo_is_taken(answer):
            return Ack(held_since=self._now(), raw=raw)
        raise _failure(answer, raw)

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

    def _call(self, partner: Partner, operation: str, **values: Any) -> bytes:
        """Make one call and give the answer's bytes, whatever they are. Raises TemporaryFailure or PermanentFailure."""
        address = re.sub(r"\?wsdl$", "", partner.address.strip(), flags=re.IGNORECASE)
        try:
            client = self._writer()
            envelope = client.create_message(client.service, operation, **values)
        except (ZeepError, ValueError) as error:  # a value that the schema or XML refuses
            raise PermanentFailure("MESSAGE_UNWRITABLE", str(error), may_have_arrived=False) from error
        reply = self._calls.call("POST", address, _HEADERS, etree_to_string(envelope))
        is_soap_fault = reply.status == 500 and b"Fault" in reply.body
        if reply.status != 200 and not is_soap_fault:
            refused = 300 <= reply.status < 500
            raise TemporaryFailure(f"HTTP_{reply.status}", raw=reply.body, may_have_arrived=not refused)
        return reply.body

    def _writer(self) -> zeep.Client:
        """zeep, from our own WSDL, writes the message; `Calls` carries it; `hub.wire.iotramite` reads the answer."""
        with self._lock:
            if self._client is None:
                settings = zeep.Settings(forbid_dtd=True, forbid_external=True)
                self._client = zeep.Client(str(self._wsdl), settings=settings)
            return self._client


def _readable(raw: bytes, read: Callable[[], _T]) -> _T:
    try:
        return read()
    except (NotAnEnvelope, ContractError) as error:
        raise TemporaryFailure("ANSWER_UNREADABLE", str(error), raw=raw) from error


def _failure(answer: Answer, raw: bytes) -> MesaError:
    """What an answer other than 0000 means. 0003 is a refusal of the message; anything else may hide a stored paper."""
    if answer.fault is not None:
        return TemporaryFailure("SOAP_FAULT", answer.fault, raw=raw)
    if answer.code == INVALID and not says_receiver_fails(answer.text):
        return PermanentFailure(f"PIDE_{INVALID}", answer.text, raw=raw, may_have_arrived=False)
    return TemporaryFailure(f"PIDE_{answer.code[:20] or 'SIN_CODIGO'}", answer.text, raw=raw)
