"""The registers and the reports on screen: whose book, which lines, what is printed and what a spreadsheet gets."""

import csv
from datetime import date
from io import BytesIO, StringIO

import pikepdf
import pytest

from hub.clock import now
from hub.core.calendar import local_date
from tests.fixtures.house import ADMIN, AUDITOR, IGP_CLERK, OFFICER

SPITEFUL = '=HYPERLINK("http://malo.example";"ver")'


@pytest.fixture(scope="module")
def number(house, clerk):
    """A filing that SERNANP's counter took for IGP, its subject a formula."""
    return clerk.filed(destination="igp", subject=SPITEFUL, names="Quispe Ñahui, Ana")


@pytest.fixture(scope="module")
def admin(house):
    return house.signed_in(ADMIN)


def rows_of(text):
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))


def test_a_clerk_reads_what_their_counter_took_today(clerk, number):
    page = clerk.get("/registro").text
    assert number in page and "Ñahui," in page
    assert "10117410" not in page and "*****410" in page
    assert "está completo, sin saltos" in page


@pytest.mark.parametrize("path", ["/registro", "/registro/imprimir.pdf", "/registro/planilla.csv"])
def test_nobody_opens_the_book_of_another_body(house, number, path):
    assert house.signed_in(IGP_CLERK).get(f"{path}?institucion=sernanp").status_code == 404


REPORTS = ["/registro", "/informes", "/informes/sgtd.pdf", "/informes/sgtd.csv", "/informes/gob-pe"]


@pytest.mark.parametrize("path", REPORTS)
def test_who_has_no_part_in_the_book_is_kept_out(house, path):
    assert house.signed_in(OFFICER).get(path).status_code == 403


def test_a_clerk_does_not_report_to_the_sgtd(clerk):
    assert clerk.get("/informes").status_code == 403


@pytest.mark.parametrize("email", [ADMIN, AUDITOR])
def test_who_runs_or_audits_the_sector_chooses_the_body(house, number, email):
    page = house.signed_in(email).get("/registro?institucion=sernanp").text
    assert number in page and 'name="institucion"' in page


def test_the_spreadsheet_runs_nothing(clerk, number):
    answer = clerk.get("/registro/planilla.csv")
    row = next(row for row in rows_of(answer.text) if row["Trámite"] == number)
    assert row["Asunto"] == f"'{SPITEFUL}"
    assert "attachment" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("book", ["entradas", "salidas"])
def test_a_day_is_printed(clerk, number, book):
    answer = clerk.get(f"/registro/imprimir.pdf?libro={book}")
    assert answer.mimetype == "application/pdf"
    with pikepdf.open(BytesIO(answer.data)) as pdf:
        assert str(pdf.docinfo["/Title"]).startswith(f"Registro de {book}")


def test_another_day_is_empty(clerk, number):
    page = clerk.get("/registro?dia=2020-01-02").text
    assert number not in page and "Sin movimientos ese día. El correlativo" in page and ".." not in page


def test_a_day_that_is_none_is_today(clerk, number):
    assert number in clerk.get("/registro?dia=ayer").text


def test_a_report_has_its_figures_and_its_blanks(admin, number):
    month = f"{local_date(now()):%Y-%m}"
    page = admin.get(f"/informes?institucion=igp&mes={month}").text
    assert "Instituto Geofísico del Perú" in page
    row = next(row for row in rows_of(admin.get(f"/informes/sgtd.csv?institucion=igp&mes={month}").text)
               if row["mes"] == month)  # fmt: skip
    assert int(row["presentados"]) >= 1 and row["ruc"] == "20131367008"


def test_the_draft_of_the_oficio_is_a_pdf(admin):
    answer = admin.get("/informes/sgtd.pdf?institucion=igp")
    with pikepdf.open(BytesIO(answer.data)) as pdf:
        assert "borrador" not in str(pdf.docinfo["/Title"]) and len(pdf.pages) >= 1


def test_the_text_for_gob_pe_is_shown(admin):
    page = admin.get("/informes/gob-pe?institucion=igp").text
    assert "Hazlo de forma digital" in page and "Hazlo en 1 paso" in page


def test_a_month_that_is_none_is_the_running_one(admin):
    today = local_date(now())
    assert f"{date(today.year, today.month, 1):%m/%Y}" in admin.get("/informes?institucion=igp&mes=nada").text
