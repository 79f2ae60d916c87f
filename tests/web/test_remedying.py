"""Remedies from the dashboard: shown before they are done, only to what was shown, with a reason that is kept."""

import re

from sqlalchemy import select

from hub.clock import now
from hub.core.ports import NewsKind
from hub.core.statuses import DeliveryStatus, RefusalReason
from hub.models import AuditEntry, Delivery, Event, LegNote
from tests.web.test_dashboard import admin, shown, stopped

__all__ = ["admin"]


def test_what_stopped_comes_first_and_is_sent_again_in_bulk_with_a_reason(house, admin, clerk):
    cuos = [stopped(house, clerk) for _ in range(2)]
    page = admin.get("/tablero").text
    assert "Envíos detenidos" in page and all(f'value="{cuo}"' in page for cuo in cuos)
    seen = admin.post("/tablero/remedio", {"remedio": "again", "cuo": cuos})
    assert seen.status_code == 200 and "Revisar antes de hacerlo" in seen.text
    assert house.leg_status(cuos[0]) is DeliveryStatus.FAILED
    form = shown(seen) | {"remedio": "again", "paso": "hacer"}
    asked = admin.post("/tablero/remedio", form)
    assert asked.status_code == 422 and "queda anotado" in asked.text
    done = admin.post("/tablero/remedio", form | {"reason": "Ya lo leen"})
    assert "Hecho con 2 documentos" in done.text
    with house.session() as session:
        legs = session.scalars(select(Delivery).where(Delivery.cuo.in_(cuos))).all()
        assert {leg.status for leg in legs} == {DeliveryStatus.QUEUED}
        told = select(Event).where(Event.kind == "sent_again", Event.delivery_id.in_([leg.id for leg in legs]))
        assert {event.data["reason"] for event in session.scalars(told)} == {"Ya lo leen"}
        acts = select(AuditEntry).where(AuditEntry.kind == "remedy_again").order_by(AuditEntry.id)
        entry = session.scalars(acts).all()[-1]
        assert sorted(entry.data["legs"]) == sorted(cuos)


def test_what_cannot_be_helped_stops_no_other(house, admin, clerk):
    well, bad = house.leg(clerk.filed()).cuo, stopped(house, clerk)
    seen = admin.post("/tablero/remedio", {"remedio": "again", "cuo": [well, bad]})
    assert "ya sigue su camino" in seen.text and shown(seen)["cuo"] == [bad]
    form = shown(seen) | {"cuo": [well, bad], "remedio": "again", "paso": "hacer", "reason": "Ya"}
    done = admin.post("/tablero/remedio", form)
    assert "Hecho con 1 documento" in done.text and "Quedaron como estaban" in done.text


def test_a_leg_that_moved_while_it_was_looked_at_is_left(house, admin, clerk):
    moved, still = (stopped(house, clerk, destination="oefa") for _ in range(2))
    form = {"remedio": "elsewhere", "to": "igp", "reason": "Le toca al IGP", "confirmed": "si"}
    seen = admin.post("/tablero/remedio", form | {"cuo": [moved, still]})
    with house.session() as session:
        session.scalars(select(Delivery).where(Delivery.cuo == moved)).one().handed_out_at = now()
        session.commit()
    done = admin.post("/tablero/remedio", form | shown(seen) | {"paso": "hacer"})
    assert "Hecho con 1 documento" in done.text and "Cambió mientras lo mirabas" in done.text
    assert house.leg_status(moved) is DeliveryStatus.FAILED


def test_a_tick_is_not_carried_over_to_what_was_not_shown(house, admin, clerk):
    cuo = stopped(house, clerk)
    with house.session() as session:
        session.scalars(select(Delivery).where(Delivery.cuo == cuo)).one().handed_out_at = now()
        session.commit()
    form = {"remedio": "again", "cuo": [cuo], "confirmed": "si", "paso": "hacer"}
    page = admin.post("/tablero/remedio", form)
    tick = re.search('<input[^>]*name="confirmed"[^>]*>', page.text)[0]
    assert page.status_code == 422 and "checked" not in tick
    page = admin.post("/tablero/remedio", form | shown(page))
    assert "checked" in re.search('<input[^>]*name="confirmed"[^>]*>', page.text)[0]


def test_a_refused_leg_is_sent_to_another_body_from_the_dashboard(house, admin, clerk):
    cuo = house.leg(clerk.filed(destination="oefa")).cuo
    house.say(cuo, NewsKind.REFUSED, reason=RefusalReason.NOT_COMPETENT, text="No es nuestro")
    assert "No aceptados" in admin.get("/tablero").text
    seen = shown(admin.post("/tablero/remedio", {"remedio": "elsewhere", "cuo": [cuo]}))
    form = seen | {"remedio": "elsewhere", "paso": "hacer", "reason": "Le toca al IGP"}
    assert admin.post("/tablero/remedio", form).status_code == 422
    assert "Hecho con 1 documento" in admin.post("/tablero/remedio", form | {"to": "igp"}).text
    assert house.leg_status(cuo) is DeliveryStatus.REROUTED


def test_what_was_attended_leaves_the_list_and_is_read_at_its_leg(house, admin, clerk):
    cuo = stopped(house, clerk)
    assert "Dar por atendido" in admin.get("/tablero").text
    place = "/tablero/pendientes/stopped/atendido"
    seen = admin.post(place, {"cuo": [cuo]})
    assert seen.status_code == 200 and "Sale de la lista" in seen.text
    assert f'value="{cuo}"' in admin.get("/tablero/pendientes/stopped").text
    assert admin.post(place, shown(seen) | {"paso": "hacer"}).status_code == 422
    done = admin.post(place, shown(seen) | {"paso": "hacer", "reason": "Lo llevamos en mano"})
    assert "1 documento atendido" in done.text
    assert f'value="{cuo}"' not in admin.get("/tablero/pendientes/stopped").text
    assert "Lo llevamos en mano" in admin.get(f"/envios/{cuo}").text
    assert admin.post(place, shown(seen) | {"paso": "hacer", "reason": "Otra vez"}).status_code == 422
    assert admin.post("/tablero/pendientes/nada/atendido", {}).status_code == 404


def test_a_note_stays_with_its_leg(house, admin, clerk):
    cuo = stopped(house, clerk)
    form = {"remedio": "note", "cuo": [cuo], "paso": "hacer", "reason": "Llamé al señor de sistemas"}
    assert admin.post("/tablero/remedio", form).status_code == 200
    assert "Llamé al señor de sistemas" in admin.get(f"/envios/{cuo}").text
    with house.session() as session:
        assert session.scalars(select(LegNote).order_by(LegNote.id)).all()[-1].text == "Llamé al señor de sistemas"
