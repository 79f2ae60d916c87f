"""Sight: the matrix of who may see which filing and which leg. One body never reads another's."""

import pytest
from sqlalchemy import select

from hub import board
from hub.board import BoardFilter
from hub.cargos import apply
from hub.core.errors import NotFound
from hub.core.statuses import DeliveryStatus
from hub.models import Delivery, Filing
from hub.sight import Viewer, legs_visible_to, sees_contents, visible_to
from tests.stages.legs import news
from tests.stages.sector import NOW, a_submission, at_counter, make_sector, take
from tests.stages.test_cargos import add_leg

FILINGS = {
    # name: (the counter that takes it, its destination)
    "sernanp to igp": ("sernanp", "igp"),
    "sernanp to sernanp": ("sernanp", "sernanp"),
    "igp to senace": ("igp", "senace"),
    "minam to igp": ("minam", "igp"),
}
ALL = set(FILINGS) | {"rerouted"}
TO_IGP = {"sernanp to igp", "minam to igp", "rerouted"}
MATRIX = [
    # role, body, what is seen, whether its contents are
    ("clerk", "sernanp", {"sernanp to igp", "sernanp to sernanp", "rerouted"}, True),
    ("clerk", "igp", TO_IGP | {"igp to senace"}, True),
    ("seat_coordinator", "sernanp", {"sernanp to igp", "sernanp to sernanp", "rerouted"}, True),
    ("officer", "igp", TO_IGP, True),
    ("officer", "senace", {"igp to senace", "rerouted"}, True),
    ("officer", "oefa", set(), True),
    ("entity_coordinator", "igp", TO_IGP, True),
    ("entity_coordinator", "sernanp", {"sernanp to sernanp"}, True),
    ("collaborator", "igp", TO_IGP, True),
    ("auditor", "igp", TO_IGP, True),
    ("auditor", "", ALL, False),
    ("sector_admin", "", ALL, False),
    ("sector_admin", "minam", ALL, False),
    ("operator", "", ALL, False),
    ("clerk", "", set(), False),
    ("entity_coordinator", "", set(), False),
    ("nobody", "igp", set(), False),
    ("", "", set(), False),
]


@pytest.fixture
def directory(session):
    return make_sector(session)


@pytest.fixture
def filings(session, directory):
    """Each of FILINGS by its name, and one that went on from IGP to SENACE."""
    made = {
        name: take(session, directory, a_submission(destination_code=to), reception=at_counter(counter))[0]
        for name, (counter, to) in FILINGS.items()
    }
    rerouted, leg = take(session, directory)
    leg.status = DeliveryStatus.REROUTED
    add_leg(session, leg, directory.entity("senace").id)
    return made | {"rerouted": rerouted}


def viewer(directory, role, body="", counter=""):
    entity_id = directory.entity(body).id if body else 0
    return Viewer(7, frozenset({role} - {""}), entity_id, counter)


@pytest.mark.parametrize(("role", "body", "expected", "_"), MATRIX)
def test_everybody_sees_their_own_and_nothing_else(session, directory, filings, role, body, expected, _):
    seen = set(session.scalars(select(Filing.id).where(visible_to(viewer(directory, role, body)))))
    assert {name for name, filing in filings.items() if filing.id in seen} == expected


@pytest.mark.parametrize(("role", "body", "_", "expected"), MATRIX[:-2])
def test_contents_are_for_who_handles_them(session, directory, role, body, _, expected):
    assert sees_contents(viewer(directory, role, body)) is expected


def test_a_clerk_sees_what_their_own_seat_took(session, directory, filings):
    for counter, count in (("central", 3), ("norte", 1)):  # at another seat: only what is addressed to the body
        condition = visible_to(viewer(directory, "clerk", "sernanp", counter))
        assert len(session.scalars(select(Filing.id).where(condition)).all()) == count


def test_two_roles_see_what_either_sees(session, directory, filings):
    both = Viewer(7, frozenset({"clerk", "officer"}), directory.entity("igp").id)
    clerk = viewer(directory, "clerk", "igp")
    seen = [set(session.scalars(select(Filing.id).where(visible_to(who)))) for who in (both, clerk)]
    assert seen[0] == seen[1]


def test_what_was_cancelled_before_it_came_was_never_theirs(session, directory, filings):
    leg = filings["minam to igp"].deliveries[0]
    leg.status = DeliveryStatus.CANCELLED
    session.flush()
    seen = session.scalars(select(Filing.id).where(visible_to(viewer(directory, "officer", "igp")))).all()
    assert filings["minam to igp"].id not in seen


# Legs: of a filing that went on, each body sees its own


LEGS = [
    ("officer", "igp", ["igp"]),
    ("entity_coordinator", "igp", ["igp"]),
    ("auditor", "igp", ["igp"]),
    ("officer", "senace", ["senace"]),
    ("clerk", "senace", ["senace"]),
    ("clerk", "sernanp", ["igp", "senace"]),
    ("sector_admin", "", ["igp", "senace"]),
    ("operator", "", ["igp", "senace"]),
    ("auditor", "", ["igp", "senace"]),
    ("officer", "minam", []),
    ("nobody", "igp", []),
]


@pytest.mark.parametrize(("role", "body", "expected"), LEGS)
def test_a_body_sees_its_own_leg_of_a_filing_that_went_on(session, directory, filings, role, body, expected):
    query = select(Delivery).join(Filing).where(legs_visible_to(viewer(directory, role, body)))
    legs = session.scalars(query.where(Filing.id == filings["rerouted"].id).order_by(Delivery.id))
    assert [directory.by_id(leg.destination_id).code for leg in legs] == expected


@pytest.mark.parametrize(("role", "body", "expected"), LEGS)
def test_the_board_shows_no_other_leg(session, directory, filings, role, body, expected):
    wanted = BoardFilter(text=filings["rerouted"].filing_number)
    found = board.board(session, directory, viewer(directory, role, body), wanted)
    assert sorted(row.destination.code for row in found.rows) == expected
    assert found.total == len(expected)


def test_the_story_of_a_past_leg_ends_where_the_leg_does(session, directory, filings):
    past, following = filings["rerouted"].deliveries
    apply(session, directory, news(following, "registered", by="senace"), NOW)
    session.flush()
    igp, clerk = viewer(directory, "officer", "igp"), viewer(directory, "clerk", "sernanp")
    assert {event.delivery_id for event in board.route(session, directory, igp, past.cuo).events} == {past.id, None}
    told = {event.delivery_id for event in board.route(session, directory, clerk, past.cuo).events}
    assert told == {past.id, following.id, None}
    with pytest.raises(NotFound):
        board.route(session, directory, igp, following.cuo)
