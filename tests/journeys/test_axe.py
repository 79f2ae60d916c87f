"""axe finds nothing serious on any page, on a desk; and what the script says is Spanish too."""

import time
from pathlib import Path

import pytest

from hub.guards import guard_of
from tests.nets.crawler import crawl
from tests.nets.english import is_english
from tests.nets.town import EVERYBODY, arrive, live_in

AXE = Path(__file__).parents[1] / "nets" / "axe" / "axe.min.js"
SECONDS = 60
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SAID = """() => [...document.querySelectorAll('body *')].flatMap((one) =>
    ['SCRIPT', 'STYLE', 'TEMPLATE'].includes(one.tagName) ? [] : [one.getAttribute('aria-label'),
        ...[...one.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data)])
    .filter((text) => text && text.trim())"""


@pytest.fixture(scope="module")
def town(house, house_url):
    return live_in(house)


def pages_for(house, visitor, starts):
    """One page of each kind that only such a role opens; of the public ones, which are the same for all, two."""
    found, adapter, is_public = {}, house.app.url_map.bind("localhost"), "/" in starts
    for path in crawl(house.app, visitor, starts).pages:
        kind = adapter.match(path.partition("?")[0], "GET")[0]
        of_kind = found.setdefault(kind, [])
        if guard_of(house.app, kind).startswith("public") == is_public and len(of_kind) < 1 + is_public:
            of_kind.append(path)
    return [path for of_kind in found.values() for path in of_kind]


def same_cookies(visitor, url):
    """The cookies of a visitor of the application, for a browser at `url`."""
    return [{"name": one.key, "value": one.value, "url": url} for one in visitor.client._cookies.values()]


def is_the_kits(violation):
    """The kit's button for files is named label first, state next: an order of its own, every word of which is said.

    The rule is an experiment of axe's, and holds for every other element.
    """
    named = all("govuk-file-upload-button" in node["html"] for node in violation["nodes"])
    return violation["id"] == "label-content-name-mismatch" and named


def what_is_wrong(page):
    """(rule, impact, where) of what is serious or critical."""
    run = "async (tags) => (await axe.run({runOnly: {type: 'tag', values: tags}})).violations"
    found = page.evaluate(run, WCAG)
    bad = [one for one in found if one["impact"] in ("serious", "critical") and not is_the_kits(one)]
    return [(one["id"], one["impact"], [node["html"][:160] for node in one["nodes"][:3]]) for one in bad]


@pytest.mark.parametrize("email", EVERYBODY)
def test_every_kind_of_page_is_accessible_and_spanish(house, town, house_url, chromium, email):
    began, wrong = time.monotonic(), {}
    visitor, starts = arrive(house, email, town)
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="es-PE", bypass_csp=True)
    context.set_default_timeout(20_000)
    context.add_cookies(same_cookies(visitor, house_url))
    page = context.new_page()
    for path in pages_for(house, visitor, starts):
        page.goto(house_url + path)
        page.add_script_tag(path=AXE)
        english = [text for text in page.evaluate(SAID) if is_english(text)]
        if found := what_is_wrong(page) + english:
            wrong[path] = found
    context.close()
    assert wrong == {}
    assert time.monotonic() - began < SECONDS
