"""One row of the table: a route with an identifier, what it belongs to, and who may come in by it."""

import re
from dataclasses import dataclass, field

EVENT, TRAIL = "event", "trail"
HIDDEN = frozenset({403, 404})


@dataclass(frozen=True)
class Door:
    """`path` and the texts of `form` are filled in from the estate; a form's value that can be called is made anew.

    `opens`: who of the cast may come in; everybody else is told nothing.
    """

    rule: str
    path: str
    opens: tuple = ()
    method: str = "GET"
    form: dict = field(default_factory=dict)
    headers: dict = field(default_factory=dict)
    who: str = ""
    """Who does it where it is done; the first that it opens to."""
    also: frozenset = HIDDEN
    """The answers that tell nothing."""
    sent_to: tuple = ()
    """Beginnings of addresses where a stranger is led to, besides the pages of signing in."""
    leaves: str = EVENT
    """What a POST leaves behind with the name of who did it: an event or a row of the trail; or why nothing."""
    done: tuple = (200,)

    @property
    def key(self):
        return (self.rule, self.method)

    @property
    def doer(self):
        return self.who or (self.opens[0] if self.opens else "")

    def asked(self, estate):
        """(path, form) with the estate's own identifiers."""
        form = {name: one() if callable(one) else _filled(one, estate) for name, one in self.form.items()}
        return self.path.format(**estate), form


def _filled(value, estate):
    return value.format(**estate) if isinstance(value, str) else value


@dataclass(frozen=True)
class Coded:
    """A route whose address is itself the key: it opens to whoever holds it, and a word changed in it opens nothing.

    `tells`: False where the page may name no person and no content, whoever looks.
    """

    rule: str
    path: str
    method: str = "GET"
    twisted: str = ""
    """The address with another's word in it; by default the last sign of its first word is changed."""
    tells: bool = False
    refused: tuple = (404, 410)
    """What a guess is answered with."""
    form: dict = field(default_factory=dict)
    headers: dict = field(default_factory=dict)

    @property
    def key(self):
        return (self.rule, self.method)

    def asked(self, estate):
        """(path, the path of somebody who guesses, form)."""
        form = {name: one() if callable(one) else _filled(one, estate) for name, one in self.form.items()}
        word = estate[re.search(r"{(\w+)}", self.path)[1]]
        other = word[:-1] + ("0" if word[-1] != "0" else "1")
        path = self.path.format(**estate)
        return path, self.twisted.format(**estate) or path.replace(word, other), form


def answered(visitor, door, path, form):
    """What a browser gets, with the word against forged forms that its page would hold."""
    options = {"method": door.method, "headers": door.headers}
    if door.method == "GET":
        return visitor.client.open(path, **options)
    token = visitor.__dict__.setdefault("kept_csrf", None) or visitor.csrf()
    visitor.kept_csrf = token
    if door.method != "POST":
        options["headers"] = door.headers | {"X-CSRFToken": token}
        return visitor.client.open(path, data=b"", **options)
    has_files = any(isinstance(one, tuple) for one in form.values())
    kind = {"content_type": "multipart/form-data"} if has_files else {}
    return visitor.client.open(path, data={"csrf_token": token, **form}, **kind, **options)


def is_hidden(answer, door):
    """True for an answer that says no more than that there is nothing for whoever asks."""
    if answer.status_code in door.also:
        return True
    ways = ("/ingresar", "/cuenta/ingresar", *door.sent_to)
    return answer.status_code == 303 and answer.location.startswith(ways)
