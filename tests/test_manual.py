"""The manual agrees with the screens: every label that it quotes is on one, and every picture and link is there."""

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "docs" / "manual").glob("*.md"))
EMPHASIS = frozenset({"negrita"})


@cache
def _said():
    """Every string of the screens, what varies in them as a pattern."""
    files = [*(ROOT / "hub" / "web").rglob("*.html"), *(ROOT / "hub" / "web").rglob("*.py")]
    texts = {text for file in files for text in re.findall(r'"([^"\n]+)"', file.read_text(encoding="utf-8"))}
    return frozenset(texts), [re.compile(_pattern(text)) for text in texts if _is_pattern(text)]


def _is_pattern(text):
    """It has something that varies, and enough besides that not everything is like it."""
    return "%(" in text and len(re.sub(r"%\(\w+\)s|\W", "", text)) > 8


def _pattern(text):
    parts = re.split(r"(%\(\w+\)s)", text)
    return "".join(".+" if part.startswith("%(") else re.escape(part) for part in parts) + r"\Z"


def _is_said(label):
    texts, patterns = _said()
    return label in texts or any(pattern.match(label) for pattern in patterns)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_label_that_the_manual_quotes_is_on_a_screen(page):
    quoted = {" ".join(text.split()) for text in re.findall(r"\*\*(.+?)\*\*", page.read_text(encoding="utf-8"), re.S)}
    assert [label for label in sorted(quoted - EMPHASIS) if not _is_said(label)] == []


def _anchors(page):
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_picture_and_link_of_the_manual_is_there(page):
    text = page.read_text(encoding="utf-8")
    broken = []
    for target in re.findall(r'\]\(([^)\s]+)\)|src="([^"]+)"', text):
        path, _, anchor = "".join(target).partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and anchor not in _anchors(file)):
            broken.append("".join(target))
    assert broken == []


def test_the_ten_main_pages_stand_in_the_pictures():
    from tests.journeys.main_pages import MORE, TEN

    wanted = {f"{name}-{width}.png" for name in TEN | MORE for width in (360, 1280)}
    assert len(TEN) == 10 and wanted <= {one.name for one in (ROOT / "docs" / "pictures").glob("*.png")}
