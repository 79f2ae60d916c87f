"""A deployment that is watched over."""

import pytest

from tests.monitoring.overseer import Overseer
from tests.stages.office import office

__all__ = ["office"]


@pytest.fixture
def overseer(office):
    return Overseer(office)
