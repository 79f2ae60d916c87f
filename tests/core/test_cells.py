"""Cells of a spreadsheet that run nothing."""

import csv
from datetime import date, datetime, timezone
from io import StringIO

import pytest

from hub.core.cells import csv_of, safe_cell


@pytest.mark.parametrize("text", ["=1+1", "+51 999", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", " \n=1"[1:]])
def test_a_text_that_a_spreadsheet_would_run_is_held_back(text):
    assert safe_cell(text).startswith("'")


@pytest.mark.parametrize("text", ["Pide 1+1", "s/n", "", "Ñahui, Ana", "2026-0000001-5"])
def test_any_other_text_stays_as_it_is(text):
    assert safe_cell(text) == text


def test_instants_are_in_the_hour_of_peru_and_numbers_are_numbers():
    assert safe_cell(datetime(2026, 11, 21, 4, 59, 59, tzinfo=timezone.utc)) == "2026-11-20 23:59:59"
    assert [safe_cell(value) for value in (-3, 2.5, date(2026, 11, 20), None)] == ["-3", "2.5", "2026-11-20", ""]


def test_a_table_reads_back_with_its_commas_quotes_and_lines():
    text = csv_of(("a", "b"), [('di "sí", claro', "dos\nlíneas")])
    assert text.startswith("\ufeff")
    assert list(csv.reader(StringIO(text[1:]))) == [["a", "b"], ['di "sí", claro', "dos líneas"]]
