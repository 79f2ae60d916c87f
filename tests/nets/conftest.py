"""One house for the nets, in which something of everything happened and every page was opened.

`town`     the house, on its own; `url` answers over HTTP
`walks`    {who: Walk} of each role, by links
`visitors` {who: the browser of each}
`gallery`  every look of every page that was given on the way, with what is wrong shown too
"""

import logging
import time
from pathlib import Path

import pytest
from flask import render_template

from hub.web.errors import PAGES
from tests.fixtures.house import make_house
from tests.fixtures.http import serving
from tests.journeys.conftest import launched
from tests.nets import identities, scenes
from tests.nets.crawler import crawl
from tests.nets.gallery import Gallery
from tests.nets.mistakes import SPARED, send_blank_forms
from tests.nets.town import LANDS, arrive, live_in
from tests.ports import free_port

AXE = Path(__file__).with_name("axe") / "axe.min.js"
SECONDS = 60
"""Of one processor, however many others want it."""


@pytest.fixture(scope="package")
def port():
    return free_port()


@pytest.fixture(scope="package")
def town(make_database, migrated_template, tmp_path_factory, port):
    built = make_house(make_database(migrated_template), tmp_path_factory.mktemp("town"), f"http://127.0.0.1:{port}")
    yield built
    built.services.live_directory.stop()
    built.engine.dispose()


@pytest.fixture(scope="package")
def walked(town, connected, running_provider):
    """({who: Walk}, Gallery, {who: their browser}): lived in, walked through, every form sent blank at the end."""
    began, gallery, found = time.process_time(), Gallery(), {}
    gallery.watch(town.app)
    gallery.watch(connected.app)
    identities.come_in(connected, running_provider)
    made = live_in(town)
    scenes.play(town)
    visitors = {who: arrive(town, who, made) for who in LANDS}
    for who, (visitor, starts) in visitors.items():
        found[who] = crawl(town.app, visitor, starts, is_thorough=not who)
    sent = set(SPARED)
    for who, (visitor, _) in visitors.items():
        send_blank_forms(town.app, visitor, found[who].pages, sent)
    with town.app.test_request_context("/"):
        for page in (*PAGES, "expired"):
            gallery.add(f"errors.{page}", 400, f"/{page}", render_template(f"errors/{page}.html"))
    assert time.process_time() - began < SECONDS
    return found, gallery, {who: visitor for who, (visitor, _) in visitors.items()}


@pytest.fixture(scope="package")
def walks(walked):
    return walked[0]


@pytest.fixture(scope="package")
def gallery(walked):
    return walked[1]


@pytest.fixture(scope="package")
def visitors(walked):
    return walked[2]


@pytest.fixture(scope="package")
def chromium():
    with launched() as found:
        yield found


@pytest.fixture(scope="package")
def hung(town, gallery, port):
    """The address of the gallery: `/galeria/7` is its eighth picture, in the house's own style and script, with axe."""

    def wall(environ, start):
        path = environ["PATH_INFO"]
        if path == "/axe.js":
            start("200 OK", [("Content-Type", "text/javascript"), ("Cache-Control", "public, max-age=3600")])
            return [AXE.read_bytes()]
        if not path.startswith("/galeria/"):
            return town.app.wsgi_app(environ, start)
        start("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        source = gallery.distinct[int(path.rpartition("/")[2])].source
        return [source.replace("</body>", '<script src="/axe.js"></script></body>').encode()]

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with serving(wall, port) as url:
        yield url
