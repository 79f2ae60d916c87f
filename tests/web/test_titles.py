"""A page that one does something on is called by what one does: its title begins with a verb in the infinitive."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).parents[2] / "hub" / "web" / "templates"
TITLE = re.compile(r'{% block title %}{{ _\("([^"]+)"')
NO_ACT = {
    "account/closed.html", "account/identity_trouble.html", "account/mailed.html", "account/spent.html",
    "citizen/track.html", "counter/constancia.html", "evidence/closed.html", "evidence/report.html",
    "filing/sent.html", "links/closed.html", "sector/delivery.html", "tray/filing.html", "verifying/document.html",
    "verifying/paper.html",
}  # fmt: skip
"""Pages that only say how something ended, and those that are a thing: a filing, a notice, a paper."""


def test_titles_begin_with_what_one_does():
    wrong = {}
    for file in TEMPLATES.rglob("*.html"):
        name = file.relative_to(TEMPLATES).as_posix()
        title = TITLE.search(file.read_text(encoding="utf-8"))
        if title and name not in NO_ACT and not name.startswith("errors/"):
            first = title[1].split()[0]
            if not re.search(r"(ar|er|ir|ír)(te|lo|los|se)?$", first):
                wrong[name] = title[1]
    assert wrong == {}
