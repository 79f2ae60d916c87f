"""Several workers on one database: they try once a machine, tell once, and each is known to live until it leaves."""

import threading
from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from hub import overseeing
from hub.monitoring import beats, probes
from hub.monitoring.conditions import conditions
from hub.monitoring.probes import Tried
from tests.monitoring.overseer import oversee

MINUTE = timedelta(minutes=1)


def wrong(session, tools, at):
    return [one.subject for one in conditions(session, tools.directory, tools.settings.limits, at)]


def test_many_workers_at_once_tell_once(overseer):
    overseer.set(warn_webhook="")
    overseer.look()
    overseer.at += MINUTE * 2
    workers = [threading.Thread(target=oversee, args=(overseer.tools,)) for _ in range(6)]
    for one in workers:
        one.start()
    for one in workers:
        one.join(20)
    overseer.look()
    (alert,) = overseer.alerts("antivirus_absent")
    assert alert.times_told == 1
    assert overseer.told("antivirus_absent") == ["opened"]


def test_one_process_of_a_machine_tries_and_every_machine_does(overseer, office):
    with Session(office.engine) as session:
        assert probes.claim(session, "uno", "tsa", overseer.at, MINUTE)
        assert not probes.claim(session, "uno", "tsa", overseer.at + MINUTE / 2, MINUTE)
        assert probes.claim(session, "dos", "tsa", overseer.at + MINUTE / 2, MINUTE)
        assert probes.claim(session, "uno", "tsa", overseer.at + MINUTE, MINUTE)


def test_what_a_machine_saw_that_is_gone_says_nothing_any_more(overseer, office):
    with Session(office.engine) as session:
        for _ in range(2):
            probes.keep(session, "gone", (Tried("tsa", "TIMEOUT"),), overseer.at)
        assert "gone" in wrong(session, overseer.tools, overseer.at)
        assert "gone" not in wrong(session, overseer.tools, overseer.at + timedelta(hours=2))


def test_a_worker_that_stops_leaves_and_one_that_is_killed_does_not(overseer, office):
    killed = replace(overseer.tools, name="uno:9:killed")
    for tools in (overseer.tools, killed):
        overseeing.beat(tools)
    overseeing.leave(overseer.tools)
    with Session(office.engine) as session:
        assert [one.worker for one in beats.beats(session)] == ["uno:9:killed"]
        beats.beat(session, "dos:1:new", overseer.at + timedelta(days=2))
        assert [one.worker for one in beats.beats(session)] == ["dos:1:new"]
