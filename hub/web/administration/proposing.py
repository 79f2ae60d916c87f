"""Proposals: what was proposed by whom, its diff to be taken along, whether the file says it already."""

from flask import Response, g, redirect, render_template, request, url_for

from hub import proposals, staff
from hub.clock import now
from hub.core.errors import Forbidden
from hub.core.numbers import whole
from hub.extensions import db
from hub.guards import roles
from hub.web.administration.asking import PROPOSERS, bp


@bp.get("/propuestas")
@roles(*PROPOSERS)
def list_proposals():
    page = max(request.args.get("pagina", 1, type=whole), 1)
    rows = proposals.listed(db.session, g.person.viewer, g.person.entity_code, min(page, 10_000))
    return render_template(
        "administration/proposals.html", rows=rows, page=page, has_more=len(rows) == proposals.LISTED,
        names=staff.names_of(db.session, {row.made_by_id for row in rows}),
    )


@bp.get("/propuestas/<int:number>")
@roles(*PROPOSERS)
def show_proposal(number):
    return _show(number)


def _show(number, trouble=""):
    row = proposals.one(db.session, g.person.viewer, g.person.entity_code, number)
    people = {one for one in (row.made_by_id, row.withdrawn_by_id) if one}
    return render_template(
        "administration/proposal.html", row=row, names=staff.names_of(db.session, people), trouble=trouble,
        is_new="hecho" in request.args, may_apply="sector_admin" in g.person.roles,
    )


@bp.get("/propuestas/<int:number>/cambio.diff")
@roles(*PROPOSERS)
def give_diff(number):
    row = proposals.one(db.session, g.person.viewer, g.person.entity_code, number)
    headers = {"Content-Disposition": f'attachment; filename="propuesta-{row.id}.diff"'}
    return Response(row.diff, content_type="text/x-diff; charset=utf-8", headers=headers)


@bp.post("/propuestas/<int:number>/retirar")
@roles(*PROPOSERS)
def withdraw(number):
    try:
        proposals.withdraw(db.session, g.person.viewer, g.person.entity_code, number, now())
    except Forbidden as error:
        db.session.rollback()
        return _show(number, error.code), 422
    db.session.commit()
    return redirect(url_for(".show_proposal", number=number), 303)
