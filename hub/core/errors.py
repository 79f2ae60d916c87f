"""The errors we raise on purpose. They carry codes; doors turn codes into sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one field of what a person typed: the field, a code, and the values to say it with."""

    field: str
    code: str
    params: Mapping[str, Any] = dataclass_field(default_factory=dict)


class MesaError(Exception):
    """Root of every error raised on purpose. `code` is stable and for machines."""

    code = "ERROR"

    def __init__(self, detail: str = "", *, code: str | None = None) -> None:
        super().__init__(detail or code or self.code)
        self.detail = detail
        if code is not None:
            self.code = code


class InvalidFiling(MesaError):
    """A filing cannot be taken as typed; every problem is named at once."""

    code = "FILING_INVALID"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(", ".join(f"{p.field}:{p.code}" for p in problems))
        self.problems = tuple(problems)


class InvalidIdentifier(MesaError, ValueError):
    """A number that cannot exist: wrong length, wrong alphabet or wrong check digit."""

    code = "IDENTIFIER_INVALID"


class NotFound(MesaError):
    """What was asked for does not exist, or may not be seen by who asks: the two are not told apart."""

    code = "NOT_FOUND"


class Forbidden(MesaError):
    """Known to us, and not allowed to do this."""

    code = "FORBIDDEN"


class ForbiddenStep(MesaError):
    """A step off the table of statuses. News that asks for it is parked."""

    code = "STEP_FORBIDDEN"

    def __init__(self, current: str, wanted: str) -> None:
        super().__init__(f"{current} -> {wanted}")
        self.current = current
        self.wanted = wanted


class NeedsReason(MesaError):
    """A remedy by hand was asked for without saying why."""

    code = "REASON_REQUIRED"


class NeedsConfirmation(MesaError):
    """The destination may already hold the paper: a person must confirm, and the confirmation is recorded."""

    code = "CONFIRMATION_REQUIRED"


class ContractError(MesaError):
    """A message of a partner that we refuse: our closed list of codes, each temporary or permanent."""

    def __init__(
        self, code: str, detail: str = "", *, message_id: str | None = None, is_temporary: bool = False
    ) -> None:
        super().__init__(detail, code=code)
        self.message_id = message_id
        self.is_temporary = is_temporary
        self.retry_after: int | None = None
        """Seconds after which the same may go well, where that is known."""


class DeliveryFailure(MesaError):
    """What an adapter raises, in two kinds and no more. `raw` is the partner's answer as it came, if any."""

    is_temporary = True

    def __init__(self, code: str, detail: str = "", *, raw: bytes = b"", may_have_arrived: bool = True) -> None:
        super().__init__(detail, code=code)
        self.raw = raw
        self.may_have_arrived = may_have_arrived


class TemporaryFailure(DeliveryFailure):
    """It did not work now and may work later. `may_have_arrived`: the answer was lost, not the request refused."""


class PermanentFailure(DeliveryFailure):
    """It will not work by trying again: a person must look."""

    is_temporary = False


class StorageFailure(MesaError):
    """The document store did not take or give the bytes. It may do so a moment later."""

    code = "STORAGE_FAILED"


class DocumentMissing(StorageFailure):
    """The store answers, and says that it has no such document."""
