"""The worker's rounds over the deployment itself: it beats, tries its neighbours, and tells operators what is wrong."""

import logging
import socket
from datetime import timedelta

from hub.dispatch import Tools
from hub.monitoring import beats, machines, operator_letters, probes, standing
from hub.monitoring.conditions import conditions
from hub.monitoring.standing import Telling
from hub.probing import attempted, tries
from hub.settings import Settings

log = logging.getLogger("mesa.worker")


def host(settings: Settings) -> str:
    """The name of this machine, as probes are kept under it and its workers are named by."""
    return (settings.machine or socket.gethostname())[:60]


def beat(tools: Tools) -> int:
    """This worker lives."""
    with tools.sessions() as session:
        beats.beat(session, tools.name, tools.clock())
        session.commit()
    return 1


def leave(tools: Tools) -> int:
    """This worker stops."""
    with tools.sessions() as session:
        beats.leave(session, tools.name)
        session.commit()
    return 1


def try_neighbours(tools: Tools) -> int:
    """Try each thing that no other process of this machine just tried, with no transaction open.

    A round of its own: whatever happens to it, `compare` goes on.
    """
    settings = tools.settings
    everything = tries(settings, tools.clock())
    for name, try_it in everything.items():
        every = timedelta(seconds=settings.stamp_probe_every if name == "tsa" else settings.watch_every)
        with tools.sessions() as session:
            is_ours = probes.claim(session, host(settings), name, tools.clock(), every)
            session.commit()
        if is_ours:
            tried = attempted(name, try_it)
            with tools.sessions() as session:
                probes.keep(session, host(settings), (tried,), tools.clock())
                session.commit()
    with tools.sessions() as session:
        probes.forget(session, host(settings), list(everything), tools.clock())
        session.commit()
    return len(everything)


def compare(tools: Tools) -> int:
    """Open, close and tell; one worker at a time."""
    settings, now = tools.settings, tools.clock()
    with tools.sessions() as session:
        if not standing.is_my_turn(session):
            return 0
        found = conditions(session, tools.directory, settings.limits, now)
        tellings = standing.settle(session, found, now, settings.limits.told_again, machines.seen(session, now))
        to = operator_letters.recipients(session, settings.warn_mail) if tellings else ()
        for telling in tellings:
            operator_letters.queue(session, telling, to, bool(settings.warn_webhook), now)
        session.commit()
    for telling in tellings:
        _log(telling)
    return len(tellings)


def _log(telling: Telling) -> None:
    alert = telling.alert
    log.warning("alert %s: %s %s", telling.what.value, alert.kind, alert.subject)
