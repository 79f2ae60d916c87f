"""Names from the State's registers while a form is filled in, where the operator set one; else they are typed.

Who is no staff may ask so many times a quarter of an hour: a form is no way to find out whose a DNI is.
"""

from dataclasses import replace

from flask import request

from hub import identities, throttles
from hub.clock import now
from hub.core.messages import Filer
from hub.extensions import db, services
from hub.throttles import Limit, network_of
from hub.web.forms import Form
from hub.web.sentences import say

PER_NETWORK = 20
_NOT_FOUND = {"NAMES_MISSING": "NAMES_NOT_FOUND", "BUSINESS_NAME_MISSING": "BUSINESS_NAME_NOT_FOUND"}


def is_on() -> bool:
    return services().identities is not None


def complete(filer: Filer, *, is_staff: bool = False) -> Filer:
    """The filer with the names that were left blank, as the registers have them. Commits before it asks."""
    lacks = (filer.document_number and not filer.names) or (filer.ruc and not filer.business_name)
    if not is_on() or not lacks or not (is_staff or _is_allowed()):
        return filer
    db.session.commit()
    return identities.complete(services().identities, filer)


def _is_allowed() -> bool:
    limits = (Limit("identidad-consulta", network_of(request.remote_addr), PER_NETWORK),)
    is_allowed = throttles.count_try(db.session, limits, now())
    db.session.commit()
    return is_allowed


def hinted(form: Form) -> Form:
    """The form, saying what may be left blank."""
    if not is_on():
        return form
    hints = {
        "names": say("Con DNI puedes dejarlo en blanco: lo traemos de RENIEC"),
        "business_name": say("Puedes dejarla en blanco: la traemos de SUNAT"),
    }
    return replace(form, fields=tuple(replace(one, hint=hints.get(one.name, one.hint)) for one in form.fields))


def told(problems):
    """What is missing, saying that it was looked for where it was."""
    if not is_on():
        return tuple(problems)
    return tuple(replace(one, code=_NOT_FOUND.get(one.code, one.code)) for one in problems)
