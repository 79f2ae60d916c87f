"""Every answer is guarded; every page is Spanish."""

import json
import re

import pytest

from hub.alarms import Alarms
from hub.core.statuses import DeliveryStatus, FilingStatus
from hub.quarantine import Standing
from hub.web.custody_fields import keep
from hub.web.errors import PAGES
from hub.web.fields import board_filters, find_filing, new_filing, sign_in
from hub.web.forms import Form
from hub.web.look import STATIC, as_text, size
from hub.web.observing_fields import observe
from hub.web.timeline import of_track
from tests.web.bare import bare_app, line, page, track

ENGLISH = re.compile(
    r">\s*(Back|Menu|Error|Success|Important|Warning|Show|Hide|Previous|Next|Contents|Search|Skip to main)\s*[:<]"
    r"|Page \d|GOV\.UK -|There is a problem|aria-label=\"(Breadcrumb|Pagination|Service information|Menu|Page)"
)


def _pages():
    yield "citizen/find.html", {"form": find_filing()}
    yield "citizen/home.html", {"bodies": ("IGP", "SENACE")}
    yield "auth/sign_in.html", {"form": sign_in(), "next": ""}
    asked = Form((*new_filing(()).fields, *observe(), *keep()))
    yield "counter/new_filing.html", {"form": asked, "form_token": "x", "counter": "Sede central"}
    for status in FilingStatus:
        shown = track(status, line("sent", 1), line("registered", 2, late=42, unit="Trámite"))
        yield "citizen/track.html", {"track": shown, "lines": of_track(shown), "code": "ABCD-EFGH-JKMN-PQRS"}
    board = type("Board", (), {"rows": (), "total": 0, "page": 1, "pages": 1, "most": 10})
    figures = tuple((status, 3) for status in DeliveryStatus)
    values = {"form": board_filters(()), "figures": figures, "parked": 0, "board": board, "alarms": Alarms()}
    values |= {"has_antivirus": False, "standing": Standing(2, ())}
    yield "sector/board.html", values
    yield from ((f"errors/{code}.html", {}) for code in PAGES)


@pytest.mark.parametrize(("template", "values"), list(_pages()))
def test_a_page_is_in_spanish_and_whole(template, values):
    html = page(template, **values)
    assert '<html lang="es-PE"' in html
    assert "Ir al contenido principal" in html
    assert not ENGLISH.search(html)
    assert "%(" not in html
    assert re.search(r"<h1[^>]*>\s*\S", html)


def test_only_a_script_with_this_answers_nonce_may_run():
    client = bare_app().test_client()
    first, second = client.get("/seguimiento-no-existe"), client.get("/seguimiento-no-existe")
    policy = first.headers["Content-Security-Policy"]
    nonce = re.search(r"'nonce-([^']+)'", policy)[1]
    assert f'nonce="{nonce}"' in first.get_data(as_text=True)
    assert "unsafe" not in policy
    for rule in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
        assert rule in policy.split("; ")
    assert policy != second.headers["Content-Security-Policy"]


def test_no_page_carries_a_style_or_a_handler_inside():
    html = page("citizen/track.html", track=(shown := track(FilingStatus.OBSERVED)), lines=of_track(shown))
    assert not re.search(r"\sstyle=|\son[a-z]+=|javascript:", html)


def test_a_private_answer_is_not_kept_and_a_built_file_is_kept_for_ever():
    client = bare_app().test_client()
    names = json.loads((STATIC / "manifest.json").read_text("utf-8"))
    assert client.get("/seguimiento").headers["Cache-Control"] == "no-store"
    for name in names.values():
        assert "immutable" in client.get(f"/static/{name}").headers["Cache-Control"]
    assert "immutable" not in client.get("/static/mark.svg").headers["Cache-Control"]


def test_the_browser_is_told_to_stay_on_https_only_over_https():
    client = bare_app().test_client()
    assert "Strict-Transport-Security" not in client.get("/seguimiento").headers
    assert "Strict-Transport-Security" in client.get("/seguimiento", base_url="https://mesa.pe").headers


def test_an_unforeseen_error_is_a_page_without_a_trace():
    answer = bare_app().test_client().get("/boom")
    assert answer.status_code == 500
    assert "Algo falló de nuestro lado" in answer.get_data(as_text=True)
    assert "nobody foresaw" not in answer.get_data(as_text=True)


def test_a_form_from_elsewhere_is_refused_with_a_way_on():
    answer = bare_app().test_client().post("/post", data={"x": "1"})
    assert answer.status_code == 400
    assert "Enviar otra vez" in answer.get_data(as_text=True)


def test_nothing_of_another_government_is_shipped():
    shipped = "".join(path.read_text("utf-8") for path in STATIC.iterdir())
    assert not re.search(r"GDS Transport|crest|url\((?!data:)", shipped)


def test_bytes_and_answers_are_shown_as_people_read_them():
    assert [size(n) for n in (12, 562_470, 3_100_000, 2_900_000_000)] == ["12 bytes", "562.47 kB", "3.10 MB", "2.90 GB"]
    assert as_text(b"\xff<Cargo/>") == "\ufffd<Cargo/>"
    assert len(as_text(b"x" * 5_000_000)) < 101_000
