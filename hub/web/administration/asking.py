"""The administration of the sector: its door, the file that it shows, and the page on which one thing is changed."""

import os
from dataclasses import replace

from flask import Blueprint, abort, g, redirect, render_template, request, url_for

from hub import proposals
from hub.clock import now
from hub.core.errors import InvalidFiling, NeedsReason, Problem
from hub.entities import Fault, export
from hub.entities.declared import ENTITY
from hub.entities.foreseeing import Foreseen
from hub.entities.reading import VARIABLES
from hub.entities_changes import sentences
from hub.entities_sentences import sentence
from hub.extensions import db, services
from hub.proposals import DeclaredFile
from hub.web.administration.shapes import changed, form_of
from hub.web.administration.things import Thing
from hub.web.forms import Field, Form
from hub.web.sentences import say

bp = Blueprint("administration", __name__, url_prefix="/administracion")
ADMIN = ("sector_admin",)
PROPOSERS = ("sector_admin", "entity_coordinator")
_UNTRIED = "El archivo ya tenía fallas, o aquí faltan sus certificados: quien opera las ve con mesa entities check"

_MOVED = "El archivo cambió mientras lo editabas, y aquí dice ahora otra cosa: míralo otra vez y escribe tu cambio"


@bp.before_request
def as_published():
    """Another process may have imported a moment ago, and this one not yet have heard of it."""
    services().live_directory.reload()


def declared_file() -> DeclaredFile:
    """The declared file; on a machine that has none, what holds now, as an export writes it.

    Raises Forbidden for one that is there and cannot be read: a change of something else would fit no file.
    """
    settings = services().settings
    given = {name: value for name, value in os.environ.items() if name.startswith(VARIABLES)}
    return proposals.declared(settings.entities, settings.keys_folder, given, lambda: export(db.session, now()))


def keep_to_own(code: str) -> None:
    """A coordinator proposes for her own body; of another there is nothing here."""
    if "sector_admin" not in g.person.roles and code != g.person.entity_code:
        abort(404)


def why_form() -> Form:
    return Form((Field("reason", say("Por qué"), say("Lo lee quien aplica el cambio"), max_length=500, type="area"),))


def edit(file: DeclaredFile, thing: Thing, back: str):
    """Show a thing, the change that was typed, or keep it: `accion` is ver, quitar, proponer or proponer-quitar."""
    g.is_export = file.is_export
    if request.method == "GET":
        return _page(thing, form_of(thing.groups, thing.value), back)
    if request.form.get("visto", thing.seen) != thing.seen:
        return _page(thing, replace(form_of(thing.groups, thing.value), general_problems=(say(_MOVED),)), back), 409
    act = request.form.get("accion", "ver")
    is_gone = act.endswith("quitar") and thing.remove is not None
    form = form_of(thing.groups, thing.value).read(request.form)
    new = None if is_gone else changed(thing.groups, form, thing.value)
    change = proposals.draft(db.session, file, thing.written(file.values(), new), now())
    about = thing.prefix(new or thing.value)
    form = _with_faults(thing, form, about, change.errors)
    if change.errors or not change.wanted:
        return _page(thing, form if change.errors else _without_change(form, change), back), 422
    why = why_form().read(request.form)
    if not act.startswith("proponer"):
        return _page(thing, form, back, change, why_form(), is_gone)
    try:
        row = proposals.keep(
            db.session, change, entity_code=thing.entity_code, about=about, reason=why["reason"].value,
            by_user_id=g.person.user_id, now=now(),
        )  # fmt: skip
    except (NeedsReason, InvalidFiling) as error:
        db.session.rollback()
        code = "REASON_REQUIRED" if isinstance(error, NeedsReason) else "CHANGE_EMPTY"
        return _page(thing, form, back, change, why.with_problems((Problem("reason", code),)), is_gone), 422
    db.session.commit()
    return redirect(url_for("administration.show_proposal", number=row.id, hecho=1), 303)


def _page(thing, form, back, change=None, why=None, is_gone=False):
    others = _readable(change.others) if change else ()
    return render_template(
        "administration/edit.html", thing=thing, form=form, back_to=back, change=change, why=why, is_gone=is_gone,
        doing=sentences(change.wanted) if change else (), others=sentences(others),
        is_more=bool(change) and len(others) < len(change.others),
        warnings=[" ".join((*_said(one),)) for one in change.faults] if change else (),
    )


def _readable(others: tuple[Foreseen, ...]) -> tuple[Foreseen, ...]:
    """What the file holds besides, of which a coordinator reads what is of her own body alone."""
    if "sector_admin" in g.person.roles:
        return others
    return tuple(one for one in others if (one.kind, one.key) == (ENTITY, g.person.entity_code))


def _said(fault: Fault) -> tuple[str, str]:
    wrong, remedy = sentence(fault)
    return f"{wrong[:1].upper()}{wrong[1:]}.", f"{remedy[:1].upper()}{remedy[1:]}."


def _with_faults(thing: Thing, form: Form, about: str, faults: tuple[Fault, ...]) -> Form:
    """Each fault of the file's own check beside the question that it is about."""
    told = [Problem(_field_of(thing, about, one), one.code, {"fault": one}) for one in faults]
    return form.with_problems(told, lambda problem: " ".join(_said(problem.params["fault"])))


def _field_of(thing: Thing, about: str, fault: Fault) -> str:
    names = sorted((one.path for group in thing.groups for one in group.asked), key=len, reverse=True)
    rest = fault.path.removeprefix(f"{about}.")
    if rest == fault.path:
        return "place" if thing.is_new and fault.path.endswith(".place") else fault.path.rpartition(".")[2]
    found = (path for path in names if rest == ".".join(path) or rest.startswith((".".join(path) + ".",
                                                                                 ".".join(path) + "[")))  # fmt: skip
    return "-".join(next(found, (rest.rpartition(".")[2],)))


def _without_change(form: Form, change: proposals.Draft) -> Form:
    told = say("No cambiaste nada") if change.is_tried else say(_UNTRIED)
    return replace(form, general_problems=(told,))


