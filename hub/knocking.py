"""Asking an institution that did not answer whether it does, where no message waits that would find out.

Its breaker closes by the next answer; what waited may have been sent elsewhere or taken back meanwhile.
"""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import breaker
from hub.core.errors import DeliveryFailure, PermanentFailure
from hub.core.ports import Adapter, Has, News, Partner
from hub.dispatch import Tools, apply_news
from hub.models import Delivery
from hub.national_numbers import partner_of

log = logging.getLogger("mesa.worker")
AT_ONCE: Final = 8
"""Institutions that are asked side by side; each takes a connection to the database."""
NOBODYS: Final = "0000000000"
"""A CUO that no leg has: who does not know it answers, and that is all that is asked."""


@dataclass(frozen=True)
class _Question:
    entity_id: int
    adapter: Adapter | None
    partner: Partner
    cuo: str


def knock(tools: Tools) -> int:
    """Ask each of them, side by side, about the newest leg that was handed to it. Gives how many were asked."""
    with tools.sessions() as session:
        bodies = breaker.untried(session, tools.settings.breaker_policy, tools.clock())
        session.commit()
    if bodies:
        with ThreadPoolExecutor(min(len(bodies), AT_ONCE), thread_name_prefix="knock") as pool:
            list(pool.map(lambda one: _guarded(tools, one), bodies))
    return len(bodies)


def _question(session: Session, tools: Tools, entity_id: int) -> _Question:
    directory = tools.directory
    body = directory.by_id(entity_id)
    handed = select(Delivery).where(Delivery.destination_id == entity_id, Delivery.handed_out_at.is_not(None))
    leg = session.scalar(handed.order_by(Delivery.id.desc()).limit(1))
    partner = partner_of(session, directory, leg) if leg else directory.partner(body.code)
    told = {name: value for name, value in partner.options.items() if value}
    partner = replace(partner, options={"national_cuo": NOBODYS, "asks_as": directory.operator.ruc, **told})
    return _Question(entity_id, tools.adapters.get(body.adapter.kind.value), partner, leg.cuo if leg else NOBODYS)


def _guarded(tools: Tools, entity_id: int) -> None:
    """What goes wrong with one institution is not the next one's."""
    try:
        with tools.sessions() as session:
            question = _question(session, tools, entity_id)
        _ask(tools, question)
    except Exception:
        log.exception("institution %s: it could not be asked whether it answers", entity_id)


def _ask(tools: Tools, question: _Question) -> None:
    """Any answer ends the row of failures, as where a message is carried. Who fetches is never called, nor awaited."""
    news: tuple[News, ...] = ()
    failed = ""
    try:
        answer = question.adapter.status_of(question.partner, question.cuo) if question.adapter else None
        news = answer.news if isinstance(answer, Has) else ()
    except DeliveryFailure as error:
        if isinstance(error, PermanentFailure) and not error.may_have_arrived:
            log.info("%s: it cannot be called: %s", question.partner.code, error.code)
            return
        failed = "" if isinstance(error, PermanentFailure) else error.code
    _record(tools, question, failed)
    with tools.sessions() as session:
        apply_news(session, tools, news)


def _record(tools: Tools, question: _Question, failed: str) -> None:
    with tools.sessions() as session:
        now = tools.clock()
        if failed:
            breaker.count_failure(session, question.entity_id, tools.settings.breaker_policy, now, failed)
        else:
            breaker.close(session, question.entity_id, now)
        session.commit()
    log.info("%s: %s", question.partner.code, failed or "it answers again")
