"""Which legs are compared first: what differs has its share, and what moved is never starved by it."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.clock import now
from hub.differences import Mend
from hub.due_legs import EXPLAINED_AGAIN, due_legs, moves_of
from tests.stages.town import office, town

__all__ = ["office", "town"]


def due_cuos(town, since, at, share=2):
    body = town.office.tools.directory.entity("igp")
    with Session(town.office.engine) as session:
        return [one.cuo for one in due_legs(session, body.id, since, 0, share, at)]


def test_what_differs_has_its_share_and_what_moved_comes_before_the_rest(town):
    lost = [town.sent() for _ in range(4)]
    town.compares()
    since = now()
    moved = town.sent()
    assert due_cuos(town, since, now()) == [*lost[:2], moved, *lost[2:]]


def test_what_a_person_explained_is_looked_at_once_a_week_or_when_it_moves(town):
    lost = [town.sent() for _ in range(2)]
    town.compares()
    since = now()
    town.mends(lost[0], Mend.EXPLAIN)
    assert due_cuos(town, since, now()) == [lost[1]]
    assert due_cuos(town, since - timedelta(days=1), now()) == [lost[1], lost[0]]
    assert due_cuos(town, since, now() + EXPLAINED_AGAIN) == lost


def test_what_moved_at_another_institution_is_not_gone_through(town):
    own, other = town.office.leg(town.sent()), town.office.leg(town.office.file("senamhi"))
    moves = moves_of(own.destination_id, now() - timedelta(days=1))
    with Session(town.office.engine) as session:
        moved = set(session.scalars(select(moves.c.delivery_id)))
    assert own.id in moved and other.id not in moved
