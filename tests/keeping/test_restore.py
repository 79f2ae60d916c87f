"""The rehearsal of a restore: everything is lost; what was confirmed before an instant is back, with its documents."""

import hashlib

from sqlalchemy import text

from hub.sealer import seal_events
from hub.storage import Store


def filings(engine):
    """{CUO: (key, SHA-256) of the main document}"""
    query = "select d.cuo, x.object_key, x.sha256 from deliveries d join documents x on x.filing_id = d.filing_id"
    with engine.connect() as connection:
        return {row.cuo: (row.object_key, row.sha256) for row in connection.execute(text(query))}


def asked_about(engine):
    """(how many messages wait, whether each is asked about before it is sent)"""
    query = "select count(*), bool_and(must_ask) from outbound_messages where kind = 'sobre'"
    with engine.connect() as connection:
        return tuple(connection.execute(text(query)).one())


def file(home, count):
    taken = [home.office.file() for _ in range(count)]
    seal_events(home.office.tools)
    return taken


def test_everything_that_was_confirmed_before_an_instant_is_back_and_nothing_else(home):
    before = file(home, 3)
    code, said = home.mesa("backup", "--to", str(home.shelf))
    assert code == 0 and "copia completa nueva" in said and "Documentos nuevos: 3; en total: 3" in said
    before += file(home, 3)
    instant = home.now()
    after = file(home, 2)
    code, said = home.mesa("backup", "--to", str(home.shelf))
    assert code == 0 and "lo ocurrido desde la última copia" in said and "Documentos nuevos: 5; en total: 8" in said
    home.lose_everything()
    home.monkeypatch.delenv("DATABASE_URL")

    code, said = home.mesa("restore", "--from", str(home.shelf), "--until", instant)
    assert code == 0, said
    assert "Trámites: 6; el último" in said and "Nada fue tocado." in said
    home.start_again()
    found = filings(home.engine)
    assert sorted(found) == sorted(before) and not set(found) & set(after)
    assert asked_about(home.engine) == (6, True)
    with home.engine.connect() as connection:
        assert connection.execute(text("select nextval('cuo_seq')")).scalar_one() > int(max(after))
    home.monkeypatch.setenv("DATABASE_URL", home.server.url)
    code, said = home.mesa("backup", "--to", str(home.shelf))
    assert code == 0, said  # its log went another way than the one that was brought
    store = Store(str(home.data / "documents"))
    for key, sha256 in found.values():
        with store.open(key) as document:
            assert hashlib.file_digest(document, "sha256").hexdigest() == sha256
