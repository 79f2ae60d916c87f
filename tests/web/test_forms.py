"""A form keeps what was typed, and says each problem beside its field."""

from hub.core.errors import Problem
from hub.web.custody_fields import keep
from hub.web.fields import find_filing, new_filing, resolve_parked
from hub.web.forms import Choice, Form
from hub.web.observing_fields import observe
from tests.web.bare import page

BODIES = (Choice("igp", "IGP – Instituto Geofísico del Perú"),)


def test_what_was_typed_stays_without_blanks_at_the_ends_and_without_nul():
    form = find_filing().read({"filing_number": "  2026-0001234-6\x00 "})
    assert form.values() == {"filing_number": "2026-0001234-6", "tracking_key": ""}


def test_a_problem_of_no_field_goes_to_the_top_and_is_not_lost():
    problems = [Problem("form", "TOO_MANY_TRIES"), Problem("tracking_key", "TRACKING_NOT_FOUND")]
    form = find_filing().with_problems(problems)
    assert len(form.general_problems) == 1
    assert form["tracking_key"].problem.startswith("No encontramos")


def test_the_clerk_reads_every_problem_at_the_top_and_beside_its_field():
    typed = {"document_kind": "dni", "document_number_of_person": "1234567", "subject": "Pide <b>algo</b>"}
    problems = [
        Problem("document_number_of_person", "DNI_LENGTH"),
        Problem("main_document", "FILE_NOT_PDF", {"name": "<script>alert(1)</script>.jpg"}),
    ]
    form = Form((*new_filing(BODIES).fields, *observe(), *keep())).read(typed).with_problems(problems)
    html = page("counter/new_filing.html", form=form, form_token="x", counter="Sede central")
    assert "Hay un problema" in html
    assert 'href="#document_number_of_person"' in html
    assert html.count("El DNI tiene 8 dígitos") == 2
    assert "&lt;script&gt;" in html and "<script>alert" not in html
    assert "Pide &lt;b&gt;algo&lt;/b&gt;" in html
    assert "<title>Error: Recibir un documento" in html


def test_the_same_form_twice_on_a_page_has_ids_of_its_own():
    first, second = resolve_parked(1), resolve_parked(2)
    assert first["reason"].id != second["reason"].id
    assert first["reason"].name == second["reason"].name
