"""Giving cargos back: what a worker does with the cargos due at one institution, in that institution's own lane."""

import logging
import random
from collections.abc import Callable
from datetime import datetime
from functools import cache, partial
from typing import Final, cast

from hub import forwarding
from hub.cargo_copies import cargo_copy
from hub.consulted import known_of
from hub.core.directory import EntityRecord
from hub.core.errors import DeliveryFailure, MesaError, PermanentFailure
from hub.core.ports import CargoBack, CargoGiver
from hub.dispatch import Side, Tools
from hub.forwarding import Forward, Given
from hub.models import Delivery, Sending
from hub.outcomes import keep_raw
from hub.paperwork import Press
from hub.presses import press_from
from hub.settings import Settings

log = logging.getLogger("mesa.worker")


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
    started, raw = tools.clock(), b""
    try:
        cargo = _cargo(tools, forward)
        raw = cast(CargoGiver, tools.adapters[entity.adapter.kind.value]).give_cargo(
            tools.directory.partner(entity.code), cargo
        ).raw
        code = detail = ""
        is_lasting = False
    except (MesaError, LookupError, ValueError) as error:
        code = error.code if isinstance(error, MesaError) else "CARGO_NOT_WRITTEN"
        detail, is_lasting = str(error), not isinstance(error, DeliveryFailure) or isinstance(error, PermanentFailure)
        raw = error.raw if isinstance(error, DeliveryFailure) else b""
        if not isinstance(error, DeliveryFailure):
            log.exception("%s: its cargo cannot be given", forward.delivery.cuo)
    _record(tools, forward, started, raw, (code, detail, is_lasting))


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


def _record(tools: Tools, forward: Forward, started: datetime, raw: bytes, said: tuple[str, str, bool]) -> None:
    code, detail, is_lasting = said
    settings, now = tools.settings, tools.clock()
    chance = random.random()  # noqa: S311 - jitter, not a secret
    with tools.sessions() as session:
        given = Given(started, now, code, detail, is_lasting, keep_raw(session, raw, now))
        policies = (settings.retry_policy, settings.breaker_policy, chance)
        forwarding.record(session, tools.directory, forward, given, policies, now)
        session.commit()
    log.info("%s: its cargo %s %s", forward.delivery.cuo, "was not given" if code else "was given", code)


SIDE: Final = Side(forwarding.recipients, due)
