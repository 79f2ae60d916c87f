"""The tray of a citizen's account: their filings, their notices, and both to take away."""

from flask import Blueprint, Response, abort, g, redirect, render_template, request, stream_with_context, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from hub import accounts, casilla, throttles, tray
from hub.clock import now
from hub.core import workbook
from hub.core.calendar import local_date
from hub.core.cells import csv_pieces
from hub.core.errors import Forbidden, NotFound, Problem
from hub.core.numbers import whole
from hub.downloads import send
from hub.extensions import db, services
from hub.fetching import Fetchable
from hub.guards import roles
from hub.sight import CITIZEN
from hub.web import holders, papers, tray_fields
from hub.web.sentences import document_type, label

bp = Blueprint("tray", __name__, url_prefix="/mis-tramites")
WIDTHS = (18, 20, 14, 30, 16, 20, 60, 16, 18, 20, 14)


def _asked():
    form = tray_fields.filters(services().directory).read(request.args)
    wanted, problems = tray_fields.wanted(form, request.args.get("pagina", 1, type=whole))
    return form.with_problems(problems), wanted


def _address(form):
    """What the addresses of the same list carry."""
    return {one.name: one.value for one in form.fields if one.value}


@bp.get("")
@roles(CITIZEN)
def list_filings():
    form, wanted = _asked()
    found = tray.page(db.session, services().directory, g.person.viewer, wanted)
    return render_template(
        "tray/list.html", form=form, tray=found, address=_address(form), notice=request.args.get("aviso", "")
    )


@bp.get("/tramites.csv")
@roles(CITIZEN)
def export_csv():
    pieces = csv_pieces(_header(), _lines(_asked()[1]))
    return _handed((piece.encode() for piece in pieces), "text/csv; charset=utf-8", "csv")


@bp.get("/tramites.xlsx")
@roles(CITIZEN)
def export_workbook():
    pieces = workbook.xlsx(_("Mis trámites"), _header(), _lines(_asked()[1]), WIDTHS)
    return _handed(pieces, workbook.MEDIA_TYPE, "xlsx")


def _handed(pieces, kind, ending):
    """An answer that goes out while it is made; `pieces` read the database a thousand rows at a time."""
    name = f"mis-tramites-{local_date(now()).isoformat()}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(stream_with_context(pieces), content_type=kind, headers=headers)


def _header():
    return (_("Número de trámite"), _("Presentado"), _("Considerado"), _("Institución"), _("Tipo"), _("Número"),
            _("Asunto"), _("Estado"), _("Registro"), _("Expediente"), _("Plazo"))


def _lines(wanted):
    viewer, directory = g.person.viewer, services().directory
    with Session(db.engine) as session:
        for batch in tray.batches(session, directory, viewer, wanted):
            for row in batch:
                yield (
                    row.filing_number, row.presented_at, row.considered_on, row.destination.name,
                    document_type(row.document_type), row.document_number, row.subject, label(row.status),
                    row.registry_number, row.expediente_number, row.due_on,
                )


@bp.get("/casilla")
@roles(CITIZEN)
def list_notices():
    form = tray_fields.notice_filters().read(request.args)
    found = tray.notices(
        db.session, services().directory, g.person.viewer, form["texto"].value, form["sin_leer"].is_on,
        request.args.get("pagina", 1, type=whole),
    )
    return render_template("tray/notices.html", form=form, found=found, address=_address(form))


@bp.get("/sumar")
@roles(CITIZEN)
def show_join():
    return render_template("tray/join.html", form=tray_fields.join_filing())


@bp.post("/sumar")
@roles(CITIZEN)
def join():
    """A filing made before, or at a counter: opened with its key, it stands in the tray from now on."""
    form = tray_fields.join_filing().read(request.form)
    typed, at = form.values(), now()
    try:
        filing = holders.open_with_key(typed["filing_number"], typed["tracking_key"], at)
        account, citizen = accounts.citizen_of(db.session, g.person.user_id)
        tray.join(db.session, account, citizen, filing, at)
    except holders.TooManyTries as error:
        return _unjoined(form, error), 429, {"Retry-After": str(int(throttles.WINDOW.total_seconds()))}
    except (NotFound, Forbidden) as error:
        return _unjoined(form, error), 422
    db.session.commit()
    return redirect(url_for(".show_filing", number=filing.filing_number, aviso="sumado"), 303)


def _unjoined(form, error):
    return render_template("tray/join.html", form=form.with_problems((Problem("filing_number", error.code),)))


@bp.get("/<number>")
@roles(CITIZEN)
def show_filing(number):
    filing = tray.filing_of(db.session, g.person.viewer, number)
    return render_template(
        "tray/filing.html", filing=filing, destination=services().directory.by_id(filing.destination_id),
        documents=tray.handed_in(db.session, filing), casilla=casilla.summary(db.session, filing),
        notice=request.args.get("aviso", ""),
    )


@bp.get("/<number>/constancia.pdf")
@roles(CITIZEN)
def give_constancia(number):
    filing = tray.filing_of(db.session, g.person.viewer, number)
    return papers.give(papers.constancia_paper(filing), f"constancia-{filing.filing_number}.pdf")


@bp.get("/<number>/archivos/<uuid:document_id>")
@roles(CITIZEN)
def give_document(number, document_id):
    filing = tray.filing_of(db.session, g.person.viewer, number)
    one = next((one for one in tray.handed_in(db.session, filing) if one.id == document_id), None)
    if one is None:
        abort(404)
    return send(Fetchable(
        one.id, one.role, one.file_name, one.media_type, one.size, one.sha256, one.pages, one.object_key
    ))
