"""A workbook that goes out while it is written: what a spreadsheet reads in it, and what it costs in memory."""

import io
import tracemalloc
from datetime import date, datetime, timezone
from zipfile import ZipFile

from lxml import etree

from hub.core.cells import csv_of, csv_pieces
from hub.core.workbook import xlsx

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
AT = datetime(2026, 11, 20, 21, 20, 5, tzinfo=timezone.utc)


def opened(pieces):
    with ZipFile(io.BytesIO(b"".join(pieces))) as archive:
        assert archive.testzip() is None
        return {name: etree.fromstring(archive.read(name)) for name in archive.namelist()}


def cells(pieces):
    sheet = opened(pieces)["xl/worksheets/sheet1.xml"]
    return {cell.get("r"): ("".join(cell.itertext()), cell.get("t"), cell.get("s")) for cell in sheet.iter(f"{MAIN}c")}


def test_each_kind_of_value_is_what_it_is():
    found = cells(xlsx("Hoja", ("A", "B", "C", "D"), [("Ñahui <&> S.A.", 7, AT, date(2026, 11, 20)), (None, "", 1.5)]))
    assert found["A1"] == ("A", "inlineStr", "3")
    assert found["A2"] == ("Ñahui <&> S.A.", "inlineStr", "0")
    assert found["B2"] == ("7", None, None)
    assert found["C2"][0].startswith("46346.680")  # 16:20:05 in Lima
    assert found["D2"] == ("46346", None, "2")
    assert "A3" not in found and "B3" not in found and found["C3"][0] == "1.5"


def test_a_text_is_never_a_formula_nor_breaks_the_file():
    nasty = ("=1+1", "+1", "@SUM(A1)", "\x00\x0b\ud800 x", "a" * 40_000)
    found = cells(xlsx("Hoja", ("A",) * 5, [nasty]))
    assert {kind for _, kind, _ in found.values()} == {"inlineStr"}
    assert (found["A2"][0], found["D2"][0], len(found["E2"][0])) == ("=1+1", " x", 32_767)


def test_every_part_is_named_and_the_sheet_keeps_its_name_and_widths():
    parts = opened(xlsx('Mis "trámites" & más', ("A", "B"), [], (10, 20)))
    [sheet] = parts["xl/workbook.xml"].iter(f"{MAIN}sheet")
    assert sheet.get("name") == 'Mis "trámites" & más'
    assert [one.get("width") for one in parts["xl/worksheets/sheet1.xml"].iter(f"{MAIN}col")] == ["10", "20"]
    kinds = {one.get("PartName") for one in parts["[Content_Types].xml"]} - {None}
    assert kinds == {f"/{name}" for name in parts if name.startswith("xl/") and not name.endswith(".rels")}


def test_thousands_of_rows_go_out_in_little_memory():
    rows = ((f"2026-{number:07d}-1", AT, "Pide los registros del sismo de Lomas " * 3) for number in range(20_000))
    tracemalloc.start()
    biggest = max(len(piece) for piece in xlsx("Hoja", ("A", "B", "C"), rows))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert biggest < 1024 * 1024 and peak < 4 * 1024 * 1024


def test_a_csv_in_pieces_is_the_same_csv():
    rows = [(f"=fila {number}", AT, None) for number in range(5_000)]
    pieces = list(csv_pieces(("A", "B", "C"), rows))
    assert len(pieces) > 2 and "".join(pieces) == csv_of(("A", "B", "C"), rows)
