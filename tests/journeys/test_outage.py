"""An operator's story: an institution goes down under load, the board says so, nobody else waits, it comes back.

`make story OUTAGE=3600` plays it for an hour, with the intervals of a real hub; without, it takes seconds.
"""

import os
import time
from datetime import UTC, datetime

import pytest

from hub.core.calendar import local_date
from tests.fixtures.house import ADMIN
from tests.journeys.outage import LEFT, Load, Outage, asked, declared, percentile, until_true
from tests.journeys.pages import entered, fits
from tests.stack import Stack

SECONDS = float(os.environ.get("OUTAGE", "6"))
IS_LONG = SECONDS > 60
BEFORE = SECONDS / 10 if IS_LONG else 3.0
"""Seconds of load with everybody well, to compare with."""
RATE = 2.0 if IS_LONG else 5.0
DOWN, WELL, AT_ONCE = "igp", "senace", 4
PATIENCE = 180_000 if IS_LONG else 60_000
"""Milliseconds for what the dashboard will say; what must come within a minute is measured."""
SLOWER = 4.0
"""Seconds by which others may be slower, on a machine that does other things too: a lane that they shared with who
hangs would cost them a call's time and more, each."""
QUICK = {
    "MESA_CALL_TIMEOUT": "2", "MESA_BREAKER_FAILURES": "4", "MESA_BREAKER_OPEN_AT_MOST": "2", "MESA_LEASE": "15",
    "MESA_BOARD_EVERY": "2", "MESA_WATCH_EVERY": "1", "MESA_WARN_DOWN_AFTER": "2",
}  # fmt: skip
REAL = {
    "MESA_CALL_TIMEOUT": "30", "MESA_LEASE": "120", "MESA_SWEEP": "5", "MESA_ASK_AFTER": "600",
    "MESA_RETRY_FIRST": "20", "MESA_RETRY_FACTOR": "3", "MESA_RETRY_CAP": "3600",
    "MESA_BREAKER_OPEN": "60", "MESA_BREAKER_OPEN_AT_MOST": str(min(1800, SECONDS / 6)),
}  # fmt: skip
BACK_WITHIN = SECONDS if IS_LONG else 90


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    folder = tmp_path_factory.mktemp("outage")
    pace = ("--register-after=0.3", "--process-after=-1", "--answer-after=-1", "--retry-first=0.2")
    with Stack(folder, codes=(DOWN, WELL), settings=REAL if IS_LONG else QUICK, sandbox_flags=pace, fast_database=True,
               web_workers=2 if IS_LONG else 1, entities=declared(folder, DOWN, AT_ONCE)) as running:  # fmt: skip
        yield running


def board(browse, stack, width):
    """An administrator's dashboard, open and listening; it is never opened again."""
    page = entered(browse(width), stack.url, ADMIN, "/tablero")
    page.evaluate("window.isTheSamePage = true")
    return page


def says(page, sentence):
    """Waits until the first lines of the dashboard say so, without anybody's touching it."""
    page.locator(f"#resumen .mesa-verdict:has-text('{sentence}')").first.wait_for(timeout=PATIENCE)
    assert page.evaluate("window.isTheSamePage") and fits(page)


def filed_before(stack):
    """A while with everybody well: its first and last instant."""
    began = time.time()
    with Load(stack, RATE, BEFORE) as load:
        assert load.figures(BEFORE + 60)["refused"] == 0
    until_true(lambda: asked(stack, LEFT) == [0], 60, "what was filed before does not arrive")
    return began, time.time()


@pytest.mark.timeout(300 + 4 * SECONDS)
def test_an_institution_that_is_down_is_told_costs_nobody_and_is_given_its_own_in_order(stack, browse):
    outage, pages = Outage(stack, DOWN), [board(browse, stack, width) for width in (1280, 360)]
    calm = filed_before(stack)
    with Load(stack, RATE, SECONDS + 1) as load:
        outage.begin()
        for page in pages:
            says(page, "IGP: ")
        told = time.time() - outage.began
        assert told < 60, "the board says so within a minute"
        for page in pages:
            says(page, "no responde")
        outage.worsen()
        time.sleep(max(0.0, SECONDS - (time.time() - outage.began)))
        outage.end()
        assert load.figures(60)["refused"] == 0
    until_true(lambda: asked(stack, LEFT) == [0], BACK_WITHIN, "the queue does not drain")
    for page in pages:
        page.locator("#resumen .mesa-verdict:has-text('no responde')").wait_for(state="detached")
        says(page, "Cada documento está donde debe")
    nobody_waits(outage, calm, told)
    oldest_first(outage)
    the_day_tells_it(stack, outage, pages)


def nobody_waits(outage, calm, told):
    """The other institution was as quick as before."""
    usual = percentile(outage.waited(WELL, *calm), 0.95)
    meanwhile = percentile(outage.waited(WELL, outage.began, outage.ended), 0.95)
    print(f"told after {told:.1f} s; p95 to acknowledge elsewhere: {usual:.2f} s before, {meanwhile:.2f} s meanwhile")
    assert meanwhile < usual + SLOWER


def oldest_first(outage):
    """So many travel at once; beyond those, nothing overtakes what is older."""
    overtaken = outage.overtaken()
    assert len(overtaken) > 4 * AT_ONCE and max(overtaken) < AT_ONCE, overtaken


def the_day_tells_it(stack, outage, pages):
    """Whoever opens the report of that day reads when it was, that all arrived, and in what order."""
    day = local_date(datetime.fromtimestamp(outage.began, UTC))
    for page in pages:
        page.goto(f"{stack.url}/tablero/dia/{day}")
        told = page.locator("section[aria-label=IGP]")
        for sentence in ("no respondió desde las", "Todos se entregaron", "Salieron del más antiguo al más nuevo"):
            told.get_by_text(sentence).wait_for()
        assert fits(page)
