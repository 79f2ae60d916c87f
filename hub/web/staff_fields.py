"""The questions about people, units and sign-in of a body: one function per form, blank, with its words."""

from collections.abc import Sequence

from hub.core.directory import EntityRecord
from hub.models import Unit
from hub.web.forms import Choice, Field, Form
from hub.web.inbox_fields import unit_choices
from hub.web.sentences import say
from hub.web.staff_words import ROLES


def member(body: EntityRecord, roles: frozenset[str], units: Sequence[Unit], *, is_known: bool = False) -> Form:
    """A person of a body; the address of one that is known stays."""
    counters = tuple(Choice(one.code, one.name) for one in body.open_counters)
    offered = tuple(Choice(role, say(ROLES[role])) for role in ROLES if role in roles)
    address = () if is_known else (
        Field("email", say("Correo institucional"), say("Ahí llega su invitación"), type="email", max_length=254,
              width="two-thirds"),
    )  # fmt: skip
    return Form((
        Field("name", say("Nombres y apellidos"), max_length=200),
        *address,
        Field("role", say("Qué hace"), choices=offered),
        Field("counter_code", say("Sede"), say("Para quien atiende en una ventanilla"), choices=counters,
              is_optional=True),
        Field("unit_id", say("Oficina"), say("Un colaborador con oficina ve solo lo que pasó a ella"),
              choices=unit_choices(units), is_optional=True),
    ))


def new_unit() -> Form:
    return Form((Field("unit_name", say("Nombre de la oficina"), max_length=250),))


def choose_password() -> Form:
    return Form((
        Field("password", say("Contraseña"), say("12 caracteres o más. Puede ser una frase que solo tú recuerdes"),
              type="password", autocomplete="new-password"),
        Field("again", say("Escríbela otra vez"), type="password", autocomplete="new-password"),
    ))


def second_step() -> Form:
    return Form((
        Field("code", say("Código"), say("Los 6 dígitos que ves ahora en tu aplicación"), width="10", max_length=20,
              autocomplete="one-time-code"),
    ))
