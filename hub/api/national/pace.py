"""How fast an institution may call by the national contract: as fast as by the hub's own (hub.rates).

Where an address is of one institution alone it is counted before anything of the body is read. Where several share
it, afterwards, under the RUC that the call names. A stranger is not counted, since nothing is done for it; nor is a
question to the directory of entities, which has no code by which to say that one should wait.
"""

import logging
from collections.abc import Mapping
from typing import Final

from flask import Response
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from hub.api.callers import Callers
from hub.api.national.calls import Returned, not_done
from hub.clock import now
from hub.core.errors import ContractError
from hub.extensions import db, services
from hub.rates import Rate, spend
from hub.wire.iotramite import codes
from hub.wire.iotramite.services import NAMESPACE_B, Service

log = logging.getLogger(__name__)
TOO_FAST: Final = "Tu entidad llama más rápido de lo permitido: espera {} segundos y vuelve a llamar."
_NAMED: Final = ("vrucentrem", "ruc")


def wait_by_address(service: Service, callers: Callers) -> int:
    """Count a call that can only be of one institution; gives the seconds that it has to wait, 0 for none."""
    is_one = len(callers.rucs) == 1 and service.namespace != NAMESPACE_B
    return _count(min(callers.rucs)) if is_one else 0


def wait_by_name(service: Service, callers: Callers, values: Mapping[str, str]) -> int:
    """Count a call of one among several, by the RUC that it names; of the platform, or the first, where it names none.

    Gives the seconds that it has to wait, 0 for none.
    """
    if len(callers.rucs) < 2 or service.namespace == NAMESPACE_B:
        return 0
    named = next((values[name] for name in _NAMED if values.get(name) in callers.rucs), None)
    return _count(named or str(next((one.ruc for one in callers.platforms), min(callers.rucs))))


def _count(ruc: str) -> int:
    settings, seconds = services().settings, 0
    try:
        spend(db.session, ruc, Rate(settings.calls_per_second, settings.calls_at_once), now())
        db.session.commit()
    except ContractError as error:
        db.session.rollback()
        seconds = error.retry_after or 1
        log.warning("%s calls too fast: %d s", ruc, seconds)
    except (DBAPIError, PoolExhausted) as error:  # the call itself will say so, with its code
        db.session.rollback()
        log.warning("a call of %s was not counted: %s", ruc, type(error).__name__)
    return seconds


def wait(operation: str, seconds: int) -> Returned:
    """What is said to who calls too fast: the contract's code for a call to be repeated, and a sentence."""
    return not_done(operation, codes.ERROR, TOO_FAST.format(seconds))


def later(answer: Response, seconds: int) -> Response:
    """The same with the seconds to wait, for stacks that look at them."""
    answer.headers["Retry-After"] = str(seconds)
    return answer
