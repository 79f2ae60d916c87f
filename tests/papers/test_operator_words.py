"""What operators read: long times in the unit that reads best."""

import pytest

from hub.core.monitoring import Condition, Kind
from hub.papers.operator_words import title_of


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(1, "1 minuto"), (95, "95 minutos"), (120, "2 horas"), (2879, "47 horas"), (128133, "88 días")],
)
def test_how_long_a_queue_waits(minutes, words):
    told = title_of(Condition(Kind.QUEUE_AGE, "igp", details={"count": 3, "minutes": minutes}), "IGP")
    assert told == f"La cola hacia IGP espera hace {words} (3 envíos)"
