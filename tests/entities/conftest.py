"""A small sector to break, one line at a time, and the demo sector with its keys."""

from pathlib import Path

import pytest

from hub.entities import check
from tests.entities.certificates import NOW, write_keys

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "config" / "entities.yaml"


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    """A keys folder with the certificates of the demo sector."""
    return write_keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def look(keys):
    """look(text) -> Checked, with the demo keys, an empty environment and a fixed instant."""

    def look_at(text, environ=None, keys=keys, now=NOW):
        return check(text, keys=keys, environ=environ or {}, now=now)

    return look_at


@pytest.fixture
def demo():
    """The text of the demo sector."""
    return DEMO.read_text(encoding="utf-8")


def codes(checked):
    return {fault.code for fault in checked.faults}


def lines(checked):
    """Line and code of every fault, as the file has them."""
    return [(fault.line, fault.code) for fault in checked.faults]
