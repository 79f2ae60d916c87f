"""The trail on screen: who saw and did what, looked for by person, body, act, number and days, and taken along."""

import json
from datetime import datetime, time, timedelta

from flask import Blueprint, Response, g, render_template, request, stream_with_context

from hub import trail, trail_search
from hub.clock import now
from hub.core.calendar import LIMA, local_date, read_day
from hub.core.cells import csv_pieces
from hub.core.numbers import whole, whole_or
from hub.extensions import db, services
from hub.guards import roles
from hub.sight import opens_every_book
from hub.trail_search import Place, Wanted
from hub.web import trail_words as in_words
from hub.web.forms import Choice, Field, Form
from hub.web.people import BOOK_READERS
from hub.web.sentences import say

bp = Blueprint("trail", __name__, url_prefix="/auditoria")
USUAL = timedelta(days=30)
"""How far back it is looked where no day is given."""


def asked_form(viewer):
    """What may be looked for, blank."""
    directory = services().directory
    bodies = sorted(directory.entities, key=lambda one: one.acronym) if opens_every_book(viewer) else ()
    body = request.args.get("institucion", "") if bodies else g.person.entity_code
    people = trail_search.people(db.session, viewer, body[:32], request.args.get("persona", 0, type=whole))
    acts = (Choice(kind, say(text), group=say(group)) for group, kinds in in_words.GROUPS
            for kind, text in kinds.items())  # fmt: skip
    return Form((
        Field("persona", say("Quién"), choices=tuple(Choice(str(key), name, group=body.upper() or say("Sector"))
                                                     for key, name, body in people)),
        Field("institucion", say("De qué institución"), choices=tuple(Choice(one.code, one.acronym) for one in bodies)),
        Field("acto", say("Qué"), choices=tuple(acts)),
        Field("numero", say("Número de trámite o CUO"), max_length=20, width="20"),
        Field("desde", say("Desde"), type="date", width="10"),
        Field("hasta", say("Hasta"), type="date", width="10"),
    ))  # fmt: skip


def _wanted(form):
    """What is looked for; what an address typed by hand says wrong is as if it were empty."""
    typed = form.values()
    first, last = (read_day(typed[one], local_date(now())) for one in ("desde", "hasta"))
    is_open = not (first or last or typed["numero"])
    since = _begin(first) if first else (_begin(local_date(now()) - USUAL) if is_open else None)
    return Wanted(
        person_id=whole_or(typed["persona"], 0),
        entity_code=typed["institucion"][:32], kind=typed["acto"][:40], number=typed["numero"][:20],
        since=since, until=_begin(last + timedelta(days=1)) if last else None,
    )  # fmt: skip


def _begin(day):
    return datetime.combine(day, time(), LIMA)


def _place():
    """Where the page before ended: instant, book and number, as its link says."""
    at, _, rest = request.args.get("antes", "").partition("~")
    book, _, number = rest.partition("~")
    try:
        found = Place(datetime.fromisoformat(at), book, int(number))
    except ValueError:
        return None
    return found if book in (trail_search.LINE, trail_search.EVENT) and found.at.tzinfo else None


@bp.get("")
@roles(*BOOK_READERS)
def search():
    viewer = g.person.viewer
    form = asked_form(viewer).read(request.args)
    wanted, place = _wanted(form), _place()
    found = trail_search.page(db.session, viewer, g.person.entity_code, _from(wanted, place))
    kept = {key: value for key, value in form.values().items() if value}
    return render_template(
        "trail/search.html", form=form, lines=found.lines, kept=kept, since=wanted.since, is_further=bool(place),
        next=_link(found.next), names=trail_search.names_of(db.session, found.lines), words=in_words,
        may_open=opens_every_book(viewer),
    )


def _from(wanted, place):
    return Wanted(**{**vars(wanted), "before": place})


def _link(place):
    return f"{place.at.isoformat()}~{place.book}~{place.id}" if place else ""


@bp.get("/historial.csv")
@roles(*BOOK_READERS)
def export_csv():
    head = ("momento", "cuenta", "persona", "institucion", "acto", "que", "numero", "a_cuenta", "a_persona", "detalle")
    return _export("csv", "text/csv; charset=utf-8", lambda rows: csv_pieces(head, map(_cells, rows)))


def _cells(row):
    *cells, details = row.values()
    return [*cells, json.dumps(details, ensure_ascii=False) if details else ""]


@bp.get("/historial.jsonl")
@roles(*BOOK_READERS)
def export_lines():
    return _export(
        "jsonl", "application/x-ndjson", lambda rows: (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    )


def _export(kind, content_type, written):
    """Everything that fits, line by line; that it was taken is itself written down, before the first line goes."""
    viewer, own = g.person.viewer, g.person.entity_code
    form = asked_form(viewer).read(request.args)
    asked = {key: value for key, value in form.values().items() if value}
    trail.note(db.session, "took_trail", now(), actor_id=g.person.user_id, entity_code=own, format=kind, wanted=asked)
    db.session.commit()
    chunks = trail_search.everything(db.session, viewer, own, _wanted(form))
    name = f"historial-{local_date(now()).isoformat()}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    stream = stream_with_context(written(_rows(chunks)))
    return Response(stream, content_type=content_type, headers=headers)


def _rows(chunks):
    """As they are given out. No transaction stays open while somebody slow reads a chunk."""
    for chunk in chunks:
        names = trail_search.names_of(db.session, chunk)
        db.session.commit()
        for line in chunk:
            yield _row(line, names)


def _row(line, names):
    """One line. The names are those of the house's people; a citizen is the number of an account."""
    return {
        "momento": line.at.astimezone(LIMA).isoformat(), "cuenta": line.actor_id,
        "persona": names.get(line.actor_id, ""), "institucion": line.entity_code, "acto": line.kind,
        "que": in_words.act(line), "numero": line.number, "a_cuenta": line.about_user_id,
        "a_persona": names.get(line.about_user_id, ""), "detalle": in_words.details(line),
    }  # fmt: skip
