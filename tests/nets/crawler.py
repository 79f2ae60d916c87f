"""Walks from page to page as somebody who opens every link. Bounded: of one kind of page only so many are opened."""

from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml import html
from werkzeug.exceptions import HTTPException

from hub.guards import guard_of

OF_A_KIND = 5
HERE = "http://localhost"


@dataclass
class Walk:
    """`pages`: path -> source of each page that was opened. `broken`: (from, link, what came of it)."""

    pages: dict = field(default_factory=dict)
    kinds: dict = field(default_factory=dict)
    broken: list = field(default_factory=list)


def crawl(app, visitor, starts, *, is_thorough=True):
    """Every page that can be reached from these by links; unless thorough, of a public kind one alone."""
    walk, waiting, seen = Walk(), [("", start) for start in starts], set(starts)
    while waiting:
        came_from, path = waiting.pop(0)
        kind = _kind(app, path)
        if walk.kinds.get(kind, 0) >= (OF_A_KIND if is_thorough or not _is_public(app, kind) else 1):
            continue
        walk.kinds[kind] = walk.kinds.get(kind, 0) + 1
        answer = visitor.get(path, follow_redirects=True)
        if answer.status_code >= 400:
            walk.broken.append((came_from, path, answer.status_code))
        elif answer.mimetype != "text/html":
            walk.kinds[kind] = 0 if kind == "static" else OF_A_KIND  # one file is as another
            answer.get_data()
        else:
            walk.pages[path] = answer.text
            for link in _links(walk, path, answer.text):
                if link not in seen:
                    seen.add(link)
                    waiting.append((path, link))
        answer.close()
    return walk


def _kind(app, path):
    """The route that answers a path; a path that none answers is a kind of its own, and is opened."""
    try:
        return app.url_map.bind("localhost").match(urlsplit(path).path, "GET")[0]
    except HTTPException:
        return path


def _is_public(app, kind):
    return kind in app.view_functions and guard_of(app, kind).startswith("public")


def _links(walk, path, source):
    tree = html.fromstring(source)
    ids = set(tree.xpath("//@id"))
    for href in tree.xpath("//a/@href | //link/@href | //script/@src | //img/@src"):
        if href.startswith(("data:", "mailto:", "tel:")):
            continue
        address, fragment = urldefrag(urljoin(HERE + path, href))
        if not address.startswith(HERE + "/"):
            continue  # elsewhere: nobody goes there in a test
        link = address.removeprefix(HERE)
        if fragment and link == path and fragment not in ids:
            walk.broken.append((path, href, "no such place on the page"))
        yield link
