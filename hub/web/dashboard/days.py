"""The report of a day: what happened, in words and figures; printed, or taken away as a spreadsheet or JSON."""

import csv
import io
import json
from datetime import date, timedelta

from flask import Response, abort, redirect, render_template, request, url_for

from hub import balances, comparisons, differences
from hub.clock import now
from hub.core.calendar import bounds, local_date, read_day
from hub.core.errors import NotFound
from hub.core.monitoring import Condition, Kind
from hub.extensions import db, services
from hub.figures import day as reading
from hub.figures.day_reading import COUNTED
from hub.guards import roles
from hub.papers.operator_words import title_of
from hub.web.dashboard import words
from hub.web.dashboard.asking import body_or_404, bp
from hub.web.people import OVER_SECTOR
from hub.web.registers import handed
from hub.web.sentences import say


@bp.get("/dia")
@roles(*OVER_SECTOR)
def choose_day():
    """Today, or the day that was typed."""
    typed = _read(request.args.get("dia", ""))
    kept = {"institucion": request.args["institucion"]} if request.args.get("institucion") else {}
    return redirect(url_for(".show_day", day=typed or local_date(now()), **kept), 303)


@bp.get("/dia/<day>")
@roles(*OVER_SECTOR)
def show_day(day):
    found, body = _asked(day)
    start, end = bounds(found.day)
    of = body.id if body else 0
    differing = differences.of_day(db.session, start, end, of)
    return render_template(
        "dashboard/day.html", report=found, body=body, directory=services().directory, end=min(end, now()),
        is_today=found.day == local_date(now()), before=found.day - timedelta(days=1), counted=COUNTED,
        after=found.day + timedelta(days=1) if found.day < local_date(now()) else None,
        differing=differing, acts=differences.acts(db.session, [one.id for one in differing]),
        compared=comparisons.of_day(db.session, start, end, of), title_of_alert=_title, today=local_date(now()),
        headings=[say(words.DAY_COUNTS[kind]) for kind in COUNTED],
    )  # fmt: skip


def _asked(text):
    """(the report of the day in an address, the institution that it is narrowed to). 404 for what is no past day."""
    day = _read(text)
    if day is None or day > local_date(now()):
        abort(404)
    code = request.args.get("institucion", "")
    body = body_or_404(services().directory, code) if code else None
    return reading.report(db.session, day, now(), body.id if body else 0), body


def _read(text):
    return read_day(text, local_date(now()))


def _title(alert):
    known = {one.code: one.acronym for one in services().directory.entities}
    condition = Condition(Kind(alert.kind), alert.subject, alert.level, alert.details)
    return title_of(condition, known.get(alert.subject, alert.subject))


def _minutes(length):
    return None if length is None else round(length.total_seconds() / 60, 1)


def _rows(report):
    """What each institution's day was, for a program."""
    directory = services().directory
    for one in report.bodies:
        yield {
            "institucion": directory.by_id(one.body_id).code, "recibidos_en_sus_mesas": one.taken,
            "dirigidos_a_ella": one.addressed, **{kind: one.counts.get(kind, 0) for kind in COUNTED},
            "cola_mas_alta": one.peak.count, "cola_mas_alta_a_las": one.peak.at.isoformat() if one.peak.at else None,
            "espera_mas_larga_minutos": _minutes(one.longest), "en_cola_al_cierre": one.waiting,
        }  # fmt: skip


@bp.get("/dia/<day>.csv")
@roles(*OVER_SECTOR)
def export_day(day):
    report, _ = _asked(day)
    rows = list(_rows(report))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]) if rows else [say("Sin movimiento")])
    writer.writeheader()
    writer.writerows(rows)
    return handed("\ufeff" + out.getvalue(), "text/csv; charset=utf-8", f"dia-{report.day}.csv")


@bp.get("/dia/<day>.json")
@roles(*OVER_SECTOR)
def export_day_whole(day):
    report, body = _asked(day)
    start, end = bounds(report.day)
    code = {one.id: one.code for one in services().directory.entities}
    silences = [
        {"institucion": code[one.body_id], "desde": one.since.isoformat(),
         "hasta": one.until.isoformat() if one.until else None, "motivo": one.code,
         "esperaron": one.drained.waited, "entregados": one.drained.delivered,
         "espera_mas_larga_minutos": _minutes(one.drained.longest),
         "ultimo_entregado": one.drained.last_at.isoformat() if one.drained.last_at else None,
         "puestos_fuera_de_turno": one.drained.late}
        for one in report.silences
    ]  # fmt: skip
    found = differences.of_day(db.session, start, end, body.id if body else 0)
    told = {
        "dia": f"{report.day}", "instituciones": list(_rows(report)), "sin_respuesta": silences,
        "diferencias": [{"institucion": code[one.entity_id], "cuo": one.cuo, "clase": one.kind, "aqui": one.ours,
                         "alla": one.theirs, "desde": one.found_at.isoformat(),
                         "hasta": one.closed_at.isoformat() if one.closed_at else None} for one in found],
        "avisos": [{"aviso": _title(one), "desde": one.opened_at.isoformat(),
                    "hasta": one.closed_at.isoformat() if one.closed_at else None} for one in report.alerts],
    }  # fmt: skip
    text = json.dumps(told, ensure_ascii=False, indent=1)
    return handed(text, "application/json; charset=utf-8", f"dia-{report.day}.json")


@bp.get("/instituciones/<code>/balances/<day>.json")
@roles(*OVER_SECTOR)
def download_balance(code, day):
    body, wanted = body_or_404(services().directory, code), _read(day)
    try:
        row = balances.of_day(db.session, body, wanted or date.min)
    except NotFound:
        abort(404)
    answer = Response(json.dumps(balances.given(row), ensure_ascii=False), content_type="application/json")
    answer.headers["Content-Disposition"] = f"attachment; filename=balance-{code}-{row.day}.json"
    return answer
