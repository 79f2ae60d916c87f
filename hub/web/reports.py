"""What a body publishes and tells others: the report to the SGTD and the text of its gob.pe page."""

from flask import Blueprint, g, render_template, request, url_for

from hub import reports
from hub.clock import now
from hub.core.calendar import local_date, read_month
from hub.extensions import db, services
from hub.guards import roles
from hub.papers import report as paper
from hub.papers.gob_pe import service_page
from hub.sight import opens_every_book
from hub.web.people import BOOK_READERS
from hub.web.register_fields import report_filters
from hub.web.registers import asked_body, handed

bp = Blueprint("reports", __name__, url_prefix="/informes")


def _report():
    return reports.sgtd_report(db.session, services().directory, g.person.viewer, asked_body(), _month(), now())


def _month():
    """The month asked for, as 2026-11; else the one that is running."""
    today = local_date(now())
    return read_month(request.args.get("mes", ""), today) or today


def _address(report):
    return {"institucion": report.entity.code, "mes": f"{report.month:%Y-%m}"}


@bp.get("")
@roles(*BOOK_READERS)
def show_report():
    report = _report()
    return render_template(
        "registers/report.html",
        report=report,
        facts=paper.facts(report.entity),
        meanings=paper.MEANINGS,
        form=report_filters(services().directory, report, is_for_all=opens_every_book(g.person.viewer)),
        address=_address(report),
    )


@bp.get("/sgtd.pdf")
@roles(*BOOK_READERS)
def draft_letter():
    report = _report()
    content = paper.draw(report, services().settings.year_name, now())
    return handed(content, "application/pdf", f"sgtd-{report.entity.code}-{report.month:%Y-%m}.pdf", is_shown=True)


@bp.get("/sgtd.csv")
@roles(*BOOK_READERS)
def export_figures():
    report = _report()
    name = f"sgtd-{report.entity.code}-{report.month:%Y-%m}.csv"
    return handed(paper.csv_text(report), "text/csv; charset=utf-8", name)


@bp.get("/gob-pe")
@roles(*BOOK_READERS)
def show_public_page():
    directory = services().directory
    entity = reports.readable(directory, g.person.viewer, asked_body())
    address = services().settings.public_url.rstrip("/") + url_for("filing.show_institution", code=entity.code)
    return render_template("registers/gob_pe.html", entity=entity, page=service_page(entity, address))
