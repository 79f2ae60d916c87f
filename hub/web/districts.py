"""The district of an address: asked by its name, settled by a choice where several have it. It stops nobody.

What is not found, or not chosen when asked once, stays in the address as it was typed.
"""

from dataclasses import replace

from hub.core import districts
from hub.core.errors import Problem
from hub.web.forms import Choice, Field, Form
from hub.web.sentences import say


def questions(hint: str = "") -> tuple[Field, ...]:
    """The name; the choice, shown only where the name has several; and the name that was asked about."""
    return (
        Field("district", say("Distrito"), hint or say("Como «Huaraz» o «San Isidro, Lima»"), max_length=100,
              width="two-thirds", autocomplete="off", is_optional=True),
        Field("ubigeo", say("¿Cuál de estos distritos?")),
        Field("district_asked", ""),
    )


def settle(form: Form) -> tuple[Form, tuple[Problem, ...]]:
    """The form with its district known by its code, or as it was typed; and what to ask about it, once."""
    typed, picked = form["district"].value, form["ubigeo"].value
    found = districts.find(typed) if typed else ()
    chosen = found[0] if len(found) == 1 else next((one for one in found if one.code == picked), None)
    if chosen is not None:
        return _with(form, district=chosen.title, ubigeo=chosen.code, district_asked=""), ()
    if not typed or form["district_asked"].value == typed:
        return _with(form, ubigeo=""), ()
    form = _with(form, ubigeo="", district_asked=typed)
    if not found:
        return form, (Problem("district", "DISTRICT_UNKNOWN"),)
    if len(found) > districts.MOST:
        return form, (Problem("district", "DISTRICT_MANY"),)
    choices = tuple(Choice(one.code, one.title) for one in found)
    return form.choosing("ubigeo", choices), (Problem("ubigeo", "DISTRICT_WHICH"),)


def _with(form: Form, **values: str) -> Form:
    return replace(form, fields=tuple(replace(one, value=values.get(one.name, one.value)) for one in form.fields))
