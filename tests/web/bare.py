"""A bare application dressed as the real one, with the addresses that pages link to and nothing behind them."""

from datetime import date, datetime, timedelta, timezone

from flask import Flask, render_template
from flask_wtf import CSRFProtect

from hub.core.bodies import AdapterKind, AdapterRecord, BodyKind, EntityRecord
from hub.core.identifiers import Ruc
from hub.core.statuses import Author, DeliveryStatus, FilingStatus
from hub.tracking import Line, Track
from hub.web.look import STATIC, dress

ADDRESSES = {
    "citizen.find_filing": "/seguimiento",
    "filing.choose": "/presentar",
    "guide.list_institutions": "/instituciones",
    "account.show_sign_in": "/cuenta/ingresar",
    "guide.list_counters": "/mesas-de-partes",
    "observing.show": "/subsanar/<code>",
    "observing.present_again": "/presentar-de-nuevo/<code>",
    "counter.home": "/mesa-de-partes/",
    "counter.new_filing": "/mesa-de-partes/recepcion",
    "counter.receive_filing": "/mesa-de-partes/recibir",
    "sector.board": "/sector/",
    "sector.parked": "/sector/apartadas",
    "unnotified.list_notices": "/notificaciones",
    "auth.sign_in": "/ingresar",
}
PRESENTED = datetime(2026, 11, 20, 21, 20, 5, tzinfo=timezone.utc)


def bare_app() -> Flask:
    """`/p` shows the page that `app.page` gives; `/boom` fails; `/post` takes a form."""
    app = Flask("preview", static_folder=str(STATIC))
    app.config.update(SECRET_KEY="not a secret")
    CSRFProtect(app)
    dress(app)
    for endpoint, path in ADDRESSES.items():
        app.add_url_rule(path, endpoint, str)
    app.add_url_rule("/p", "page", lambda: app.page())
    app.add_url_rule("/boom", "boom", _boom)
    app.add_url_rule("/post", "post", str, methods=["POST"])
    return app


def _boom() -> str:
    raise RuntimeError("nobody foresaw this")


def page(template: str, **values: object) -> str:
    """The HTML of a template with these values, as a browser gets it."""
    app = bare_app()
    app.page = lambda: render_template(template, **values)
    answer = app.test_client().get("/p")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def body(code: str, acronym: str, name: str, ruc: str) -> EntityRecord:
    adapter = AdapterRecord(AdapterKind.HOSTED)
    return EntityRecord(code, Ruc(ruc), acronym, name, BodyKind.EXECUTING_BODY, adapter)


IGP = body("igp", "IGP", "Instituto Geofísico del Perú", "20131367008")
SERNANP = body("sernanp", "SERNANP", "Servicio Nacional de Áreas Naturales Protegidas por el Estado", "20478053178")


def line(kind: str, hours: float, author: Author = Author.DESTINATION, late: int = 0, **data: object) -> Line:
    """A line `hours` after the filing was presented; the hub knew it `late` minutes afterwards."""
    at = PRESENTED + timedelta(hours=hours)
    return Line(kind, at, at + timedelta(minutes=late), author, IGP.name if author is Author.DESTINATION else "", data)


def track(status: FilingStatus, *lines: Line, leg: DeliveryStatus = DeliveryStatus.SENT) -> Track:
    return Track(
        filing_number="2026-0001234-6",
        status=status,
        presented_at=PRESENTED,
        considered_on=date(2026, 11, 20),
        rule_applied="B",
        counter="Sede central",
        received_by=SERNANP,
        destination=IGP,
        leg_status=leg,
        registry_number="004512",
        expediente_number="EXP-2026-004512",
        unit="Dirección de Sismología",
        due_on=None,
        clock_start=None,
        last_news_at=PRESENTED,
        lines=(line("presented", 0, Author.CLERK), *lines),
    )
