"""The declared sector in the tables: imported once, versioned when it changes, loaded as it was checked."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from hub.core.errors import NotFound
from hub.core.statuses import Mode
from hub.entities import NotImportable, import_declared, load
from hub.entities.declared import digest
from hub.models import Declaration, EntityRow, InstitutionState, Revocation
from tests.entities.certificates import NOW

LATER = NOW + timedelta(hours=1)


def versions(session):
    return session.scalar(select(func.count()).select_from(Declaration))


def publish(session, code, changes, at=NOW):
    """What a coordinator's screen writes."""
    session.add(
        Declaration(kind="entity", key=code, valid_from=at, origin="screen", declared=changes, digest=digest(changes))
    )
    session.flush()


def test_what_is_loaded_is_what_was_checked(session, look, demo):
    checked = look(demo)
    import_declared(session, checked, NOW)
    session.expire_all()
    assert load(session, NOW) == checked.directory


def test_each_body_has_a_row_and_its_operational_state(session, look, demo):
    import_declared(session, look(demo), NOW)
    directory = load(session, NOW)
    assert all(directory.by_id(entity.id) is entity for entity in directory.entities)
    assert session.scalar(select(func.count()).select_from(InstitutionState)) == 8


def test_importing_twice_changes_nothing(session, look, demo):
    first = import_declared(session, look(demo), NOW)
    count = versions(session)
    second = import_declared(session, look(demo), LATER)
    assert len(first.changed) == count == 10
    assert second.changed == () and versions(session) == count


def test_moving_lines_and_comments_about_changes_nothing(session, look, demo):
    import_declared(session, look(demo), NOW)
    assert import_declared(session, look("# otro comentario\n" + demo), LATER).changed == ()


def test_a_changed_limit_makes_one_new_version_and_the_old_one_stays(session, look, demo):
    import_declared(session, look(demo), NOW)
    changed = import_declared(session, look(demo.replace("main_bytes: 10 MB", "main_bytes: 20 MB")), LATER)
    assert changed.changed == ("entity:igp",)
    assert load(session, NOW).entity("igp").limits.main_bytes == 10 * 1024**2
    assert load(session, LATER).entity("igp").limits.main_bytes == 20 * 1024**2


def test_a_change_wakes_who_listens(fresh_engine, look, demo):
    with fresh_engine.connect() as listener, Session(fresh_engine) as session:
        listener.execute(text("listen directory_changed"))
        listener.commit()
        import_declared(session, look(demo), NOW)
        session.commit()
        import_declared(session, look(demo), LATER)
        session.commit()
        listener.execute(text("select 1"))
        assert [notice.channel for notice in listener.connection.notifies] == ["directory_changed"]


def test_what_a_screen_published_survives_an_import_and_the_conflict_is_told(session, look, demo):
    import_declared(session, look(demo), NOW)
    publish(session, "igp", {"limits": {"main_bytes": 5}})
    assert import_declared(session, look(demo), LATER).conflicts == ()
    outcome = import_declared(session, look(demo.replace("main_bytes: 10 MB", "main_bytes: 20 MB")), LATER)
    (conflict,) = outcome.conflicts
    assert (conflict.entity, conflict.key, conflict.on_screen) == ("igp", "limits", {"main_bytes": 5})
    assert conflict.in_file["main_bytes"] == 20 * 1024**2
    assert load(session, LATER).entity("igp").limits.main_bytes == 5


def test_an_agreement_taken_out_of_the_file_is_no_longer_in_force(session, look, demo):
    import_declared(session, look(demo), NOW)
    assert load(session, NOW).mode("igp", "senace", date(2026, 11, 21)) is Mode.DELEGATED
    outcome = import_declared(session, look(demo[: demo.index("agreements:")]), LATER)
    assert outcome.changed == ("agreement:igp>senace@2026-01-01",)
    assert load(session, LATER).mode("igp", "senace", date(2026, 11, 21)) is Mode.REMITTANCE
    assert import_declared(session, look(demo), LATER).changed == ("agreement:igp>senace@2026-01-01",)


def test_a_body_taken_out_of_the_file_stays_and_is_told(session, look, demo):
    import_declared(session, look(demo), NOW)
    start = demo.index("  - code: inaigem")
    without = demo[:start] + demo[demo.index("# Un convenio dice") :]
    assert import_declared(session, look(without), LATER).missing == ("inaigem",)
    assert load(session, LATER).entity("inaigem").acronym == "INAIGEM"


def test_a_corrected_ruc_keeps_the_row(session, look, demo):
    import_declared(session, look(demo), NOW)
    before = load(session, NOW).entity("iiap").id
    import_declared(session, look(demo.replace("20171781648", "20131312955")), LATER)
    after = load(session, LATER).by_ruc("20131312955")
    assert (after.code, after.id) == ("iiap", before)


def test_a_body_cannot_change_its_code(session, look, demo):
    import_declared(session, look(demo), NOW)
    with pytest.raises(NotImportable) as refused:
        import_declared(session, look(demo.replace("code: inaigem", "code: inaigem2")), LATER)
    assert refused.value.checked.errors[-1].code == "ENTITY_RENAMED"
    assert session.scalar(select(func.count()).select_from(EntityRow)) == 8


def test_a_file_with_a_fault_is_not_imported(session, look, demo):
    with pytest.raises(NotImportable):
        import_declared(session, look(demo.replace("kind: ministry", "kind: x")), NOW)
    assert versions(session) == 0


def test_without_an_import_there_is_no_directory(session):
    with pytest.raises(NotFound):
        load(session, NOW)


def test_a_revoked_certificate_is_told_with_its_instant(session, look, demo):
    import_declared(session, look(demo), NOW)
    fingerprint = load(session, NOW).entity("igp").certificates[0].fingerprint
    session.add(Revocation(fingerprint=fingerprint, revoked_at=NOW, reason="perdida", revoked_by="x"))
    session.flush()
    directory = load(session, LATER)
    assert directory.trust("20131367008")[0].revoked_at == NOW
    assert directory.trust("20556097055")[0].revoked_at is None


words = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=40)
sizes = st.one_of(st.integers(1, 2**40), st.from_regex(r"[1-9][0-9]{0,3} (KB|MB|GB)", fullmatch=True))


@st.composite
def sectors(draw):
    """Sectors that are right, with every key that is optional now there and now not."""
    rucs = ["20492966658", "20131367008", "20131366028", "20521286769", "20556097055"]
    codes = [f"e{place}" for place in range(draw(st.integers(1, len(rucs))))]
    return {
        "version": 1,
        "sector": {"name": draw(words), "operator": codes[0]},
        "entities": [draw(bodies(code, rucs[place])) for place, code in enumerate(codes)],
        "agreements": [draw(agreements(codes[0], other)) for other in codes[1:]],
    }


@st.composite
def agreements(draw, from_code, to_code):
    one = {"from": from_code, "to": to_code, "mode": draw(st.sampled_from(["delegated", "remittance"]))}
    one |= {"norm": "Convenio " + draw(words), "valid_from": "2026-01-01"}
    return one | draw(st.sampled_from([{}, {"valid_to": "2026-12-31"}]))


@st.composite
def bodies(draw, code, ruc):
    counter = {"code": "c1", "name": draw(words), "place": draw(words), "ubigeo": "150131", "principal": True}
    counter |= draw(st.sampled_from([{}, {"hours": [{"days": "mon-sat", "opens": "08:00", "closes": "16:30"}]}]))
    body = {"code": code, "ruc": ruc, "acronym": f"SIGLA {code}", "name": draw(words), "kind": "other"}
    body |= {"counters": [counter], "adapter": {"kind": "hosted"}}
    optional = {
        "verified": st.booleans(),
        "policy": st.sampled_from("AB"),
        "remittance_policy": st.sampled_from("AB"),
        "limits": st.fixed_dictionaries({}, optional={"main_bytes": sizes, "annex_bytes": sizes, "files": st.just(3)}),
        "addressee": st.fixed_dictionaries({"unit": words, "name": words, "job_title": words}),
        "link_hosts": st.just(["a.gob.pe", "b.gob.pe:8443"]),
        "contact": st.fixed_dictionaries({}, optional={"phone": words}),
        "in_flight": st.integers(1, 64),
        "left_on": st.just("2027-01-01"),
    }
    return body | draw(st.fixed_dictionaries({}, optional=optional))


@given(sector=sectors())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_declared_comes_back_from_the_tables_the_same(engine, look, sector):
    checked = look(json.dumps(sector, ensure_ascii=False))
    assert checked.errors == ()
    with engine.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            import_declared(session, checked, NOW)
            session.expire_all()
            assert load(session, NOW) == checked.directory
            assert import_declared(session, checked, LATER).changed == ()
        transaction.rollback()
