"""Every page the application gave while somebody walked through it, one of each look: what the nets are cast over."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from flask import request, request_finished
from lxml import html


@dataclass(frozen=True)
class Picture:
    """A page as it was given. `path` is where, `endpoint` the route that gave it."""

    endpoint: str
    status: int
    path: str
    source: str
    look: frozenset = frozenset()

    @property
    def heading(self):
        return " ".join(html.fromstring(self.source).xpath("string(//h1)").split())

    @property
    def name(self):
        return f"{self.endpoint} {self.status} {self.path}"


@dataclass
class Gallery:
    """`pictures`: what was kept. `files`: routes that gave something else than a page.

    Kept is the first page of each route and status, and every other that shows what no page showed before.
    """

    pictures: list = field(default_factory=list)
    seen: set = field(default_factory=set)
    files: set = field(default_factory=set)

    def watch(self, app):
        request_finished.connect(self._keep, app)

    def _keep(self, app, response, **_):
        if response.mimetype != "text/html":
            self.files.add(request.endpoint)
        elif response.status_code not in (302, 303):
            self.add(request.endpoint or "nowhere", response.status_code, request.path, response.get_data(as_text=True))

    def add(self, endpoint, status, path, source):
        look = look_of(source)
        if (look | {(endpoint, status)}) - self.seen:
            self.pictures.append(Picture(endpoint, status, path, source, look))
            self.seen |= look | {(endpoint, status)}

    @cached_property
    def distinct(self):
        """Those of which no other shows all that they show and more, under the same heading."""
        headed = defaultdict(list)
        for one in self.pictures:
            headed[one.heading].append(one)
        return [one for one in self.pictures if not any(one.look < other.look for other in headed[one.heading])]

    @cached_property
    def needed(self):
        """The few on which every kind of element is that is on any of them; numbers of `distinct`."""
        left, found = set().union(*(one.look for one in self.distinct)), []
        while left:
            best = max(range(len(self.distinct)), key=lambda number: len(self.distinct[number].look & left))
            left -= self.distinct[best].look
            found.append(best)
        return found

    @property
    def endpoints(self):
        return {one.endpoint for one in self.pictures}


def look_of(source):
    """The kinds of elements on a page, each with its parent's: two pages of one look have the same faults."""
    tree = html.fromstring(source)
    return frozenset((_kind(one.getparent()), _kind(one)) for one in tree.iter() if isinstance(one.tag, str))


def _kind(one):
    if one is None:
        return ""
    return " ".join((one.tag, one.get("class") or "", one.get("type") or "", one.get("role") or ""))


def asking_forms(source):
    """The forms of a page that post what somebody typed or chose: (path, what they hold when nothing was typed)."""
    for form in html.fromstring(source).xpath("//form[translate(@method, 'POST', 'post')='post']"):
        if form.xpath(".//input[not(@type='hidden')] | .//select | .//textarea"):
            hidden = {one.get("name"): one.get("value") or "" for one in form.xpath(".//input[@type='hidden'][@name]")}
            typed = form.xpath(".//input[@type='text' or not(@type)][@name] | .//textarea")
            asked = {one.get("name"): "" for one in typed}
            yield form.get("action"), asked | hidden
