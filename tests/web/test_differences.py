"""Differences in the browser: who sees them, what is done about many at once, what is written down, comparing now."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from hub import differences, needing
from hub.clock import now
from hub.core.calendar import local_date
from hub.core.statuses import DeliveryStatus
from hub.figures.reading import Narrow
from hub.models import AuditEntry, BalanceRow, Comparison, Delivery, Difference, DifferenceAct, OutboundMessage
from tests.fixtures.house import ADMIN, AUDITOR
from tests.web.test_dashboard import stopped

PLACE = "/tablero/diferencias"


@pytest.fixture(scope="module")
def admin(house):
    return house.signed_in(ADMIN)


def lacking(house, clerk, kind="lacking"):
    """A leg that its institution says not to have; gives (CUO, number of the difference)."""
    leg = house.leg(clerk.filed())
    with house.session() as session:
        row = session.get_one(Delivery, leg.id)
        row.status, row.handed_out_at, row.sent_at = DeliveryStatus.SENT, now(), now()
        message = session.scalars(select(OutboundMessage).where(OutboundMessage.once == f"sobre:{leg.cuo}")).one()
        message.status = "done"
        found = Difference(entity_id=row.destination_id, cuo=leg.cuo, delivery_id=row.id, kind=kind, ours="sent",
                           theirs="", details={}, raw_digests=[], found_at=now(), seen_at=now())  # fmt: skip
        session.add(found)
        session.commit()
        return leg.cuo, str(found.id)


def mended(admin, remedy, *ids, reason="Llamé y restauran hoy"):
    form = {"remedio": remedy, "diferencia": list(ids), "paso": "hacer", "reason": reason}
    return admin.post(f"{PLACE}/remedio", form)


def test_what_they_lost_is_sent_again_many_at_once_after_a_look(house, admin, clerk):
    (one, its), (other, others) = lacking(house, clerk), lacking(house, clerk)
    page = admin.get(f"{PLACE}?institucion=igp").text
    assert one in page and other in page and "dice que no lo tiene" in page and "A quién llamar" in page
    seen = admin.post(f"{PLACE}/remedio", {"remedio": "again", "diferencia": [its, others]})
    assert seen.status_code == 200 and "Revisar antes de resolver" in seen.text
    assert house.leg_status(one) is DeliveryStatus.SENT
    assert mended(admin, "again", its, others, reason="").status_code == 422
    assert "Hecho con 2 diferencias" in mended(admin, "again", its, others).text
    assert {house.leg_status(cuo) for cuo in (one, other)} == {DeliveryStatus.QUEUED}
    with house.session() as session:
        acts = select(AuditEntry).where(AuditEntry.kind == "difference_again").order_by(AuditEntry.id)
        rows = session.scalars(acts).all()
        assert [row.data["legs"] for row in rows[-2:]] == [[one], [other]]
    assert "ya lo tuvo" in mended(admin, "again", its).text  # it is on its way: not again


def test_the_dashboard_says_differences_for_what_they_are(house, admin, clerk):
    lacking(house, clerk)
    page = admin.get("/tablero").text
    with house.session() as session:
        count, needed = differences.count(session), needing.needs(session, Narrow(), now())
    many = len({one.filing_id for some in needed.values() for one in some})
    said = f"{count} diferencia{'s' * (count > 1)} entre lo entregado"
    assert page.count(said) == 2 and "Nada por ahora" not in page
    verdict = re.search(r"(\d+) documentos? necesita", page)
    assert int(verdict[1] if verdict else 0) == many


def test_an_explained_difference_waits_for_nobody_and_a_note_stays_with_its_leg(house, admin, clerk):
    cuo, its = lacking(house, clerk)
    assert "Hecho con 1 diferencia" in mended(admin, "note", its, reason="Hablé con la señora Rojas").text
    assert "Hablé con la señora Rojas" in admin.get(f"/envios/{cuo}").text
    assert "Hecho con 1" in mended(admin, "explain", its).text
    page = admin.get(PLACE).text
    assert cuo in page.split("Explicadas")[1]
    with house.session() as session:
        acts = select(DifferenceAct.what).where(DifferenceAct.difference_id == int(its)).order_by(DifferenceAct.id)
        acts = session.scalars(acts).all()
        assert acts == ["note", "explain"]
    assert "Quedaron como estaban" in mended(admin, "take", its).text


def test_nothing_chosen_and_what_is_no_remedy_do_nothing(admin):
    assert admin.post(f"{PLACE}/remedio", {"remedio": "again"}).status_code == 422
    assert admin.post(f"{PLACE}/remedio", {"remedio": "borrar", "diferencia": ["1"]}).status_code == 404


def test_a_comparison_is_asked_for_once_and_the_worker_finds_it(house, admin):
    for _ in range(2):
        answer = admin.post("/tablero/instituciones/oefa/comparar", {})
        assert answer.location.endswith("/tablero/diferencias?institucion=oefa")
    assert "Comparando" in admin.get(answer.location).text
    assert "Se está comparando" in admin.get("/tablero/instituciones/oefa").text
    with house.session() as session:
        body = house.directory.entity("oefa")
        assert len(session.scalars(select(Comparison).where(Comparison.entity_id == body.id)).all()) == 1


def test_an_auditor_reads_and_mends_nothing_and_nobody_else_sees_it(house, clerk):
    auditor = house.signed_in(AUDITOR)
    page = auditor.get(PLACE).text
    assert "Comparar ahora" not in page and 'name="remedio"' not in page and 'name="diferencia"' not in page
    assert mended(auditor, "explain", "1").status_code == 403
    assert auditor.post("/tablero/instituciones/oefa/comparar", {}).status_code == 403
    for path in (PLACE, "/tablero/dia"):
        assert clerk.get(path).status_code == 403


def test_a_balance_is_downloaded_from_its_institution(house, admin):
    body, day = house.directory.entity("senace"), local_date(now()) - timedelta(days=3)
    with house.session() as session:
        session.add(BalanceRow(entity_id=body.id, day=day, made_at=now(), lines="[]", digest=bytes(32), jws="a.b.c"))
        session.commit()
    link = re.search(r'href="([^"]+/balances/[^"]+\.json)"', admin.get("/tablero/instituciones/senace").text)[1]
    assert admin.get(link).get_json() == {"dia": f"{day}", "firmado": "a.b.c", "lineas": []}
    assert admin.get(link.replace(f"{day}", "2020-01-01")).status_code == 404


def test_a_leg_that_stopped_for_a_certificate_leads_to_where_it_is_put_right(house, admin, clerk):
    cuo = stopped(house, clerk)
    with house.session() as session:
        message = session.scalars(select(OutboundMessage).where(OutboundMessage.once == f"sobre:{cuo}")).one()
        message.last_code = "CERTIFICADO_VENCIDO"
        session.commit()
    place = re.search(r'href="([^"]+)">Corregir el certificado', admin.get("/tablero/pendientes/stopped").text)[1]
    assert admin.get(place.partition("#")[0]).status_code == 200 and "igp" in place
