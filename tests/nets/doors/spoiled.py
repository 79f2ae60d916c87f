"""The forms of the house, each sent with one of its fields spoiled."""

from tests.nets.doors.door import answered
from tests.nets.doors.rows_acts import ACTS
from tests.nets.doors.table import DOORS

FORMS = [one for one in (*DOORS, *ACTS) if one.method == "POST" and one.opens]
MORE = {
    "/tablero/remedio": ("cuo", "visto", "to"), "/tablero/diferencias/remedio": ("diferencia", "visto"),
    "/tablero/pendientes/<kind>/atendido": ("tramite", "visto"), "/bandeja/<cuo>/pasar": ("pass_note",),
    "/mesa-de-partes/recepcion": ("desiste", "began", "accion"), "/personal/nueva": ("entidad",),
}  # fmt: skip
"""Fields that a form sends only sometimes."""


def spoiled(cast, estate, value):
    """(path, field, answer) of each form with a field spoiled: `value` of what it holds, or nothing of it."""
    for door in FORMS:
        asked = {name: one for name, one in door.asked(estate)[1].items() if isinstance(one, str)}
        for name, held in sorted((dict.fromkeys(MORE.get(door.rule, ()), "") | asked).items()):
            if new := value(held):
                path, form = door.asked(estate)
                yield path, name, answered(cast.visitor(door.doer), door, path, form | {name: new})


def nul(held):
    return f"{held}\0"


def endless(held):
    """In the place of a number, or of nothing."""
    return "9" * 5_000 if not held or held.isdecimal() else ""
