"""What the tests of several rules start from."""

import pytest

from tests.stages.legs import try_once
from tests.stages.observed import FRIDAY, WITH_TUPA, file_at
from tests.stages.sector import make_sector


@pytest.fixture
def sector(session):
    """Five bodies; three of them have a procedure of thirty days."""
    return make_sector(session, **WITH_TUPA)


@pytest.fixture
def own(session, sector):
    """Filed at IGP's own counter on Friday the 20th; gives its filing and leg."""
    filing = file_at(session, sector, FRIDAY, counter_of="igp")
    (leg,) = filing.deliveries
    try_once(session, leg, "ack", FRIDAY, held_since=FRIDAY)
    return filing, leg
