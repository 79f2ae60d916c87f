"""SOAP 1.1 calls of the national contract: zeep writes the message from our own WSDL, `Calls` carries it."""

import re
import threading
from pathlib import Path
from typing import Any, Final

import zeep
from zeep.exceptions import Error as ZeepError
from zeep.wsdl.utils import etree_to_string

from adapters.calls import Calls
from hub.core.errors import PermanentFailure, TemporaryFailure

SCHEMAS: Final = Path(__file__).parent.parent / "schemas" / "iotramite"
ANSWER_LIMIT: Final = 64 * 1024 * 1024
"""Most bytes of an answer: a cargo PDF of 30 MB, encoded twice."""


class Envelopes:
    """Calls by one WSDL of `schemas/iotramite`, read at the first. `timeout` seconds a call."""

    def __init__(self, wsdl: Path, timeout: float) -> None:
        self._wsdl = wsdl
        self._calls = Calls(timeout, ANSWER_LIMIT)
        self._client: zeep.Client | None = None
        self._lock = threading.Lock()

    def call(self, address: str, operation: str, action: str = "", **values: Any) -> bytes:
        """Make one call and give the answer's bytes, whatever they are. Raises TemporaryFailure or PermanentFailure."""
        address = re.sub(r"\?wsdl$", "", address.strip(), flags=re.IGNORECASE)
        try:
            client = self._writer()
            envelope = client.create_message(client.service, operation, **values)
        except (ZeepError, ValueError) as error:  # a value that the schema or XML refuses
            raise PermanentFailure("MESSAGE_UNWRITABLE", str(error), may_have_arrived=False) from error
        headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{action}"'}
        reply = self._calls.call("POST", address, headers, etree_to_string(envelope))
        is_soap_fault = reply.status == 500 and b"Fault" in reply.body
        if reply.status != 200 and not is_soap_fault:
            refused = 300 <= reply.status < 500
            raise TemporaryFailure(f"HTTP_{reply.status}", raw=reply.body, may_have_arrived=not refused)
        return reply.body

    def _writer(self) -> zeep.Client:
        with self._lock:
            if self._client is None:
                settings = zeep.Settings(forbid_dtd=True, forbid_external=True)
                self._client = zeep.Client(str(self._wsdl), settings=settings)
            return self._client
