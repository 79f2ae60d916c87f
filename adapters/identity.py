"""The State's registers of identities, asked while a person waits: RENIEC by DNI and SUNAT by RUC.

By the national platform (PIDE), with the credentials of the body that runs the hub. A register that fails is left alone
for half a minute, so that a form never waits for it twice.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from adapters.calls import Calls
from hub.core.errors import ContractError, DeliveryFailure, PermanentFailure, TemporaryFailure
from hub.core.services import Identity
from hub.wire.identities import MAX_ANSWER, reniec_names, reniec_question, sunat_name

log = logging.getLogger(__name__)

REST: Final = 30.0
"""Seconds that a register which failed is not asked."""


@dataclass(frozen=True)
class Credential:
    """Of the official in whose name RENIEC is asked: DNI, RUC of the body, password."""

    dni: str
    ruc: str
    password: str


class NationalIdentities:
    """`reniec` and `sunat` are addresses, empty for a register that is not asked; `timeout` seconds a question."""

    def __init__(self, reniec: str, credential: Credential, sunat: str, timeout: float) -> None:
        self._reniec, self._credential, self._sunat = reniec, credential, sunat
        self._calls = Calls(timeout, MAX_ANSWER)
        self._rests_until: dict[str, float] = {}

    def identity_of(self, kind: str, number: str) -> Identity | None:
        """Whose a DNI ("dni") or a RUC ("ruc") is; None for nobody, and for other documents.

        Raises TemporaryFailure, PermanentFailure.
        """
        if kind == "dni" and self._reniec:
            names = self._from("RENIEC", lambda: self._ask_reniec(number))
        elif kind == "ruc" and self._sunat:
            names = self._from("SUNAT", lambda: self._ask_sunat(number))
        else:
            return None
        return Identity(names) if names else None

    def _from(self, register: str, ask: Callable[[], str]) -> str:
        if time.monotonic() < self._rests_until.get(register, 0.0):
            raise TemporaryFailure(f"{register}_RESTS")
        try:
            return ask()
        except ContractError as error:
            log.warning("%s: %s %s", register, error.code, error.detail)
            raise PermanentFailure(error.code, error.detail) from error
        except DeliveryFailure as error:
            log.warning("%s: %s", register, error.code)
            self._rests_until[register] = time.monotonic() + REST
            raise

    def _ask_reniec(self, dni: str) -> str:
        asked = reniec_question(dni, self._credential.dni, self._credential.ruc, self._credential.password)
        return reniec_names(self._asked("POST", self._reniec, asked))

    def _ask_sunat(self, ruc: str) -> str:
        return sunat_name(self._asked("GET", self._sunat, None, urlencode({"numruc": ruc})))

    def _asked(self, method: str, url: str, body: bytes | None, query: str = "") -> bytes:
        headers = {"Accept": "text/xml, application/xml"}
        if body is not None:
            headers |= {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '"consultar"'}
        reply = self._calls.call(method, url, headers, body, query)
        if reply.status != 200:
            raise TemporaryFailure("REGISTER_FAILED", str(reply.status))
        return reply.body
