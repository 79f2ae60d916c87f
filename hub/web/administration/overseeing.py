"""What an administrator looks over: every account of the sector, what each role may see, and fixed words."""

from flask import g, render_template, request, url_for

from hub import accounts_list
from hub.core.numbers import whole
from hub.core.statuses import RefusalReason
from hub.extensions import db, services
from hub.guards import roles
from hub.web.administration.asking import ADMIN, bp
from hub.web.administration.role_words import SEES
from hub.web.forms import Choice, Field, Form
from hub.web.sentences import label, say
from hub.web.staff_words import ROLES


def _form():
    bodies = sorted(services().directory.entities, key=lambda one: one.acronym)
    states = (("activa", say("Activa")), ("espera", say("Espera su invitación")), ("desactivada", say("Desactivada")))
    return Form((
        Field("institucion", say("Institución"), choices=tuple(Choice(one.code, one.acronym) for one in bodies)),
        Field("rol", say("Rol"), choices=tuple(Choice(key, say(name)) for key, name in ROLES.items())),
        Field("situacion", say("Situación"), choices=tuple(Choice(*one) for one in states)),
        Field("texto", say("Nombre o correo"), max_length=100),
    ))


@bp.get("/personas")
@roles(*ADMIN)
def list_people():
    form = _form().read(request.args)
    typed = form.values()
    page = min(max(request.args.get("pagina", 1, type=whole), 1), 10_000)
    found = accounts_list.page(
        db.session, g.person.viewer, typed["institucion"], typed["rol"], typed["situacion"], typed["texto"], page
    )
    kept = {key: value for key, value in typed.items() if value}
    return render_template(
        "administration/people.html", form=form, rows=found[: accounts_list.LISTED], kept=kept, page=page,
        has_more=len(found) > accounts_list.LISTED, role_names=ROLES, address=_address,
    )


def _address(user):
    """Where an account is changed; one's own and those who run the sector are changed by an operator."""
    held = {role.name for role in user.roles}
    is_above = held & {"sector_admin", "operator"} or not user.entity_code
    return "" if is_above else url_for("staff.show_person", user_id=user.id, entidad=user.entity_code)


@bp.get("/roles")
@roles(*ADMIN)
def show_roles():
    counted = accounts_list.by_role(db.session, g.person.viewer)
    rows = [(say(ROLES[key]), say(does), say(sees), counted.get(key, 0)) for key, (does, sees) in SEES.items()]
    return render_template("administration/roles.html", rows=rows)


@bp.get("/motivos-y-textos")
@roles(*ADMIN)
def show_words():
    return render_template(
        "administration/words.html", reasons=[(one.value, label(one)) for one in RefusalReason],
        bodies=services().directory.entities, settings=services().settings,
    )
