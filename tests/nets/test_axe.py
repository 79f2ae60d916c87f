"""axe finds nothing serious on any page, also with what is wrong shown; no page is wider than a telephone; and what
the script says is Spanish too.

`make axe` looks at every page; with every change, those few on which each kind of element is at least once.
"""

import os

import pytest

from tests.nets.english import is_english

PARTS = 4
IS_WHOLE = bool(os.environ.get("MESA_WHOLE"))
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async (tags) => {
    const options = {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'], preload: false}
    return (await axe.run(options)).violations
}"""
SAID = """() => [...document.querySelectorAll('body *')].flatMap((one) =>
    ['SCRIPT', 'STYLE', 'TEMPLATE'].includes(one.tagName) ? [] : [one.getAttribute('aria-label'),
        ...[...one.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data)])
    .filter((text) => text && text.trim())"""


@pytest.fixture(scope="module")
def page(chromium):
    """One for all pictures: 1280 pixels wide, and 360 where the width is looked at."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="es-PE")
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def is_the_kits(violation):
    """The kit's button for files is named label first, state next: an order of its own, every word of which is said.

    The rule is an experiment of axe's, and holds for every other element.
    """
    named = all("govuk-file-upload-button" in node["html"] for node in violation["nodes"])
    return violation["id"] == "label-content-name-mismatch" and named


def what_is_wrong(page):
    """(rule, impact, where) of what is serious or critical; English; and what a telephone cuts off."""
    bad = [one for one in page.evaluate(RUN, WCAG) if one["impact"] in ("serious", "critical")]
    wrong = [(one["id"], one["impact"], [node["html"][:160] for node in one["nodes"][:3]]) for one in bad
             if not is_the_kits(one)]  # fmt: skip
    wrong += [text for text in page.evaluate(SAID) if is_english(text)]
    page.set_viewport_size({"width": 360, "height": 740})
    width = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size({"width": 1280, "height": 900})
    return wrong + ([f"{width} pixels wide"] if width > 360 else [])


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_accessible_spanish_and_fits_a_telephone(gallery, hung, page, part):
    wrong, shown = {}, range(len(gallery.distinct)) if IS_WHOLE else gallery.needed
    for number in shown[part::PARTS]:
        page.goto(f"{hung}/galeria/{number}")
        if found := what_is_wrong(page):
            wrong[gallery.distinct[number].name] = found
    assert wrong == {}


def test_axe_would_notice(gallery, hung, page):
    page.goto(f"{hung}/galeria/0")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<input name=x>')")
    assert [one[0] for one in what_is_wrong(page)] == ["label"]
