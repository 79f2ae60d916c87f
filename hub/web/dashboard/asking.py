"""What the dashboard is asked for: a period, and what everything is narrowed to. Its door, and the names of things."""

from dataclasses import dataclass

from flask import Blueprint, abort, g, redirect, request, url_for

from hub.core.directory import Directory
from hub.core.errors import NotFound
from hub.core.numbers import whole
from hub.figures.reading import PERIODS, Door, Narrow
from hub.sight import is_sector_wide
from hub.web.sentences import say

PLACE = "/tablero"
bp = Blueprint("dashboard", __name__, url_prefix=PLACE)
USUAL = 7
KEYS = {"online": "en-linea", "entity": "instituciones"}


@bp.before_request
def keep_to_the_sector():
    """An auditor of one body reads its own legs on the board of deliveries, and finds nothing here."""
    person = g.get("person")
    if person is None or is_sector_wide(person.viewer):
        return None
    return redirect(url_for("sector.board"), 303) if request.endpoint == "dashboard.show" else abort(404)


@dataclass(frozen=True)
class Asked:
    """A period in days, and the leg that everything is narrowed to: a door's key and an institution's code."""

    days: int = USUAL
    door: str = ""
    body: str = ""

    def address(self, endpoint: str = "dashboard.show", **changes: object) -> str:
        """The address of a page for what is asked, with changes."""
        base = PLACE if endpoint == "dashboard.show" else url_for(endpoint)
        query = "&".join(f"{name}={value}" for name, value in self.query(**changes).items())  # codes need no quoting
        return f"{base}?{query}" if query else base

    def query(self, **changes: object) -> dict[str, object]:
        """The same as the words of an address."""
        days, door, body = (changes.get(name, getattr(self, name)) for name in ("days", "door", "body"))
        said = {"dias": "" if days == USUAL else days, "mesa": door, "institucion": body}
        return {name: value for name, value in said.items() if value}

    @property
    def is_narrowed(self) -> bool:
        return bool(self.door or self.body)


def read_asked(directory: Directory) -> tuple[Asked, Narrow]:
    """What the address asks for. What it cannot be is left out: an address typed by hand may say anything."""
    days = request.args.get("dias", USUAL, type=whole)
    door, body = read_door(directory, request.args.get("mesa", "")), request.args.get("institucion", "")
    try:
        row = directory.entity(body).id if body else 0
    except NotFound:
        body, row = "", 0
    asked = Asked(days if days in PERIODS else USUAL, key_of(directory, door) if door else "", body)
    return asked, Narrow(door, row)


def read_door(directory: Directory, key: str) -> Door | None:
    """The door of a key such as `igp:huancayo`; None for none."""
    for channel, known in KEYS.items():
        if key == known:
            return Door(channel)
    code, _, counter = key.partition(":")
    try:
        body = directory.entity(code)
        return Door("counter", body.id, body.counter(counter).code)
    except NotFound:
        return None


def key_of(directory: Directory, door: Door) -> str:
    """How an address names a door."""
    return KEYS.get(door.channel) or f"{directory.by_id(door.origin_id).code}:{door.counter_code}"


def name_of(directory: Directory, door: Door) -> str:
    """How a page names a door: "IGP · Huancayo"."""
    if door.channel == "online":
        return str(say("En línea"))
    if door.channel == "entity":
        return str(say("Otras instituciones"))
    body = directory.by_id(door.origin_id)
    places = {counter.code: counter.place for counter in body.counters}
    is_only = len(body.counters) == 1
    return body.acronym if is_only else f"{body.acronym} {places.get(door.counter_code, door.counter_code)}"


def body_or_404(directory: Directory, code: str):
    """The institution of an address."""
    try:
        return directory.entity(code)
    except NotFound:
        abort(404)
