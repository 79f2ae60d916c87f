"""The dashboard in the browser: what it shows to whom, its remedies with a preview, its streams and downloads."""

import csv
import html
import re
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from hub import needing
from hub.clock import now
from hub.core.needs import Kind
from hub.core.ports import NewsKind
from hub.core.statuses import DeliveryStatus
from hub.figures import counting, reading
from hub.figures.reading import Narrow
from hub.models import Delivery, Filing, InstitutionState, OutboundMessage
from hub.web.dashboard import stream
from tests.fixtures.house import ADMIN, CLERK
from tests.fixtures.sandbox import wait_until
from tests.web.staff import make_user


@pytest.fixture(scope="module")
def admin(house):
    return house.signed_in(ADMIN)


def counted(house):
    """What the worker's round does."""
    with house.session() as session:
        for start, until in counting.due(session, now()):
            counting.count(session, house.directory, start, until, now())
        session.commit()


def stopped(house, clerk, **options):
    """A filing whose leg is a dead letter; gives its CUO."""
    leg = house.leg(clerk.filed(**options))
    with house.session() as session:
        row = session.get_one(Delivery, leg.id)
        row.status = DeliveryStatus.FAILED
        message = session.scalars(select(OutboundMessage).where(OutboundMessage.once == f"sobre:{leg.cuo}")).one()
        message.status, message.last_code = "dead", "SCHEMA_INVALID"
        session.commit()
    return leg.cuo


def shown(page):
    """What a preview sends back: the legs that can be helped, each with the state in which it was shown."""
    found = {name: re.findall(f'name="{name}" value="([^"]*)"', page.text) for name in ("cuo", "visto")}
    return {name: [html.unescape(one) for one in values] for name, values in found.items()}


def test_an_empty_and_a_full_dashboard_open_in_every_period(house, admin, clerk):
    clerk.filed()
    counted(house)
    for days in (1, 7, 30, 90, "x", -4):
        answer = admin.get(f"/tablero?dias={days}")
        assert answer.status_code == 200, answer.text[-2000:]
    assert "Ver el tablero del sector" in answer.text and "<svg" in answer.text and "IGP" in answer.text


def test_the_picture_its_table_and_its_sheet_are_a_plain_count(house, admin, clerk):
    clerk.filed(destination="oefa")
    counted(house)
    with house.session() as session:
        asked = "select d.code, count(*) from filings f join entities d on d.id = f.destination_id group by 1"
        plain = {house.directory.entity(code).acronym: count for code, count in session.execute(text(asked))}
    page = admin.get("/tablero?dias=90").text
    cells = re.findall(r'data-label="(\w+)"><a [^>]*>\s*(\d+)', page.split("mesa-matrix", 1)[1].split("</table>")[0])
    sheet = admin.get(html.unescape(re.search(r'href="(/tablero/recorrido\.csv[^"]*)"', page)[1])).text
    rows = list(csv.reader(sheet.lstrip("\ufeff").splitlines()))[1:]
    for shown in (cells, [(row[1], row[2]) for row in rows]):
        found = Counter()
        for body, count in shown:
            found[body] += int(count)
        assert +found == Counter(plain)
    assert "Le toca" in page and f"<dd>{_open_legs(house)}</dd>" in page


def _open_legs(house):
    """Legs on their way, as the dashboard says whose turn it is."""
    with house.session() as session:
        return session.scalar(text("select count(*) from deliveries where status in ('queued', 'sending')"))


def test_a_document_that_is_needed_twice_is_one(house, admin, clerk):
    cuo = stopped(house, clerk, destination="igp")
    with house.session() as session:
        session.scalars(select(Delivery).where(Delivery.cuo == cuo)).one().created_at -= timedelta(hours=30)
        session.commit()
        needs = needing.needs(session, Narrow(), now())
    assert {Kind.STOPPED, Kind.LATE} <= needs.keys()
    many = len({one.filing_id for some in needs.values() for one in some})
    assert many < sum(map(len, needs.values()))
    page = admin.get("/tablero").text
    assert f"{many} documento" in page and "su sistema no puede leer el mensaje" in page
    assert "A quién llamar" in page and "se cumplieron" in page


def test_signing_in_lands_on_the_dashboard(house):
    visitor = house.visitor()
    answer = visitor.post("/ingresar", {"email": ADMIN, "password": "clave-de-prueba-segura", "next": ""})
    assert answer.location == "/tablero"


def test_a_click_narrows_everything_to_a_leg(house, admin, clerk):
    clerk.filed(destination="igp")
    counted(house)
    page = admin.get("/tablero?mesa=sernanp:principal&institucion=igp").text
    assert "Todo lo de abajo es solo de" in page and "Ver todo" in page
    table = page.split('id="instituciones-h"')[1].split('id="promesas-h"')[0]
    assert "/instituciones/igp" in table and "/instituciones/oefa" not in table
    assert "Todo lo de abajo" not in admin.get("/tablero?mesa=nada:x&institucion=nadie").text


def test_a_remedy_without_legs_asks_for_one(admin):
    answer = admin.post("/tablero/remedio", {"remedio": "again", "paso": "hacer"})
    assert answer.status_code == 422 and "Marca al menos un documento" in answer.text


@pytest.mark.parametrize("kind", ["stopped", "late", "refused", "loop", "term", "mail"])
def test_each_kind_of_need_has_its_page(admin, kind):
    assert admin.get(f"/tablero/pendientes/{kind}").status_code == 200
    assert admin.get("/tablero/pendientes/nada").status_code == 404


def test_trends_are_charts_tables_and_downloads(house, admin, clerk):
    clerk.filed()
    counted(house)
    page = admin.get("/tablero/tendencias?dias=7").text
    links = re.findall(r'href="(/tablero/tendencias/\w+\.csv[^"]*)"', page)
    assert len(links) == 5
    with house.session() as session:
        since = reading.since(now(), 7)
        filed = session.scalar(select(func.count(Filing.id)).where(Filing.presented_at >= since))
    for link in links:
        answer = admin.get(link.replace("&amp;", "&"))
        assert answer.mimetype == "text/csv" and answer.data.startswith(b"\xef\xbb\xbf")
        head, *rows = csv.reader(answer.text.lstrip("\ufeff").splitlines())
        assert head[1] == "Trámites" and sum(int(count) for _, count in rows) == filed > 0


def test_an_institution_has_a_page_and_a_window_of_maintenance(house, admin):
    page = admin.get("/tablero/instituciones/senamhi")
    assert page.status_code == 200 and "Certificados" in page.text
    window = {"since": "2026-01-01T00:00", "until": "2026-01-01T05:00", "reason": "Cambio de servidores"}
    assert admin.post("/tablero/instituciones/senamhi/mantenimiento", window).status_code == 422
    from tests.nets.scenes import hours_ago

    window |= {"since": hours_ago(1), "until": hours_ago(-5)}
    assert admin.post("/tablero/instituciones/senamhi/mantenimiento", window).status_code == 303
    with house.session() as session:
        state = session.get(InstitutionState, house.directory.entity("senamhi").id)
        assert state.is_in_maintenance(now())
    assert "Cambio de servidores" in admin.get("/tablero/instituciones/senamhi").text
    assert "Mantenimiento" in admin.get("/tablero").text
    assert admin.post("/tablero/instituciones/senamhi/mantenimiento/fin", {}).status_code == 303
    with house.session() as session:
        assert not session.get(InstitutionState, house.directory.entity("senamhi").id).is_in_maintenance(now())
    assert admin.get("/tablero/instituciones/nadie").status_code == 404


def test_the_dashboard_is_the_sectors(house):
    assert house.signed_in(CLERK).get("/tablero").status_code == 403
    auditor = house.signed_in(make_user(house, "igp", ["auditor"]))
    assert auditor.get("/tablero").location == "/envios"
    operator = house.signed_in(make_user(house, "minam", ["operator"]))
    assert operator.get("/tablero").status_code == 200


@pytest.fixture
def free_streams(admin):
    """A browser of an earlier test leaves its streams' room when the next word to it fails, seconds later."""

    def are_free():
        open_now = [admin.get("/tablero/vivo", buffered=False) for _ in range(2)]
        for one in open_now:
            one.close()
        return all(one.status_code == 200 for one in open_now)

    wait_until(are_free, seconds=30)


@pytest.mark.usefixtures("free_streams")
def test_a_stream_says_that_it_lives_and_gives_its_room_back(house, admin):
    for _ in range(3):  # more than may be open at once
        answer = admin.get("/tablero/vivo", buffered=False)
        assert answer.status_code == 200 and answer.mimetype == "text/event-stream"
        assert next(iter(answer.response)).startswith(b"retry: ")
        answer.close()


@pytest.mark.usefixtures("free_streams")
def test_who_finds_no_room_for_a_stream_is_told_to_ask_later(house, admin):
    open_now = [admin.get("/tablero/vivo", buffered=False) for _ in range(2)]
    try:
        assert admin.get("/tablero/vivo").status_code == 503
    finally:
        for one in open_now:
            one.close()


def test_counting_the_same_again_is_no_change_and_a_new_figure_is(house, clerk):
    clerk.filed()
    counted(house)
    known = stream._mark(house.engine)
    counted(house)
    assert stream._mark(house.engine) == known
    clerk.filed()
    filed = stream._mark(house.engine)
    counted(house)
    assert len({known, filed, stream._mark(house.engine)}) == 3


def test_anything_printed_on_a_cargo_finds_its_leg(house, admin, clerk):
    number = clerk.filed()
    filing, _, (leg,) = house.filing(number)
    house.say(leg.cuo)
    house.say(leg.cuo, NewsKind.REGISTERED, registry_number="R-90417", registry_year="2026")
    code = filing.verification_code
    printed = (number, leg.cuo, "R-90417", code, code.replace("-", "").lower(),
               f"{filing.entry_sequence:05d}-{filing.entry_year}")  # fmt: skip
    for one in printed:
        assert f"/envios/{leg.cuo}" in admin.get(f"/envios?texto={one}").text, one
    assert f"/envios/{leg.cuo}" not in admin.get("/envios?texto=0000-0000-0000-0000").text


def test_how_long_it_takes_to_file_is_known_from_the_form(house, clerk):
    opened = re.search(r'name="began" value="([^"]+)"', clerk.get("/mesa-de-partes/recepcion").text)[1]
    filing, _, _ = house.filing(clerk.filed(began=opened))
    assert filing.began_at.isoformat() == opened and filing.began_at < filing.presented_at
    for odd in ("", "ayer", "2019-01-01T00:00:00+00:00", "2999-01-01T00:00:00+00:00", "2026-11-20T10:00:00"):
        assert house.filing(clerk.filed(began=odd, subject=f"Otro asunto {odd}"))[0].began_at is None


@pytest.mark.parametrize(("begins", "lasts"), [("opened_at", "open_until"), ("maintenance_from", "maintenance_until")])
def test_an_open_screen_hears_of_what_time_alone_changes(house, begins, lasts):
    """A breaker that lets one message through again, a window that is over."""
    body, marks = house.directory.entity("senamhi").id, []

    def put(since, until):
        with house.session() as session:
            state = session.get_one(InstitutionState, body)
            setattr(state, begins, since)
            setattr(state, lasts, until)
            session.commit()

    put(now(), now() + timedelta(seconds=1))
    try:
        marks.append(stream._mark(house.engine))
        wait_until(lambda: stream._mark(house.engine) not in marks, seconds=10)
    finally:
        put(None, None)
