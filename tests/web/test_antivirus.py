"""A virus among the files of people: refused by name, and the rest kept; without an antivirus, that is said."""

from dataclasses import replace
from io import BytesIO
from types import SimpleNamespace

import pytest
from sqlalchemy.orm import Session, sessionmaker

from adapters.antivirus import Clamd
from hub.app import create_app
from hub.clock import now
from hub.models import FileScan, Filing
from hub.scanning import scan_unchecked
from tests.fixtures.clamd import EICAR, LIMIT
from tests.fixtures.house import ADMIN, CLERK, OFFICER, House, a_pdf
from tests.fixtures.http import serving
from tests.web.citizen import DRAFT, Filer
from tests.web.reading import text_of
from tests.web.test_filing_pieces import Sender

SAID = "«datos.bin» tiene un virus (Prueba.Eicar) y no lo guardamos"


@pytest.fixture(scope="module")
def guarded(house, clamd):
    """The house with an antivirus at its door."""
    app = create_app(replace(house.services.settings, clamav=clamd.address))
    yield House(app, house.engine, house.data)
    app.extensions["mesa"].live_directory.stop()


@pytest.fixture(scope="module")
def abandoned(house):
    """The same, whose antivirus does not answer."""
    app = create_app(replace(house.services.settings, clamav="/no/hay/nadie.sock"))
    yield House(app, house.engine, house.data)
    app.extensions["mesa"].live_directory.stop()


def test_online_an_infected_annex_is_named_and_the_rest_stays(guarded):
    filer, stored = Filer(guarded).fills(), guarded.stored()
    answer = filer.attaches(annexes=[("datos.bin", EICAR), ("plano.txt", b"lugar del plano")])
    assert answer.status_code == 422 and SAID in text_of(answer.text)
    page = text_of(filer.get(f"{DRAFT}/archivos").text)
    assert "plano.txt" in page and "solicitud.pdf" in page and "datos.bin" not in page
    assert len(guarded.stored() - stored) == 1
    assert filer.sends().status_code == 303


def test_a_file_in_pieces_is_looked_through_when_it_is_whole(guarded):
    stored = guarded.stored()
    with serving(guarded.app) as url:
        sender = Sender(url)
        path = sender.begin("datos.bin", 300_000 + len(EICAR)).headers["Location"]
        assert sender.piece(path, 0, bytes(300_000)).status_code == 204
        refused = sender.piece(path, 300_000, EICAR)
    assert refused.status_code == 422 and SAID in refused.text and guarded.stored() == stored


def test_the_counter_is_told_which_file_and_keeps_the_form(guarded):
    clerk, stored, filings = guarded.signed_in(CLERK), guarded.stored(), guarded.count()
    answer = clerk.file(annexes=[("datos.bin", EICAR)], subject="Pide copia de un plano")
    assert answer.status_code == 422 and SAID in text_of(answer.text) and "Pide copia de un plano" in answer.text
    assert (guarded.stored(), guarded.count()) == (stored, filings)


def test_an_officer_notifies_nothing_infected(guarded):
    clerk, officer = guarded.signed_in(CLERK), guarded.signed_in(OFFICER)
    cuo = _registered(guarded, clerk)
    form = {"act_subject": "Resolución", "issued_on": "", "act_document": (BytesIO(a_pdf() + EICAR), "datos.bin")}
    answer = officer.post(f"/bandeja/{cuo}/notificar", form, content_type="multipart/form-data")
    assert answer.status_code == 422 and SAID in text_of(answer.text)


def _registered(house, clerk):
    cuo = house.leg(clerk.filed(destination="iiap", accepts_notification="si", email="ana@ejemplo.pe")).cuo
    house.say(cuo)
    return cuo


def test_what_the_antivirus_cannot_take_is_received_marked_and_found_later(guarded, abandoned, clamd):
    clerk, officer, admin = (abandoned.signed_in(email) for email in (CLERK, OFFICER, ADMIN))
    number = clerk.filed(destination="iiap", annexes=[("datos.bin", EICAR), ("mapa.txt", b"un mapa")])
    _, documents, _ = abandoned.filing(number)
    bad = next(one for one in documents if one.file_name == "datos.bin")
    leg = abandoned.leg(number)
    abandoned.say(leg.cuo)
    page = text_of(officer.get(f"/bandeja/{leg.cuo}").text)
    assert page.count("Sin revisar por el antivirus") == 3
    assert "se recibieron sin revisar" in text_of(admin.get("/envios").text)
    assert scan_unchecked(_tools(guarded, clamd)) >= 3
    page = text_of(officer.get(f"/bandeja/{leg.cuo}").text)
    assert "Sin revisar" not in page and page.count("En cuarentena: tiene un virus") == 1
    assert "Se halló un virus en un archivo" in page
    refused = officer.get(f"/bandeja/{leg.cuo}/documentos/{bad.id}")
    assert refused.status_code == 403 and "está en cuarentena" in text_of(refused.text)
    board = text_of(admin.get("/envios").text)
    assert "archivo en cuarentena" in board and number in board and "Sin antivirus" not in board
    again = guarded.signed_in(CLERK).file(annexes=[("otra.bin", EICAR)])
    assert again.status_code == 422


def _tools(house, clamd):
    return SimpleNamespace(
        sessions=sessionmaker(house.engine), clock=now, store=house.services.store, scanner=Clamd(clamd.address, 5, 5)
    )


def test_a_file_larger_than_the_antivirus_takes_is_received_and_waits(guarded):
    number = guarded.signed_in(CLERK).filed(annexes=[("grande.bin", bytes(LIMIT * 2))])
    _, documents, _ = guarded.filing(number)
    with Session(guarded.engine) as session:
        scans = {one.sha256: one.why for one in session.query(FileScan)}
        assert session.query(Filing).filter_by(filing_number=number).one()
    assert [scans.get(one.sha256) for one in documents] == [None, "too_large"]


def test_without_an_antivirus_the_board_says_so(house, guarded):
    assert "Sin antivirus: los archivos que llegan no se revisan" in text_of(house.signed_in(ADMIN).get("/envios").text)
    assert "Sin antivirus" not in text_of(guarded.signed_in(ADMIN).get("/envios").text)
