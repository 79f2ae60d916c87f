"""Certificates on screen: the days that are left, the new one beside the old one, and one that no longer counts."""

from flask import g, redirect, render_template, request, url_for

from hub import certifying, second_factor, throttles
from hub.certifying import CertificateRefused
from hub.clock import now
from hub.core.errors import Forbidden, NeedsConfirmation, NeedsReason, Problem
from hub.entities_sentences import sentence
from hub.extensions import db, services
from hub.guards import roles
from hub.models import User
from hub.throttles import Limit
from hub.web.administration.asking import ADMIN, bp
from hub.web.forms import Field, Form
from hub.web.sentences import say

_OF = "/instituciones/<code>/certificados"
_TRIES = 10


def _code_field():
    """The code of the minute, for who has a second step: a browser left open changes no key."""
    is_asked = second_factor.is_on(db.session, g.person.user_id)
    hint = say("El de ahora, de tu aplicación; el que ya usaste para entrar no vale otra vez")
    return (Field("code", say("Código de verificación"), hint, width="10", max_length=20),) if is_asked else ()


def add_form():
    hint = say("En PEM: empieza por -----BEGIN CERTIFICATE-----. Sin la clave privada")
    return Form((Field("pem", say("Certificado nuevo"), hint, type="area"), *_code_field()))


def revoke_form():
    return Form((
        Field("reason", say("Por qué"), say("Queda anotado con tu nombre"), max_length=300),
        Field("sure", say("Lo sé, y lo revoco igual")),
        *_code_field(),
    ))


def _proven(form):
    """Whether who asks just proved it with their telephone, where they have a second step; committed."""
    if not any(field.name == "code" for field in form.fields):
        return True
    limits, at = (Limit("segundo-paso", str(g.person.user_id), _TRIES),), now()
    is_allowed = throttles.count_try(db.session, limits, at)
    db.session.commit()
    user, key = db.session.get(User, g.person.user_id), services().tracking_secret
    if not (is_allowed and second_factor.passes(db.session, key, user, form["code"].value, at)):
        db.session.rollback()
        return False
    throttles.forgive(db.session, limits, at)
    db.session.commit()
    return True


@bp.get("/certificados")
@roles(*ADMIN)
def list_certificates():
    rows = [(body, certifying.standings(body, now())) for body in services().directory.entities]
    return render_template("administration/certificates.html", rows=[row for row in rows if row[1]])


@bp.get(_OF)
@roles(*ADMIN)
def show_certificates(code):
    return _show(services().directory.entity(code), add_form())


def _show(body, form):
    found = certifying.standings(body, now())
    page = render_template(
        "administration/certificate_of.html", body=body, standings=found, form=form,
        has_room=sum(one.is_live for one in found) < certifying.MOST, done=request.args.get("hecho", ""),
    )  # fmt: skip
    return page, 422 if form.has_problems else 200


@bp.post(_OF)
@roles(*ADMIN)
def add_certificate(code):
    house = services()
    body, form = house.directory.entity(code), add_form().read(request.form)
    if not _proven(form):
        return _show(body, form.with_problems((Problem("code", "FACTOR_WRONG"),)))
    try:
        certifying.add(db.session, code, form["pem"].value + "\n", g.person.user_id, now())
    except CertificateRefused as error:
        db.session.rollback()
        told = [Problem("pem", one.code, {"fault": one}) for one in error.faults] or [Problem("pem", "PEM_MISSING")]
        return _show(body, form.with_problems(told, _say))
    except Forbidden as error:
        db.session.rollback()
        where = "" if error.code == "DIRECTORY_BUSY" else "pem"
        return _show(body, form.with_problems((Problem(where, error.code),), _say))
    db.session.commit()
    return redirect(url_for(".show_certificates", code=code, hecho="agregado"), 303)


def _say(problem):
    if "fault" not in problem.params:
        return say(_WORDS[problem.code])
    wrong, remedy = sentence(problem.params["fault"])
    return f"{wrong[:1].upper()}{wrong[1:]}. {remedy[:1].upper()}{remedy[1:]}."


_WORDS = {
    "PEM_MISSING": "Pega el certificado completo, desde -----BEGIN CERTIFICATE-----",
    "CERTIFICATE_KNOWN": "Ese certificado ya está registrado, o ya se revocó: pide otro",
    "CERTIFICATES_TOO_MANY": "Ya tiene dos que valen: revoca el que va a dejar de usar",
    "DIRECTORY_BUSY": "Alguien está cambiando el directorio en este momento: espera un poco y vuelve a intentarlo",
    "CERTIFICATE_REVOKED": "Ese certificado ya está revocado",
}


@bp.get(f"{_OF}/<fingerprint>/revocar")
@roles(*ADMIN)
def ask_to_revoke(code, fingerprint):
    return _ask(services().directory.entity(code), fingerprint, revoke_form())


def _ask(body, fingerprint, form):
    found = certifying.standing_of(body, fingerprint, now())
    page = render_template(
        "administration/revoke.html", body=body, one=found, form=form, asks_code=bool(_code_field()),
        is_last=certifying.is_last(body, fingerprint, now()), is_signing=body.adapter.kind in certifying.SIGNING,
    )  # fmt: skip
    return page, 422 if form.has_problems else 200


@bp.post(f"{_OF}/<fingerprint>/revocar")
@roles(*ADMIN)
def revoke(code, fingerprint):
    body, form = services().directory.entity(code), revoke_form().read(request.form)
    certifying.standing_of(body, fingerprint, now())
    if not _proven(form):
        return _ask(body, fingerprint, form.with_problems((Problem("code", "FACTOR_WRONG"),)))
    try:
        certifying.revoke(
            db.session, body, fingerprint, form["reason"].value, g.person.user_id, now(), is_sure=form["sure"].is_on
        )
    except (NeedsReason, NeedsConfirmation) as error:
        db.session.rollback()
        problem = Problem("reason" if isinstance(error, NeedsReason) else "sure", _MISSING[type(error)])
        return _ask(body, fingerprint, form.with_problems((problem,)))
    except Forbidden as error:
        db.session.rollback()
        return _ask(body, fingerprint, form.with_problems((Problem("", error.code),), _say))
    db.session.commit()
    return redirect(url_for(".show_certificates", code=code, hecho="revocado"), 303)


_MISSING = {NeedsReason: "REASON_REQUIRED", NeedsConfirmation: "LAST_CERTIFICATE"}
