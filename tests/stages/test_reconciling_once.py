"""A comparison is one worker's at a time, ends whatever happens in it, and leaves nothing behind when it is stopped."""

import threading
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from hub import comparing, comparisons
from hub.clock import now
from hub.core.errors import TemporaryFailure
from hub.core.ports import LIST_TOO_LONG, Has, Listed
from hub.models import Comparison
from hub.reconciling import reconcile
from tests.stages.town import Listing, office, town

__all__ = ["office", "town"]


def test_a_comparison_whose_worker_died_is_taken_over(town):
    town.sent()
    entity = town.office.tools.directory.entity("igp")
    with Session(town.office.engine) as session:
        row = comparisons.ask(session, entity.id, "igp", "", town.at)
        assert len(comparisons.claim(session, "dead", town.at, town.tools.lease, 4)) == 1
        session.commit()
        assert comparisons.claim(session, "alive", town.at, town.tools.lease, 4) == []
        town.at += town.tools.lease * 2
        assert [one.id for one in comparisons.claim(session, "alive", town.at, town.tools.lease, 4)] == [row.id]
        session.commit()
        assert not comparisons.keep(session, row.id, "dead", town.at)


def test_an_institution_is_compared_once_at_a_time(town):
    town.sent()
    entity = town.office.tools.directory.entity("igp")
    with Session(town.office.engine) as session:
        comparisons.plan_night(session, [entity.id], town.at.date() - timedelta(days=9), town.at)
        asked = comparisons.ask(session, entity.id, "igp", "", town.at)
        assert [one.id for one in comparisons.claim(session, "one", town.at, town.tools.lease, 4)] == [asked.id]
        comparisons.ask(session, entity.id, "igp", "", town.at)
        assert comparisons.claim(session, "two", town.at, town.tools.lease, 4) == []
        later = town.at + town.tools.lease * 2
        assert [one.id for one in comparisons.claim(session, "two", later, town.tools.lease, 4)] == [asked.id]
        asked.finished_at = later
        assert len(comparisons.claim(session, "one", later, town.tools.lease, 4)) == 1
        session.commit()


def test_bodies_to_which_nothing_was_filed_are_left_out_by_one_question(town):
    town.sent()
    directory, asked = town.office.tools.directory, []
    bodies = [one.id for one in directory.entities]
    with Session(town.office.engine) as session:
        event.listen(session.connection(), "before_cursor_execute", lambda *given: asked.append(given[2]))
        day = town.at.date() - timedelta(days=12)
        assert comparisons.plan_night(session, bodies, day, town.at) == 1
        planned = session.scalars(select(Comparison.entity_id).where(Comparison.day == day)).all()
        assert planned == [directory.entity("igp").id]
        asked.clear()
        assert comparisons.plan_night(session, bodies, day, town.at) == 0
    assert len(bodies) > 3 > len(asked)


def test_two_who_find_the_same_at_once_write_it_down_once(town):
    body, line = town.office.tools.directory.entity("igp").id, [Listed("8888888888", now())]
    found = []

    def finds_it_too():
        with Session(town.office.engine) as session:
            found.append(comparing.strangers(session, body, line, now()))
            session.commit()

    with Session(town.office.engine) as session:
        comparing.strangers(session, body, line, now())
        other = threading.Thread(target=finds_it_too)
        other.start()
        town.office.work_until(lambda: is_waiting(town.office.engine))
        session.commit()
    other.join(10)
    assert found == [1] and list(town.differ()) == ["8888888888"]


def is_waiting(engine):
    with Session(engine) as session:
        waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
        return session.scalar(text(f"{waiting} and datname = current_database()")) > 0


def test_one_leg_that_cannot_be_compared_keeps_no_other_from_it(town):
    for _ in range(2):
        town.sent()
    town.office.institution.says_when_asked["igp"] = [ValueError("no adapter says this"), Has(held_since=now())]
    run = town.compares()
    assert (run.code, run.cannot_tell, run.equal) == ("", 1, 1)


class Changing(Listing):
    """An institution whose list does something: `acts(between)`."""

    def __init__(self, institution, acts):
        super().__init__(institution, ())
        self.acts, self.calls = acts, 0

    def list_since(self, partner, since, between):
        self.calls += 1
        self.acts(between)
        return ()


def lists(town, acts):
    way = Changing(town.office.institution, acts)
    town.tools = replace(town.tools, adapters=dict(town.tools.adapters) | {"rest": way}, stopping=threading.Event())
    return way


def test_what_always_fails_ends_after_three_tries_and_questions_nobody_any_more(town):
    def fails(between):
        raise ValueError("a fault of ours")

    town.sent()
    way, run = lists(town, fails), town.compares()
    for _ in range(3):
        assert run.finished_at is None
        town.at += town.tools.lease * 2
        reconcile(town.tools)
        with Session(town.office.engine) as session:
            run = session.get_one(Comparison, run.id)
    assert (run.code, run.until, way.calls) == ("FAILED_HERE", None, 3)


def test_a_long_list_is_fetched_holding_the_comparison(town):
    def lasts(between):
        town.at += town.tools.lease * 3
        town.office.work_until(is_held_still)

    def is_held_still():
        with Session(town.office.engine) as session:
            return session.scalar(select(Comparison.lease_until).order_by(Comparison.id.desc()).limit(1)) > town.at

    town.sent()
    lists(town, lasts)
    assert town.compares().finished_at is not None


def test_who_is_stopped_leaves_off_at_once_and_the_next_one_begins(town):
    for _ in range(3):
        town.sent()
    way = lists(town, lambda between: town.tools.stopping.set() or between())
    run = town.compares()
    assert (run.finished_at, run.lease_until, run.claimed_by, run.tries) == (None, None, "", 0)
    assert way.institution.asked == [] and reconcile(town.tools) == 0
    lists(town, lambda between: None)
    assert reconcile(town.tools) == 1


def test_a_list_without_end_is_no_list(town):
    def goes_on(between):
        raise TemporaryFailure(LIST_TOO_LONG)

    cuo = town.sent()
    lists(town, goes_on)
    town.office.institution.says_when_asked["igp"] = [Has(held_since=now())]
    run = town.compares()
    assert (run.code, run.equal, run.listed, town.office.institution.asked) == ("", 1, None, [cuo])
