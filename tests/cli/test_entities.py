"""`mesa entities apply`: a proposed change goes into the file and into force, all of it or nothing."""

import os
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, make_url, select, text
from sqlalchemy.orm import Session

from hub import proposals
from hub.cli import main
from hub.cli.complaint import Complaint
from hub.cli.replacing import next_text
from hub.clock import now
from hub.core.errors import Forbidden, InvalidFiling
from hub.embedded.demokeys import make_keys
from hub.embedded.prepare import import_entities
from hub.entities import load
from hub.entities.patching import diff_of
from hub.entities.rewriting import values_in
from hub.entities.versions import LOCK, lock
from hub.models import Proposal, User
from hub.settings import Settings
from hub.sight import Viewer
from hub.staff import role_row
from tests.fixtures.house import ENTITIES


@pytest.fixture
def place(tmp_path, fresh_database_url, monkeypatch, capsys):
    """A machine with the demo's file, imported: (its settings, an engine, mesa(*arguments) -> (code, out, err))."""
    file = tmp_path / "entities.yaml"
    file.write_bytes(ENTITIES.read_bytes())
    for name, value in {"DATABASE_URL": fresh_database_url, "MESA_DATA": tmp_path, "MESA_KEYS": tmp_path / "keys",
                        "MESA_ENTITIES": file}.items():  # fmt: skip
        monkeypatch.setenv(name, str(value))
    settings = Settings.from_env()
    make_keys(file, settings.keys_folder)
    engine = create_engine(make_url(fresh_database_url).set(drivername="postgresql+psycopg2"))
    with Session(engine) as session:
        import_entities(session, settings)
        session.commit()

    def mesa(*arguments):
        capsys.readouterr()
        return main(["entities", *arguments]), *capsys.readouterr()

    yield settings, engine, mesa
    engine.dispose()


def propose(settings, engine, address="Av. Abelardo Quiñones, km 2.5", code="iiap", kind="", default=""):
    """A new address of a body's seat, and another adapter; or another default of its variable; gives the proposal."""
    with Session(engine, expire_on_commit=False) as session:
        user = User(email=f"{code}@minam.example", fs_uniquifier=code, name="Carmen", created_at=now(),
                    roles=[role_row(session, "sector_admin")])  # fmt: skip
        session.add(user)
        session.flush()
        file = proposals.DeclaredFile(_file(settings), settings.keys_folder, os.environ)
        after = file.values()
        body = proposals.pick(after["entities"], code=code)
        if default:
            body["adapter"]["address"] = f"${{MESA_ADDRESS_{code.upper()}:-{default}}}"
        else:
            body["counters"][0]["address"] = address
        if kind:
            body["adapter"]["kind"] = kind
        change = proposals.draft(session, file, after, now())
        row = proposals.keep(session, change, entity_code=code, about=f"entities[{code}]", reason="Se mudó",
                             by_user_id=user.id, now=now())  # fmt: skip
        session.commit()
        return row


def seat(engine, code="iiap"):
    with Session(engine) as session:
        return load(session, now()).entity(code).counters[0]


def test_a_downloaded_change_is_tried_and_then_applied(place, tmp_path):
    settings, engine, mesa = place
    row, before = propose(settings, engine), ENTITIES.read_text("utf-8")
    diff = tmp_path / "cambio.diff"
    diff.write_text(row.diff, "utf-8")
    code, out, _ = mesa("apply", str(diff), "--probar")
    assert code == 0 and "IIAP, mesas de partes, «principal», dirección: de nada a «Av. Abelardo Quiñones" in out
    assert "no se tocó nada" in out and seat(engine).address == "" and _file(settings) == before
    code, out, _ = mesa("apply", str(diff))
    assert code == 0 and f"Queda aplicada la propuesta {row.id}" in out
    assert seat(engine).address == "Av. Abelardo Quiñones, km 2.5"
    assert values_in(_file(settings))["entities"][6]["counters"][0]["address"] == "Av. Abelardo Quiñones, km 2.5"
    assert _file(settings).count("#") == before.count("#")
    with Session(engine) as session:
        assert session.get(Proposal, row.id).applied_at is not None
        assert session.scalar(text("select count(*) from audit_entries where kind = 'change_applied'")) == 1
    code, _, err = mesa("apply", str(diff))
    assert code == 1 and re.search(r"no encaja en .* \(línea [0-9]+\): ya está hecho, u otra persona", err), err
    assert "Traceback" not in err


def _file(settings):
    return Path(settings.entities).read_text("utf-8")


def test_a_change_made_by_hand_in_the_file_marks_its_proposal_at_the_import(place):
    settings, engine, mesa = place
    row = propose(settings, engine)
    other = propose(settings, engine, "Av. Centenario", "inaigem")
    changed = _file(settings).replace("place: Iquitos,", 'place: Iquitos, address: "Av. Abelardo Quiñones, km 2.5",')
    Path(settings.entities).write_text(changed, "utf-8")
    assert mesa("import")[0] == 0
    with Session(engine) as session:
        assert session.get(Proposal, row.id).applied_at and not session.get(Proposal, other.id).applied_at


def test_a_proposal_beside_a_variable_of_the_file_is_marked_whatever_the_variable_gives(place, monkeypatch):
    settings, engine, mesa = place
    row = propose(settings, engine, kind="soap", code="igp")
    assert "${MESA_ADDRESS_IGP" in str(row.wanted)
    monkeypatch.setenv("MESA_ADDRESS_IGP", "https://igp.example/mesa")
    code, out, _ = mesa("apply", "--propuesta", str(row.id))
    assert code == 0 and f"Queda aplicada la propuesta {row.id}" in out


def test_the_default_of_a_variable_is_marked_only_once_the_file_says_it(place, monkeypatch):
    settings, engine, mesa = place
    monkeypatch.setenv("MESA_ADDRESS_IGP", "https://igp.example/mesa")
    row = propose(settings, engine, code="igp", default="http://127.0.0.1:7199")
    assert mesa("import")[0] == 0
    with Session(engine) as session:
        assert session.get(Proposal, row.id).applied_at is None
    code, out, _ = mesa("apply", "--propuesta", str(row.id))
    assert code == 0 and f"Queda aplicada la propuesta {row.id}" in out
    assert "address: ${MESA_ADDRESS_IGP:-http://127.0.0.1:7199}" in _file(settings)


def test_no_secret_of_the_environment_comes_into_the_directory_by_a_change(place, tmp_path, monkeypatch):
    settings, _, mesa = place
    monkeypatch.setenv("MESA_SECRET_KEY", "muy secreto")
    before, diff = _file(settings), tmp_path / "cambio.diff"
    for old in ("name: Ambiente\n", "address: ${MESA_ADDRESS_IGP:-http://127.0.0.1:7101}\n"):
        after = before.replace(old, f"{old.partition(':')[0]}: ${{MESA_SECRET_KEY}}\n", 1)
        diff.write_text(diff_of(before, after, "x"), "utf-8")
        code, out, err = mesa("apply", str(diff))
        assert code == 1 and "MESA_SECRET_KEY no se toma aquí" in err and "muy secreto" not in out + err


def test_what_is_wrong_changes_nothing_and_is_said_in_a_sentence(place, tmp_path):
    settings, engine, mesa = place
    row, before = propose(settings, engine), _file(settings)
    bad, empty = tmp_path / "malo.diff", tmp_path / "vacio.diff"
    empty.touch()
    bad.write_text(row.diff.replace('"160101"', '"990101"'), "utf-8")
    for arguments, said in (
        ((str(bad),), "no encaja"), ((str(empty),), "ahí no hay ningún cambio"), ((), "Di qué cambio"),
        ((str(tmp_path / "falta.diff"),), "falta.diff: no existe."),
        (("--propuesta", "99"), "No existe la propuesta 99"),
    ):  # fmt: skip
        code, _, err = mesa("apply", *arguments)
        assert code == 1 and said in err and len(err.splitlines()) == 1, err
    spoiled = tmp_path / "ubigeo.diff"
    lines = [line.replace('"160101"', '"990101"') if line.startswith("+") else line for line in row.diff.splitlines()]
    spoiled.write_text("\n".join(lines) + "\n", "utf-8")
    code, _, err = mesa("apply", str(spoiled))
    assert code == 1 and "no es un ubigeo del INEI" in err and "No se tocó nada" in err
    assert _file(settings) == before and seat(engine).address == ""


def test_two_proposals_of_one_file_apply_one_after_the_other(place):
    settings, engine, mesa = place
    rows = [propose(settings, engine), propose(settings, engine, "Av. Centenario", "inaigem")]
    for row in rows:
        code, _, err = mesa("apply", "--propuesta", str(row.id))
        assert code == 0, err
    assert seat(engine, "inaigem").address == "Av. Centenario" and mesa("check", settings.entities)[0] == 0


def test_a_proposal_that_was_set_aside_or_applied_is_not_applied(place):
    settings, engine, mesa = place
    row, before = propose(settings, engine), _file(settings)
    with Session(engine) as session:
        who = Viewer(row.made_by_id, frozenset({"sector_admin"}))
        proposals.withdraw(session, who, "iiap", row.id, now())
        session.commit()
    code, out, err = mesa("apply", "--propuesta", str(row.id))
    assert code == 1 and f"Carmen dejó de lado la propuesta {row.id}" in err and not out
    assert _file(settings) == before and seat(engine).address == ""
    other = propose(settings, engine, "Av. Centenario", "inaigem")
    assert mesa("apply", "--propuesta", str(other.id))[0] == 0
    code, _, err = mesa("apply", "--propuesta", str(other.id))
    assert code == 1 and f"la propuesta {other.id} ya está aplicada" in err


def test_who_applies_while_another_does_loses_nothing(place):
    settings, engine, mesa = place
    row = propose(settings, engine)
    with Session(engine) as session, ThreadPoolExecutor(1) as pool:
        lock(session)
        waiting = pool.submit(mesa, "apply", "--propuesta", str(row.id))
        _await_waiting(engine)
        changed = _file(settings).replace("place: Huaraz,", 'place: "Huaraz, Áncash",')
        Path(settings.entities).write_text(changed, "utf-8")
        session.commit()
        assert waiting.result(30)[0] == 0
    assert 'place: "Huaraz, Áncash"' in _file(settings) and "Av. Abelardo" in _file(settings)


def test_who_types_the_change_keeps_nobody_waiting(place, monkeypatch):
    settings, engine, mesa = place
    row = propose(settings, engine)

    class Typing:
        def read(self):
            with Session(engine) as session:
                self.was_free = session.scalar(select(func.pg_try_advisory_xact_lock(LOCK)))
            return row.diff

    monkeypatch.setattr("sys.stdin", Typing())
    assert mesa("apply", "-")[0] == 0
    assert sys.stdin.was_free


def _await_waiting(engine):
    until = time.monotonic() + 20
    with engine.connect() as connection:
        while not connection.scalar(text("select count(*) from pg_locks where locktype = 'advisory' and not granted")):
            assert time.monotonic() < until, "nobody waits"
            time.sleep(0.05)


def test_a_file_that_somebody_wrote_meanwhile_is_not_written_over(tmp_path):
    file = tmp_path / "entities.yaml"
    file.write_text("uno\n", "utf-8")
    with next_text(file, file.read_bytes(), "dos\n") as written:
        file.write_text("tres\n", "utf-8")
        with pytest.raises(Complaint, match="alguien cambió"):
            written.take_place()
    assert file.read_text("utf-8") == "tres\n" and list(tmp_path.iterdir()) == [file]


def test_the_file_keeps_its_owner_its_group_and_its_rights(place):
    settings, engine, mesa = place
    file, row = Path(settings.entities), propose(settings, engine)
    file.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(file, 1234, 2345)
    kept = file.stat()
    assert mesa("apply", "--propuesta", str(row.id))[0] == 0
    after = file.stat()
    assert (after.st_uid, after.st_gid, after.st_mode) == (kept.st_uid, kept.st_gid, kept.st_mode)
    assert after.st_ino != kept.st_ino


def test_where_nothing_can_be_written_nothing_is_imported_and_it_is_said(place, monkeypatch):
    settings, engine, mesa = place
    row, file = propose(settings, engine), Path(settings.entities).with_name("e" * 250)
    file.write_bytes(ENTITIES.read_bytes())
    monkeypatch.setenv("MESA_ENTITIES", str(file))
    code, _, err = mesa("apply", "--propuesta", str(row.id))
    assert code == 1 and "no se puede escribir" in err and "Traceback" not in err
    assert seat(engine).address == "" and file.read_bytes() == ENTITIES.read_bytes()


def test_only_where_there_is_no_file_an_export_stands_for_it(tmp_path):
    (tmp_path / "hay.yaml").write_text("version: 1\n", "utf-8")
    (tmp_path / "otro.yaml").write_bytes(b"\xff")
    found = [proposals.declared(str(tmp_path / one), tmp_path, {}, lambda: "x") for one in ("hay.yaml", "falta.yaml")]
    assert [(one.text, one.is_export) for one in found] == [("version: 1\n", False), ("x", True)]
    for unreadable in ("otro.yaml", ""):
        with pytest.raises(Forbidden):
            proposals.declared(str(tmp_path / unreadable), tmp_path, {}, lambda: "x")


def test_a_change_of_a_file_that_has_faults_of_its_own_is_not_kept(place):
    settings, engine, _ = place
    file = proposals.DeclaredFile(_file(settings).replace('"160101"', '"990101"'), settings.keys_folder, {})
    after = file.values()
    after["sector"]["name"] = "Ambiente y clima"
    with Session(engine) as session:
        change = proposals.draft(session, file, after, now())
        assert change.diff and not change.errors and not change.is_tried
        with pytest.raises(InvalidFiling):
            proposals.keep(session, change, entity_code="", about="sector", reason="Sí", by_user_id=1, now=now())
