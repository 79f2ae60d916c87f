"""A real browser, and the whole hub as processes for it to open.

`desk`, `phone`  a page 1280 and 360 pixels wide, each a browser of its own: they share no session
`browse`         browse(width, script=True) -> such a page, for a journey that needs more of them
`stack`          the hub with three institutions that answer, one for all journeys
"""

import os
import shutil
from collections import defaultdict
from contextlib import contextmanager

import pytest
from playwright.sync_api import sync_playwright

from tests.s3.server import Objects
from tests.stack import Stack

HEIGHTS = {1280: 900, 360: 740}
PATIENCE = 20_000
"""Milliseconds for a page or an element: the machine may be busy with other things."""


@pytest.fixture(scope="package")
def chromium():
    """Chromium, driven by playwright. Where it is missing the run fails; it does not skip.

    The journeys' own: while playwright runs, no other loop of asyncio can run in this thread, and pyHanko wants one.
    """
    with launched() as found:
        yield found


@contextmanager
def launched():
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        yield found
        found.close()


def chromium_path():
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("MESA_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    assert found, "Falta Chromium, que las pruebas con navegador necesitan: instálalo o dilo en MESA_CHROMIUM."
    return found


@pytest.fixture(scope="package")
def shelf(chromium):
    """The browsers that no test uses now, by what they are: a new one costs half a second, a clean one nothing."""
    kept = defaultdict(list)
    yield kept
    for contexts in kept.values():
        for context in contexts:
            context.close()


def new_browser(chromium, width, script, scale):
    context = chromium.new_context(
        viewport={"width": width, "height": HEIGHTS[width]},
        device_scale_factor=scale,
        locale="es-PE",
        timezone_id="America/Lima",
        java_script_enabled=script,
    )
    context.set_default_timeout(PATIENCE)
    context.has_script = script
    return context


@pytest.fixture
def browse(chromium, shelf):
    taken = []

    def new_page(width, *, script=True, scale=1):
        kind = (width, script, scale)
        context = shelf[kind].pop() if shelf[kind] else new_browser(chromium, *kind)
        taken.append((kind, context))
        return context.pages[0] if context.pages else context.new_page()

    yield new_page
    for kind, context in taken:
        context.pages[0].unroute_all()
        context.pages[0].goto("about:blank")  # what a page listens to ends with it
        for page in context.pages[1:]:
            page.close()
        context.clear_cookies()
        shelf[kind].append(context)


@pytest.fixture
def desk(browse):
    return browse(1280)


@pytest.fixture
def phone(browse):
    return browse(360, scale=3)


@pytest.fixture(scope="package")
def stack(tmp_path_factory):
    pace = ("--register-after=0.3", "--process-after=0.3", "--answer-after=0.3", "--retry-first=0.2")
    settings = {"MESA_RETRY_FOR": "2", "MESA_CALL_TIMEOUT": "10", "MESA_LEASE": "15"}
    folder, layout = tmp_path_factory.mktemp("stack"), {}
    if os.environ.get("STORE") == "s3":  # the same journeys on two web processes and an S3 server
        layout = {"webs": 2, "workers": 3, "objects": Objects(folder / "objects")}
    with Stack(folder, settings=settings, sandbox_flags=pace, fast_database=True, web_workers=1, **layout) as running:
        yield running
