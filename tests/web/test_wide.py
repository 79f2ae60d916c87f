"""A sector of many institutions: its pages stay small and cheap; and who left the sector is not forgotten."""

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import event, insert

from hub.clock import now
from hub.core.calendar import local_date
from hub.extensions import db
from hub.figures.counting import midnight
from hub.models import BoardFlow, BoardSpan, Comparison, Difference, InstitutionState
from tests.directory import ENTITIES
from tests.fixtures.house import ADMIN, make_house
from tests.web.reading import text_of

WIDE = 150
BODY = """
  - code: b{n}
    ruc: "{ruc}"
    verified: false
    acronym: B{n}
    name: Institución {n}
    kind: executing_body
    counters: [{{code: principal, name: Sede central, place: Lima, ubigeo: "150100", principal: true}}]
    adapter: {{kind: hosted}}
    data_officer: {{name: PERSONA DE DEMOSTRACIÓN, email: datos@b{n}.example, demo: true}}
    retention_class: CORRESPONDENCIA-DEMO
    {left}
"""


def ruc(n):
    stem = f"206{n:07}"
    total = sum(weight * int(digit) for weight, digit in zip((5, 4, 3, 2, 7, 6, 5, 4, 3, 2), stem, strict=True))
    return f"{stem}{(11 - total % 11) % 10}"


@pytest.fixture(scope="module")
def wide(make_database, migrated_template, tmp_path_factory):
    """The demonstration's sector and WIDE bodies more; the last of them left yesterday."""
    data = tmp_path_factory.mktemp("wide")
    head, _, rest = ENTITIES.read_text("utf-8").partition("\nagreements:")
    left = f"left_on: {local_date(now()) - timedelta(days=1)}"
    bodies = "".join(BODY.format(n=n, ruc=ruc(n), left=left if n == WIDE else "") for n in range(1, WIDE + 1))
    file = data / "entities.yaml"
    file.write_text(f"{head}{bodies}\nagreements:{rest}", "utf-8")
    built = make_house(make_database(migrated_template), data, "http://127.0.0.1", file)
    yield built
    built.services.live_directory.stop()
    built.engine.dispose()


@pytest.fixture(scope="module")
def admin(wide):
    return wide.signed_in(ADMIN)


def test_a_body_that_left_while_it_was_paused_is_taken_up_again(wide, admin):
    body, place = wide.directory.entity(f"b{WIDE}"), f"/tablero/instituciones/b{WIDE}"
    with wide.session() as session:
        state = session.get_one(InstitutionState, body.id)
        state.paused_at, state.paused_reason = now(), "Investigan un incidente"
        session.commit()
    page = admin.get(place)
    assert "Hoy no recibe documentos" in page.text and "Investigan un incidente" in page.text
    assert f'action="{place}/pausa/fin"' in page.text and f'action="{place}/pausa"' not in page.text
    assert admin.post(f"{place}/pausa/fin", {}).status_code == 303
    assert "Investigan un incidente" not in text_of(admin.get(place).text)


@pytest.fixture(scope="module")
def crowded(wide):
    """Five bodies filed to from each body's counter, as the worker counted them."""
    bodies, chance, start = [one.id for one in wide.directory.entities], Random(1), midnight(now())
    counted = dict.fromkeys(("from_outside", "pages", "handed_over", "same_day", "within_day", "registered"), 9)
    rows = {(origin, chance.choice(bodies)): chance.randint(1, 90) for origin in bodies for _ in range(5)}
    with wide.session() as session:
        session.add(BoardSpan(start=start, until=start + timedelta(days=1), counted_at=now()))
        session.flush()
        session.execute(insert(BoardFlow), [
            counted | {"start": start, "channel": "counter", "origin_id": origin, "counter_code": "principal",
                       "destination_id": body, "filings": filings} for (origin, body), filings in rows.items()
        ])  # fmt: skip
        session.commit()
    return rows


def test_the_first_screen_of_a_wide_sector_is_small_and_its_list_is_paged(crowded, admin):
    first = admin.get("/tablero")
    assert first.status_code == 200 and len(first.data) < 250_000
    said = text_of(first.text)
    assert "Solo en la planilla:" in said and "instituciones más" in said
    last = "/tablero/instituciones/b99\""
    assert last not in first.text and last in admin.get("/tablero?pagina=3").text
    assert admin.get("/tablero?pagina=999").status_code == 200


def test_what_was_chosen_is_drawn_however_little_it_is(wide, crowded, admin):
    quietest = min(crowded, key=crowded.get)
    code = {one.id: one.code for one in wide.directory.entities}[quietest[1]]
    page = admin.get(f"/tablero?institucion={code}").text
    assert "mesa-flow__node--chosen" in page


@pytest.fixture(scope="module")
def compared(wide):
    """Each body was compared once; one of them differs, and another is being compared."""
    with wide.session() as session:
        for one in wide.directory.entities:
            ended, differing = None if one.code == "b9" else now(), int(one.code == "b7")
            session.add(Comparison(entity_id=one.id, asked_at=now(), started_at=now(), finished_at=ended, equal=1,
                                   differing=differing))  # fmt: skip
        body = wide.directory.entity("b7").id
        for number in range(250):
            session.add(Difference(entity_id=body, cuo=f"77{number:08}", kind="unknown", theirs="held", found_at=now(),
                                   seen_at=now(), explained_at=now() if number < 249 else None))  # fmt: skip
        session.commit()


def test_the_differences_of_a_wide_sector_are_read_with_few_questions(wide, compared, admin):
    asked = []

    def note(connection, cursor, statement, *rest):
        asked.append(statement)

    with wide.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    page = admin.get("/tablero/diferencias")
    event.remove(engine, "before_cursor_execute", note)
    said = text_of(page.text)
    assert page.status_code == 200 and len(asked) < 30
    assert "7700000249" in said, "what waits comes before what is explained"
    assert "Se muestran las más antiguas de 250" in said
    rows = said.split("La última comparación")[-1]
    assert rows.index("B9") < rows.index("B7") and "instituciones más están en la página" in said
