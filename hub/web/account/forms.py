"""The questions of the pages of accounts: one function per form, blank, with its words."""

from dataclasses import replace

from hub.core.districts import district
from hub.web import districts
from hub.web.forms import Choice, Field, Form
from hub.web.sentences import PERSON_DOCUMENT_KINDS, say


def _email(hint="") -> Field:
    return Field("email", say("Correo"), hint, type="email", max_length=254, autocomplete="email", width="two-thirds")


def ask_email(hint="") -> Form:
    return Form((_email(hint),))


def sign_in() -> Form:
    return Form((
        Field("email", say("Correo"), type="email", max_length=254, width="two-thirds", autocomplete="username"),
        Field("password", say("Contraseña"), type="password", autocomplete="current-password"),
    ))


def code() -> Form:
    return Form((
        Field("code", say("Código de 6 dígitos"), width="5", max_length=7, inputmode="numeric",
              autocomplete="one-time-code"),
    ))


def who() -> Form:
    """Whose the account is."""
    kinds = tuple(Choice(kind, say(text)) for kind, text in PERSON_DOCUMENT_KINDS.items())
    return Form((
        Field("person_type", say("De quién es la cuenta"), value="natural", choices=(
            Choice("natural", say("Mía")),
            Choice("legal", say("De una empresa u organización con RUC, que represento")),
        )),
        Field("ruc", say("RUC"), say("Son 11 dígitos"), width="10", max_length=11, inputmode="numeric"),
        Field("business_name", say("Razón social"), max_length=250, autocomplete="organization"),
        Field("document_kind", say("Tu documento de identidad"), value="dni", choices=kinds),
        Field("document_number_of_person", say("Número"), width="10", max_length=20, autocomplete="off"),
        Field("names", say("Tus apellidos y nombres"), say("Como están en tu documento"), max_length=250,
              autocomplete="name"),
        Field("phone", say("Celular o teléfono"), say("Como 987654321"), type="tel", inputmode="tel", max_length=20,
              width="10", autocomplete="tel", is_optional=True),
        Field("new_password", say("Contraseña (opcional)"),
              say("Al menos 10 caracteres. Si la dejas en blanco, ingresas con un código que te enviamos"),
              type="password", autocomplete="new-password"),
    ))


def whose(names: str, phone: str, needs_document: bool) -> Form:
    """What a provider of identities did not say of whom it signed in."""
    asked = ("document_kind", "document_number_of_person", "names") if needs_document else ("names",)
    known = {"names": names, "phone": phone}
    fields = (one for one in who().fields if one.name in (*asked, "phone"))
    return Form(tuple(replace(one, value=known.get(one.name, one.value)) for one in fields))


def own_data(citizen) -> Form:
    """What a person changes of their account, as it is now."""
    asked = ("business_name", "names", "phone") if citizen.ruc else ("names", "phone")
    place = district(citizen.ubigeo)
    known = vars(citizen) | {"district": place.title if place else ""}
    fields = (
        *(one for one in who().fields if one.name in asked),
        Field("address", say("Dirección"), say("Calle y número, o como la conozcan"), max_length=300,
              autocomplete="street-address", is_optional=True),
        *districts.questions(),
    )
    return Form(tuple(replace(one, value=known.get(one.name) or "") for one in fields))


def new_password() -> Form:
    return Form((
        Field("new_password", say("Contraseña nueva"), say("Al menos 10 caracteres"), type="password",
              autocomplete="new-password"),
        Field("repeated", say("Escríbela otra vez"), type="password", autocomplete="new-password"),
    ))


def close() -> Form:
    return Form((
        Field("confirmed", say("Sí, quiero cerrar mi cuenta"),
              say("Lo que presentaste sigue su curso y se abre con su número y su clave")),
    ))
