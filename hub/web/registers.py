"""The registers on screen, to be printed, and as a spreadsheet (TUO 128.2)."""


from flask import Blueprint, Response, g, render_template, request

from hub import registers
from hub.clock import now
from hub.core.calendar import local_date, read_day
from hub.extensions import db, services
from hub.guards import roles
from hub.papers import register as paper
from hub.sight import opens_every_book, seat_of
from hub.web import register_words as in_words
from hub.web.people import AT_COUNTER, BOOK_READERS
from hub.web.register_fields import register_filters

bp = Blueprint("registers", __name__, url_prefix="/registro")
READERS = (*AT_COUNTER, *BOOK_READERS)


def asked_body():
    """The code of the body that is asked for: one's own, unless another is named."""
    return request.args.get("institucion") or g.person.entity_code or services().directory.sector.operator


def _asked():
    """The book, the part of it that is asked for, and its lines."""
    directory, viewer = services().directory, g.person.viewer
    book = in_words.BOOKS.get(request.args.get("libro", ""), in_words.ENTRADAS)
    wanted = registers.open_book(directory, viewer, asked_body(), _day(), request.args.get("sede", ""))
    return book, wanted, book.lines(db.session, directory, viewer, wanted)


def _day():
    today = local_date(now())
    return read_day(request.args.get("dia", ""), today) or today


@bp.get("")
@roles(*READERS)
def show_register():
    book, wanted, lines = _asked()
    missing = registers.gaps(db.session, wanted.entity, wanted.day.year)
    address, viewer = _address(book, wanted), g.person.viewer
    form = register_filters(
        services().directory, wanted, address["libro"], opens_every_book(viewer), bool(seat_of(viewer))
    )
    page = in_words.printed(book, wanted, lines, missing)
    return render_template("registers/register.html", page=page, missing=missing, form=form, address=address)


def _address(book, wanted):
    """What the addresses of the same lines carry."""
    key = next(key for key, one in in_words.BOOKS.items() if one is book)
    return {"institucion": wanted.entity.code, "dia": wanted.day.isoformat(), "sede": wanted.counter_code, "libro": key}


@bp.get("/imprimir.pdf")
@roles(*READERS)
def print_register():
    book, wanted, lines = _asked()
    page = in_words.printed(book, wanted, lines, registers.gaps(db.session, wanted.entity, wanted.day.year))
    content = paper.draw(page, services().settings.year_name, now())
    return handed(content, "application/pdf", f"{_file_name(book, wanted)}.pdf", is_shown=True)


@bp.get("/planilla.csv")
@roles(*READERS)
def export_register():
    book, wanted, lines = _asked()
    return handed(in_words.csv_text(book, lines), "text/csv; charset=utf-8", f"{_file_name(book, wanted)}.csv")


def _file_name(book, wanted):
    return "-".join(("registro", _address(book, wanted)["libro"], wanted.entity.code, wanted.day.isoformat()))


def handed(content, kind, name, is_shown=False):
    """A file made for this answer. The names are ours: they need no quoting."""
    disposition = "inline" if is_shown else "attachment"
    return Response(content, content_type=kind, headers={"Content-Disposition": f'{disposition}; filename="{name}"'})
