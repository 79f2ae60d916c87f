"""Who may see which filing: every role against every way in which a filing can concern a body."""

import pytest
from sqlalchemy import select

from hub.core.statuses import DeliveryStatus
from hub.models import Filing
from hub.sight import Viewer, sees_contents, taken_at, visible_to
from tests.stages.sector import a_submission, at_counter, make_sector, take

# What each viewer sees of: taken at SERNANP for SERNANP, for IGP, for OEFA; taken at IGP for SERNANP, for OEFA;
# and one for IGP, taken at OEFA, whose leg was cancelled before it went out.
FILINGS = [("sernanp", "sernanp"), ("sernanp", "igp"), ("sernanp", "oefa"), ("igp", "sernanp"), ("igp", "oefa"),
           ("oefa", "igp")]  # fmt: skip
ALL = set(range(6))
MATRIX = [
    (("clerk",), "sernanp", "central", {0, 1, 2, 3}),
    (("clerk",), "igp", "central", {1, 3, 4}),
    (("clerk",), "igp", "otra-sede", {1}),
    (("seat_coordinator",), "sernanp", "central", {0, 1, 2, 3}),
    (("officer",), "sernanp", "", {0, 3}),
    (("officer",), "igp", "", {1}),
    (("entity_coordinator",), "oefa", "", {2, 4}),
    (("collaborator",), "igp", "", {1}),
    (("auditor",), "oefa", "", {2, 4}),
    (("auditor",), "", "", ALL),
    (("sector_admin",), "minam", "", ALL),
    (("operator",), "", "", ALL),
    (("officer",), "", "", set()),
    (("citizen",), "", "", set()),
    (("clerk",), "", "", set()),
    ((), "sernanp", "central", set()),
    (("clerk", "officer"), "igp", "central", {1, 3, 4}),
]


@pytest.fixture
def sector(session):
    """The directory and the six filings."""
    directory = make_sector(session)
    ids = []
    for origin, destination in FILINGS:
        filing, leg = take(session, directory, a_submission(destination_code=destination), reception=at_counter(origin))
        ids.append(filing.id)
    leg.advance(DeliveryStatus.CANCELLED)
    session.flush()
    return directory, ids


def viewer_of(directory, roles, body, counter):
    return Viewer(1, frozenset(roles), directory.entity(body).id if body else 0, counter)


@pytest.mark.parametrize(("roles", "body", "counter", "seen"), MATRIX)
def test_each_role_sees_its_own_and_nothing_else(session, sector, roles, body, counter, seen):
    directory, ids = sector
    viewer = viewer_of(directory, roles, body, counter)
    found = session.scalars(select(Filing.id).where(visible_to(viewer), Filing.id.in_(ids)))
    assert {ids.index(filing_id) for filing_id in found} == seen


@pytest.mark.parametrize(
    ("roles", "body", "counter", "taken"),
    [
        (("clerk",), "sernanp", "central", {0, 1, 2}),
        (("clerk",), "igp", "central", {3, 4}),
        (("clerk",), "igp", "otra-sede", set()),
        (("officer",), "sernanp", "", set()),
        (("sector_admin",), "minam", "", set()),
    ],
)
def test_only_the_seat_that_took_a_filing_hands_out_its_constancia(session, sector, roles, body, counter, taken):
    directory, ids = sector
    viewer = viewer_of(directory, roles, body, counter)
    found = session.scalars(select(Filing.id).where(taken_at(viewer), Filing.id.in_(ids)))
    assert {ids.index(filing_id) for filing_id in found} == taken


@pytest.mark.parametrize(
    ("roles", "body", "reads"),
    [
        (("clerk",), "sernanp", True),
        (("officer",), "igp", True),
        (("auditor",), "oefa", True),
        (("auditor",), "", False),
        (("sector_admin",), "minam", False),
        (("operator",), "", False),
    ],
)
def test_contents_are_for_who_handles_them(session, sector, roles, body, reads):
    assert sees_contents(viewer_of(sector[0], roles, body, "")) is reads
