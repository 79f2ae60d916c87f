"""Giving cargos back: what a worker does with the cargos due at one institution, in that institution's own lane."""

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Final, cast

from hub import forwarding
from hub.cargo_copies import cargo_copy
from hub.consulted import known_of
from hub.core.directory import EntityRecord
from hub.core.errors import DeliveryFailure, MesaError, PermanentFailure, StorageFailure
from hub.core.ports import CargoBack, CargoGiver
from hub.dispatch import Side, Tools
from hub.forwarding import Forward, Given
from hub.models import Delivery, Sending
from hub.outcomes import keep_raw
from hub.paperwork import Press
from hub.presses import press_from
from hub.settings import Settings

log = logging.getLogger("mesa.worker")


@dataclass(frozen=True)
class Tried:
    """What a try brought: the answer as it came, or why there is none. What the document store does not give now it
    may give later; whatever else cannot be written here is for a person.
    """

    raw: bytes = b""
    code: str = ""
    detail: str = ""
    is_lasting: bool = False
    is_about_institution: bool = True


@cache
def _press(settings: Settings) -> Press:
    return press_from(settings)


def due(tools: Tools, entity: EntityRecord, room: int) -> list[Callable[[], None]]:
    """Claim the cargos due at an institution, so many at most; gives what does each. Committed."""
    with tools.sessions() as session:
        claims = forwarding.claim(
            session, entity.id, tools.name, tools.clock(), lease=tools.lease, cap=entity.in_flight, batch=room
        )
        session.commit()
    return [partial(give, tools, one, entity) for one in claims]


def give(tools: Tools, forward: Forward, entity: EntityRecord) -> None:
    """One try: write it, hand it over with no transaction open, write down what came of it."""
    started = tools.clock()
    try:
        cargo = _cargo(tools, forward)
        answer = cast(CargoGiver, tools.adapters[entity.adapter.kind.value]).give_cargo(
            tools.directory.partner(entity.code), cargo
        )
        tried = Tried(answer.raw)
    except DeliveryFailure as error:
        tried = Tried(error.raw, error.code, str(error), isinstance(error, PermanentFailure))
    except (MesaError, LookupError, ValueError) as error:
        log.exception("%s: its cargo cannot be given", forward.delivery.cuo)
        code = error.code if isinstance(error, MesaError) else "CARGO_NOT_WRITTEN"
        tried = Tried(b"", code, str(error), not isinstance(error, StorageFailure), is_about_institution=False)
    _record(tools, forward, started, tried)


def _cargo(tools: Tools, forward: Forward) -> CargoBack:
    """What is said, as it stands now."""
    with tools.sessions() as session:
        leg = session.get_one(Delivery, forward.delivery.id)
        sending = session.get_one(Sending, int(forward.message.content["sending"]))
        known = known_of(session, leg)
        said = CargoBack(
            cuo=sending.cuo,
            cuo_ref=sending.cuo_ref,
            state=str(forward.message.content["state"]),
            giver_ruc=tools.directory.by_id(leg.destination_id).ruc,
            sender_ruc=sending.sender_ruc,
            registered_at=known.registered_at or tools.clock(),
            registry_number=known.registry_number,
            registry_year=known.registry_year,
            unit=known.unit,
            official=known.official,
            remark=known.remark,
            pdf=cargo_copy(session, tools.directory, _press(tools.settings), leg, tools.clock()),
        )
        session.commit()
        return said


def _record(tools: Tools, forward: Forward, started: datetime, tried: Tried) -> None:
    settings, now = tools.settings, tools.clock()
    chance = random.random()  # noqa: S311 - jitter, not a secret
    with tools.sessions() as session:
        digest = keep_raw(session, tried.raw, now)
        given = Given(started, now, tried.code, tried.detail, tried.is_lasting, digest, tried.is_about_institution)
        policies = (settings.retry_policy, settings.breaker_policy, chance)
        forwarding.record(session, tools.directory, forward, given, policies, now)
        session.commit()
    log.info("%s: its cargo %s %s", forward.delivery.cuo, "was not given" if tried.code else "was given", tried.code)


SIDE: Final = Side(forwarding.recipients, due)
