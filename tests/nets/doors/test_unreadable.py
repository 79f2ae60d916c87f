"""What the database cannot be asked for, in each field of each form of the house: refused, and nothing is done."""

from tests.nets.doors.door import answered
from tests.nets.doors.rows_acts import ACTS
from tests.nets.doors.table import DOORS
from tests.nets.doors.test_isolation import written_down

MORE = {
    "/tablero/remedio": ("cuo", "visto", "to"), "/tablero/diferencias/remedio": ("diferencia", "visto"),
    "/tablero/pendientes/<kind>/atendido": ("tramite", "visto"), "/bandeja/<cuo>/pasar": ("pass_note",),
    "/mesa-de-partes/recepcion": ("desiste", "began", "accion"), "/personal/nueva": ("entidad",),
}  # fmt: skip
"""Fields that a form sends only sometimes."""
FORMS = [one for one in (*DOORS, *ACTS) if one.method == "POST" and one.opens and one.form]


def spoiled(cast, estate, value):
    """(address, field, answer) of each form sent with one of its fields spoiled; `value` of what it holds."""
    for door in FORMS:
        names = {name for name, one in door.asked(estate)[1].items() if isinstance(one, str)}
        for name in sorted(names.union(MORE.get(door.rule, ()))):
            path, form = door.asked(estate)
            yield path, name, answered(cast.visitor(door.doer), door, path, form | {name: value(form.get(name, ""))})


def test_a_nul_in_any_field_is_refused_and_nothing_is_done(house, cast, estate):
    for door in FORMS:
        cast.visitor(door.doer)  # to come in is in the trail
    before = written_down(house)
    found = [(path, name, one.status_code) for path, name, one in spoiled(cast, estate, lambda held: f"{held}\0")
             if one.status_code != 400 or "No entendimos" not in one.text]  # fmt: skip
    assert found == []
    assert written_down(house) == before


def test_a_number_longer_than_any_is_no_error_of_ours(cast, estate):
    found = spoiled(cast, estate, lambda _: "9" * 5_000)
    assert [(path, name) for path, name, one in found if one.status_code >= 500] == []
