"""The trail on screen: who saw and did what, searched, paged and taken along; nobody reads beyond their body."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import event, select, text

from hub import trail
from hub.clock import now
from hub.core.ports import NewsKind
from hub.core.statuses import RefusalReason
from hub.extensions import db
from hub.models import AuditEntry, User
from hub.trail_search import PAGE
from tests.fixtures.house import ADMIN, CLERK, IGP_CLERK, OFFICER
from tests.web.account import Holder
from tests.web.reading import text_of
from tests.web.staff import make_user


@pytest.fixture(scope="module")
def admin(house):
    return house.signed_in(ADMIN)


@pytest.fixture(scope="module")
def handled(house, clerk):
    """(number, cuo) of a filing that IIAP's officer opened and registered."""
    number = clerk.filed(destination="iiap")
    cuo = house.leg(number).cuo
    house.say(cuo)
    officer = house.signed_in(OFFICER)
    assert officer.get(f"/bandeja/{cuo}").status_code == 200
    assert officer.post(f"/bandeja/{cuo}", {"answer": "register"}).status_code == 303
    return number, cuo


def account(house, email):
    with house.session() as session:
        return session.scalar(select(User.id).where(User.email == email))


def lines(visitor, **asked):
    answer = visitor.get("/auditoria/historial.jsonl", query_string=asked)
    assert answer.status_code == 200 and answer.mimetype == "application/x-ndjson"
    return [json.loads(one) for one in answer.text.splitlines()]


def acts(visitor, **asked):
    return {one["acto"] for one in lines(visitor, **asked)}


def test_what_was_seen_and_done_with_a_filing_is_found_by_its_number_and_by_its_cuo(admin, handled):
    number, cuo = handled
    for asked in handled:
        assert {"presented", "saw_filing", "leg_registered"} <= acts(admin, numero=asked)
    told = text_of(admin.get(f"/auditoria?numero={number}").text)
    assert "Vio un documento de la bandeja" in told and "Registró un documento de la bandeja" in told and cuo in told


def test_each_filter_leaves_only_what_fits(house, admin, handled):
    who = account(house, OFFICER)
    assert {one["cuenta"] for one in lines(admin, persona=who)} == {who}
    assert acts(admin, acto="presented") == {"presented"} and acts(admin, acto="signed_in") == {"signed_in"}
    assert {one["institucion"] for one in lines(admin, institucion="iiap")} == {"iiap"}
    today = (now() - timedelta(hours=5)).date()
    assert lines(admin, desde=today, hasta=today, numero=handled[0])
    assert not lines(admin, hasta=today - timedelta(days=3)) and not lines(admin, desde=today + timedelta(days=1))


BY_HAND = ("persona=x", "numero=%ff", f"persona={'9' * 30}", "desde=ayer", "antes=x~y~z", "antes=2026-01-01~trail~1",
           "hasta=9999-12-31", "desde=0001-01-01&hasta=0001-01-01")  # fmt: skip


@pytest.mark.parametrize("asked", BY_HAND)
def test_an_address_typed_by_hand_breaks_nothing(admin, asked):
    assert admin.get(f"/auditoria?{asked}").status_code == 200


def test_pages_follow_one_another_and_lose_nothing(house, admin):
    with house.session() as session:
        at = now()
        for number in range(PAGE * 2 + 10):  # many of one instant
            trail.note(session, "unit_opened", at - timedelta(seconds=number // 40), actor_id=None, entity_code="oefa",
                       unit=f"Oficina {number:03}")  # fmt: skip
        session.commit()
    seen, address = [], "/auditoria?institucion=oefa&acto=unit_opened"
    while address:
        page = admin.get(address).text
        seen += re.findall(r"Oficina (\d{3})", page)
        onward = re.search(r'href="([^"]*antes=[^"]*)">Ver lo anterior', page)
        address = onward[1].replace("&amp;", "&") if onward else ""
    assert sorted(seen) == [f"{one:03}" for one in range(PAGE * 2 + 10)] and len({*seen}) == len(seen)


def test_a_body_reads_its_own_people_and_nobody_elses(house, handled):
    own, other = (house.signed_in(make_user(house, body, ["entity_coordinator"])) for body in ("iiap", "minam"))
    assert "leg_registered" in acts(own, numero=handled[0])
    assert {one["institucion"] for one in lines(own)} == {"iiap"}
    assert lines(other, numero=handled[0]) == [] and lines(other, institucion="iiap") != lines(own, institucion="iiap")
    assert "iiap" not in {one["institucion"] for one in lines(other, institucion="iiap")}


def test_what_the_sectors_people_do_under_an_account_of_a_body_is_not_the_bodys_to_read(house, admin):
    email, cuo = make_user(house, "igp", ["sector_admin"]), house.leg(house.signed_in(IGP_CLERK).filed()).cuo
    house.say(cuo)
    house.say(cuo, NewsKind.REFUSED, reason=RefusalReason.NOT_COMPETENT, text="No es de aquí")
    form = {"to": "senace", "why": "NO_COMPETE", "why_text": "Le toca al SENACE"}
    assert house.signed_in(email).post(f"/envios/{cuo}/otro-destino", form).status_code == 303
    own = house.signed_in(make_user(house, "igp", ["entity_coordinator"]))
    assert "rerouted" in acts(admin, numero=cuo, persona=account(house, email))
    assert "presented" in acts(own, numero=cuo) and "rerouted" not in acts(own, numero=cuo)


def test_taking_it_along_is_itself_written_down_with_what_was_asked(house, admin, handled):
    before = len(lines(admin, acto="took_trail"))
    answer = admin.get("/auditoria/historial.csv", query_string={"numero": handled[0]})
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert {"presented", "saw_filing"} <= {row["acto"] for row in rows}
    with house.session() as session:
        taken = select(AuditEntry).where(AuditEntry.kind == "took_trail").order_by(-AuditEntry.id)
        row = session.scalars(taken).first()
    assert row.data == {"format": "csv", "wanted": {"numero": handled[0]}}
    assert row.actor_id == account(house, ADMIN) and len(lines(admin, acto="took_trail")) == before + 2


def test_a_long_export_asks_little_and_holds_no_transaction_while_it_is_read(house, admin):
    there = len(lines(admin, institucion="senamhi"))
    with house.session() as session:
        for _ in range(60):
            trail.note(session, "unit_opened", now(), actor_id=None, entity_code="senamhi", unit="Oficina")
        session.commit()
    with house.app.app_context():
        engine = db.engine
    asked = []
    count = (engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    event.listen(*count)
    answer = admin.client.get("/auditoria/historial.jsonl?institucion=senamhi", buffered=False)
    pieces = iter(answer.response)
    first = next(pieces)
    with house.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        idle = "select count(*) from pg_stat_activity where state = 'idle in transaction'"
        states = (connection.scalar(text(f"{idle} and datname = current_database()")) for _ in range(200))
        assert 0 in states
    assert len([first, *pieces]) == there + 60 and len(asked) < 30
    answer.close()
    event.remove(*count)


def test_no_citizen_is_named_and_no_word_about_people_goes_out(house, admin):
    holder = Holder(house).opens()
    who = account(house, holder.email)
    with house.session() as session:
        trail.note(session, "remedy_note", now(), actor_id=account(house, ADMIN), reason="Llamé a Zzyquis")
        session.commit()
    every = [*lines(admin), admin.get("/auditoria").text, admin.get("/auditoria/historial.csv").text]
    said = json.dumps(every, ensure_ascii=False)
    assert who in {one["cuenta"] for one in every[:-2]} and f"Cuenta de ciudadano {who}" in said
    for word in ("Zzyquis", holder.email):
        assert word not in said


def test_a_file_that_is_read_in_part_was_seen_and_its_parts_are_one_line(house, handled):
    officer = house.signed_in(make_user(house, "iiap", ["officer"]))
    documents = house.filing(handled[0])[1]
    with house.session() as session:
        newest = session.scalar(select(AuditEntry.id).order_by(-AuditEntry.id).limit(1))
    for document in documents:
        for asked in ("bytes=1-", "bytes=0-3", "bytes=4-"):
            address = f"/bandeja/{handled[1]}/documentos/{document.id}"
            assert officer.client.get(address, headers={"Range": asked}).status_code == 206
    with house.session() as session:
        found = session.scalars(select(AuditEntry).where(AuditEntry.id > newest, AuditEntry.kind == "saw_file")).all()
    assert sorted(one.data["document"] for one in found) == sorted(str(one.id) for one in documents)


def test_what_was_not_shown_was_not_seen(house, handled):
    stranger = house.signed_in(CLERK)
    with house.session() as session:
        newest = session.scalar(select(AuditEntry.id).order_by(-AuditEntry.id).limit(1))
    assert stranger.get(f"/bandeja/{handled[1]}").status_code in (403, 404)
    assert stranger.client.head("/mesa-de-partes/buscar").status_code == 200
    with house.session() as session:
        assert session.scalars(select(AuditEntry.kind).where(AuditEntry.id > newest)).all() == []
