"""Mis trámites: the form knows who is signed in; the tray shows one's own and nobody else's, and gives it away."""

import csv
import io
import re
from zipfile import ZipFile

import pytest
from lxml import etree
from sqlalchemy import select

from hub.core.identifiers import tracking_key
from hub.core.statuses import Author
from hub.models import Event, Notice
from tests.fixtures.house import OFFICER, a_pdf
from tests.web.account import COMPANY, Holder
from tests.web.citizen import DOCUMENT, DRAFT, PERSON, Filer
from tests.web.reading import beside, on_top, text_of
from tests.web.test_casilla import make_answered

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LATER = "2199-12-31"


@pytest.fixture(scope="session")
def officer(house):
    return house.signed_in(OFFICER)


@pytest.fixture(scope="module")
def ana(house):
    """An account with two filings, to IGP and to SERNANP."""
    holder = Holder(house).opens(phone="987654321")
    holder.numbers = [files(holder), files(holder, "sernanp", subject="=Pide una copia", document_number="Carta 12-A")]
    return holder


def files(holder, code="igp", **typed):
    """By the online form, signed in: who and how to be found are known."""
    holder.begins(code).says("para-que", purpose="general")
    assert holder.at == f"{DRAFT}/documento"
    holder.says("documento", **DOCUMENT | typed).attaches(("solicitud.pdf", a_pdf()))
    assert holder.sends(accepts_notification="si").status_code == 303
    page = holder.get(holder.at).text
    holder.send("/presentar/otro", {})
    return re.search(r"\d{4}-\d{7}-\d", text_of(page))[0]


def listed(page):
    return re.findall(r"\d{4}-\d{7}-\d", " ".join(re.findall(r'href="/mis-tramites/(\d[^"]*)"', page)))


def key(house, number):
    return tracking_key(house.services.tracking_secret, number, 1)


class TestForm:
    def test_it_knows_who_is_signed_in_and_the_filing_carries_the_account(self, house, ana):
        filing, _, _ = house.filing(ana.numbers[0])
        assert filing.account_id == ana.account.id
        known = (filing.filer.names, filing.filer.document_number, filing.filer.email, filing.filer.phone)
        assert known == ("Quispe Ñahui, Ana", "10117410", ana.email, "987654321")
        assert filing.accepts_notification

    def test_a_company_files_with_its_data_filled_in(self, house):
        holder = Holder(house).opens(**COMPANY)
        filing, _, _ = house.filing(files(holder))
        assert (filing.filer.ruc, filing.filer.names) == ("20131367008", "Quispe Ñahui, Ana")

    def test_a_draft_follows_its_account_to_another_device_and_nobody_else_sees_it(self, house):
        holder = Holder(house).opens()
        holder.begins().says("para-que", purpose="general").says("documento", **DOCUMENT | {"subject": "Sigue luego"})
        phone = Holder(house, holder.email)
        phone.comes_in()
        assert "Sigue luego" in phone.get(f"{DRAFT}/documento").text
        phone.attaches(("a.pdf", a_pdf()))
        assert phone.sends().status_code == 303
        assert "tus trámites" in phone.get("/presentar/listo").text
        stranger, cookie = Filer(house), holder.visitor.client.get_cookie("borrador", path="/presentar")
        stranger.visitor.client.set_cookie("borrador", cookie.value, path="/presentar")
        assert stranger.get(f"{DRAFT}/revisar").location.startswith("/cuenta/ingresar?next=")
        other = Holder(house).opens()
        other.visitor.client.set_cookie("borrador", cookie.value, path="/presentar")
        assert "sin-borrador" in other.get(f"{DRAFT}/documento").location

    def test_what_was_begun_before_signing_in_is_gone_on_with_unless_it_names_another(self, house):
        for number, is_joined in (("", True), ("40117410", False)):
            holder = Holder(house)
            holder.begins().says("para-que", purpose="general")
            if number:
                holder.says("quien", **PERSON | {"document_number_of_person": number})
            cookie = holder.visitor.client.get_cookie("borrador", path="/presentar").value
            holder.opens()
            holder.visitor.client.set_cookie("borrador", cookie, path="/presentar")
            assert ("guardado en tu cuenta" in holder.get(DRAFT).text) is is_joined


class TestList:
    def test_one_sees_ones_own_newest_first_and_nobody_elses(self, house, ana):
        assert listed(ana.get("/mis-tramites").text) == ana.numbers[::-1]
        other = Holder(house).opens()
        assert listed(other.get("/mis-tramites").text) == []
        filing, [document], _ = house.filing(ana.numbers[0])
        for path in ("", "/constancia.pdf", f"/archivos/{document.id}"):
            assert other.get(f"/mis-tramites/{filing.filing_number}{path}").status_code == 404
            assert ana.get(f"/mis-tramites/{filing.filing_number}{path}").status_code == 200

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ("institucion=igp", [0]), ("institucion=nadie", [1, 0]), ("estado=on_its_way", [1, 0]),
            ("estado=closed", []), ("asunto=PIDE%20UNA", [1]), ("documento=carta", [1]), ("expediente=zz", []),
            ("asunto=%25", []), (f"desde={LATER}", []), (f"hasta={LATER}", [1, 0]), ("pagina=9", [1, 0]),
        ],
    )  # fmt: skip
    def test_each_filter_narrows(self, ana, asked, found):
        assert listed(ana.get(f"/mis-tramites?{asked}").text) == [ana.numbers[one] for one in found]

    def test_by_number_and_by_what_the_destination_gave_it(self, house, ana):
        number = ana.numbers[0]
        assert listed(ana.get(f"/mis-tramites?numero={number[5:12]}").text) == [number]
        with house.session() as session:
            leg = session.merge(house.leg(number))
            leg.expediente_number = "EXP-77-2026"
            session.commit()
        assert listed(ana.get("/mis-tramites?expediente=exp-77").text) == [number]

    def test_a_day_that_is_none_is_said(self, ana):
        assert "fecha completa" in beside(ana.get("/mis-tramites?desde=ayer").text, "desde")


class TestExport:
    def test_as_csv_with_safe_cells(self, ana):
        answer = ana.get("/mis-tramites/tramites.csv")
        assert answer.headers["Content-Disposition"].startswith('attachment; filename="mis-tramites-')
        header, *rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
        assert (header[0], len(rows)) == ("Número de trámite", 2)
        assert [row[0] for row in rows] == ana.numbers[::-1]
        assert rows[0][6] == "'=Pide una copia"

    def test_as_excel_with_the_same_filters(self, ana):
        answer = ana.get("/mis-tramites/tramites.xlsx?institucion=sernanp")
        with ZipFile(io.BytesIO(answer.data)) as archive:
            assert archive.testzip() is None
            sheet = etree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
        lines = [["".join(cell.itertext()) for cell in row] for row in sheet.iter(f"{SHEET}row")]
        assert [line[0] for line in lines] == ["Número de trámite", ana.numbers[1]]
        assert "=Pide una copia" in lines[1] and not list(sheet.iter(f"{SHEET}f"))


class TestJoining:
    def test_an_earlier_filing_joins_by_its_key(self, house):
        holder = Holder(house)
        before = Filer(house).fills(email=holder.email)
        before.sends()
        number = re.search(r"\d{4}-\d{7}-\d", text_of(before.get(before.at).text))[0]
        holder.opens()
        assert listed(holder.get("/mis-tramites").text) == []
        wrong = holder.send("/mis-tramites/sumar", {"filing_number": number, "tracking_key": "ZZZZZZZZ"})
        assert wrong.status_code == 422
        typed = {"filing_number": number, "tracking_key": key(house, number)}
        assert holder.send("/mis-tramites/sumar", typed).location == f"/mis-tramites/{number}?aviso=sumado"
        assert listed(holder.get("/mis-tramites").text) == [number]
        holder.send("/cuenta/cerrar", {"confirmed": "si"})
        again = Holder(house, holder.email).opens()
        for _ in range(2):
            assert again.send("/mis-tramites/sumar", typed).status_code == 303
        with house.session() as session:
            told = select(Event.author).where(Event.kind == "joined", Event.filing_id == house.filing(number)[0].id)
            assert session.scalars(told).all() == [Author.FILER] * 2  # once into each account

    @pytest.mark.parametrize("changed", [{"email": "otra@ejemplo.pe"}, {"document_number_of_person": "40117410"}])
    def test_one_of_another_person_or_address_does_not(self, house, clerk, changed):
        holder = Holder(house).opens()
        number = clerk.filed(**{"email": holder.email} | changed)
        typed = {"filing_number": number, "tracking_key": key(house, number)}
        answer = holder.send("/mis-tramites/sumar", typed)
        assert answer.status_code == 422 and "no son los de tu cuenta" in on_top(answer.text)[0]

    def test_one_in_another_tray_stays_there(self, house, ana):
        other = Holder(house).opens()
        with house.session() as session:
            filing = session.merge(house.filing(ana.numbers[0])[0])
            kept, filing.filer.email = filing.filer.email, other.email
            session.commit()
            typed = {"filing_number": ana.numbers[0], "tracking_key": key(house, ana.numbers[0])}
            assert other.send("/mis-tramites/sumar", typed).status_code == 422
            filing.filer.email = kept
            session.commit()


class TestNotices:
    @pytest.fixture
    def notified(self, house, clerk, officer):
        """An account whose filing was answered: (holder, number, notice, bytes)."""
        holder = Holder(house).opens()
        mail = {"email": holder.email, "accepts_notification": "si"}
        number, code, notice, content = make_answered(house, clerk, officer, **mail)
        holder.send("/mis-tramites/sumar", {"filing_number": number, "tracking_key": key(house, number)})
        with holder.visitor.client.session_transaction() as session:
            session.pop("tramites")  # the key given in this browser is forgotten: the account is enough
        return holder, number, f"/casilla/{code}/{notice.id}", notice, content

    def test_opening_through_the_account_counts_as_opened(self, house, notified):
        holder, number, path, notice, content = notified
        assert "1 notificación sin abrir" in text_of(holder.get("/mis-tramites").text)
        page = text_of(holder.get("/mis-tramites/casilla").text)
        assert number in page and "Sin abrir" in page
        with house.session() as session:
            assert session.get_one(Notice, notice.id).opened_at is None  # a list opens nothing
        assert "Quedaste notificado" in text_of(holder.get(path).text)
        assert holder.get(f"{path}/documento").data == content
        with house.session() as session:
            opened = session.get_one(Notice, notice.id)
            assert (opened.notified_how, opened.opened_at is None) == ("opened", False)
        assert "Abierta Descargar" in text_of(holder.get("/mis-tramites/casilla").text)

    def test_they_are_searched_and_nobody_else_sees_them(self, house, notified):
        holder, number, path, notice, _ = notified
        for asked, is_found in (("texto=carta", True), (f"texto={number}", True), ("texto=zzz", False),
                                ("sin_leer=si", True)):  # fmt: skip
            assert (notice.subject in holder.get(f"/mis-tramites/casilla?{asked}").text) is is_found, asked
        other = Holder(house).opens()
        assert notice.subject not in other.get("/mis-tramites/casilla").text
        assert other.get(path).location == path.rpartition("/")[0]
        with house.session() as session:
            assert session.get_one(Notice, notice.id).opened_at is None
