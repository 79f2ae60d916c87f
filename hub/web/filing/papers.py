"""The page of the files, by plain form: what was chosen is stored, looked at, shown, and can be taken away again."""

from flask import g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from hub import drafts, presenting
from hub.clock import now
from hub.core.errors import Problem
from hub.core.limits import Offered
from hub.core.messages import DocumentRole
from hub.extensions import db, services
from hub.guards import public
from hub.web import uploads
from hub.web.filing import forms, keeping, steps, words
from hub.web.filing.keeping import bp


@bp.get("/borrador/archivos")
@public("the draft of this browser's cookie")
def show_papers():
    return _page() if steps.destination() else redirect(url_for(".choose"), 303)


def _page(problems=(), status=200):
    body, files = steps.destination(), keeping.files()
    form = forms.papers(body).with_problems(problems, words.say)
    page = render_template(
        "filing/papers.html", form=form, body=body, place=steps.place("papers"), extent=words.extent,
        main=[file for file in files if file.role == DocumentRole.MAIN],
        annexes=[file for file in files if file.role == DocumentRole.ANNEX],
        limits=words.limit_lines(body.limits, services().settings.online_bytes),
        notice=_notice(request.args.get("aviso", "")),
    )
    return page, status


def _notice(code):
    return {"adjunto": _("Tu archivo quedó guardado. Puedes adjuntar otro o continuar."),
            "quitado": _("Quitamos el archivo.")}.get(code, "")


@bp.post("/borrador/archivos")
@public("the draft of this browser's cookie; no larger than one request may be")
@uploads.takes_files
def save_papers():
    """Add what was chosen. Nothing chosen and a main document there already: the next page."""
    if steps.destination() is None:
        return redirect(url_for(".choose"), 303)
    main, main_problems = uploads.read_main("main_document")
    annexes, annex_problems = uploads.read_annexes("annexes")
    found, kept, replaced = [*main_problems, *annex_problems], [], []
    for file in (*main, *annexes):
        if over := _over(file):
            found += over
        else:
            replaced += drafts.add(db.session, g.draft, file, now())
            kept.append(file.stored.object_key)
    uploads.keep(frozenset(kept))
    db.session.commit()
    keeping.discard(replaced)
    if found or kept:
        return _page(found, 422) if found else redirect(url_for(".show_papers", aviso="adjunto"), 303)
    missing = steps.problems_of("papers")
    return _page(missing, 422) if missing else redirect(steps.next_url(), 303)


def _over(file) -> list[Problem]:
    """What a new file would break of the published limits; what was broken before is said once, by the review."""
    house, files = services(), keeping.files()
    new = Offered(file.role, file.file_name, file.stored.size, file.media_type)
    after = presenting.over_limits(
        house.directory, g.draft, presenting.offered_with(files, new), house.settings.online_bytes
    )
    before = presenting.over_limits(
        house.directory, g.draft, presenting.offered(files), house.settings.online_bytes
    )
    return [problem for problem in after if problem not in before]


@bp.post("/borrador/archivos/<uuid:file_id>/quitar")
@public("the draft of this browser's cookie")
def remove_paper(file_id):
    keys = drafts.remove(db.session, g.draft, file_id)
    db.session.commit()
    keeping.discard(keys)
    return redirect(url_for(".show_papers", aviso="quitado"), 303)
