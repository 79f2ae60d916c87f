"""A sector, a leg on its way in it, and what its destination says about it."""

import pytest

from hub.cargos import apply
from tests.stages.legs import news
from tests.stages.sector import NOW, make_sector, take


@pytest.fixture
def sector(session):
    return make_sector(session)


@pytest.fixture
def leg(session, sector):
    return take(session, sector)[1]


@pytest.fixture
def say(session, sector, leg):
    """say("registered", at) -> True if it changed something; it is known when it happens."""

    def said(kind, at=NOW, known_at=None, **values):
        applied = apply(session, sector, news(leg, kind, at, **values), known_at or max(at, NOW))
        session.flush()
        return applied.changed

    return said
