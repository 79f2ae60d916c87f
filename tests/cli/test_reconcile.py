"""`mesa reconcile` and `mesa balance` as an operator types them."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from hub import balances
from hub.clock import now
from hub.core.calendar import local_date
from hub.entities.screen import publish
from hub.models import Comparison, Difference
from hub.wire.balances import sign_balance
from tests.cli.typed import typed
from tests.stages.office import office

__all__ = ["office", "typed"]


@pytest.fixture
def mesa(typed):
    return typed


def test_comparing_says_what_came_of_each_and_what_differs(office, mesa):
    code, said, _ = mesa("reconcile", "--entity", "minam")  # its inbox is ours
    assert (code, said) == (0, "MINAM        0 iguales, 0 difieren\nNinguna diferencia por resolver.\n")
    with Session(office.engine) as session:
        publish(session, "igp", {"adapter": {"kind": "rest", "address": "http://127.0.0.1:9"}}, now())
        session.commit()
    code, said, _ = mesa("reconcile", "--entity", "igp")  # where nobody answers
    assert code == 1 and "no respondió a las preguntas" in said
    body = office.tools.directory.entity("igp")
    with Session(office.engine) as session:
        session.add(Difference(entity_id=body.id, cuo="9999999999", kind="unknown", theirs="held", found_at=now(),
                               seen_at=now(), details={"held_since": now().isoformat()}))  # fmt: skip
        session.commit()
    code, said, _ = mesa("reconcile")
    assert code == 1
    assert "9999999999" in said and "aquí nadie se lo envió" in said and "aquí nada, allá recibido" in said
    assert "1 diferencia por resolver" in said
    assert mesa("reconcile", "--entity", "nadie")[::2] == (1, "No existe la entidad nadie en el directorio.\n")


def test_balances_are_listed_written_and_verified(office, mesa, tmp_path):
    day, body = local_date(now()) - timedelta(days=1), office.tools.directory.entity("igp")
    assert mesa("balance", "list", "--entity", "igp")[1] == "IGP no tiene balances todavía.\n"
    with Session(office.engine) as session:
        run = Comparison(entity_id=body.id, day=day, asked_at=now(), started_at=now(), code="DOES_NOT_ANSWER")
        session.add(run)
        session.flush()
        balances.make(session, office.tools.directory, body, run,
                      lambda it: sign_balance(office.tools.ledger_signer, it), now())  # fmt: skip
        session.commit()
    assert "1 balance de IGP." in mesa("balance", "list", "--entity", "igp")[1]
    file, ca = str(tmp_path / "balance.json"), f"{office.settings.keys}/ca/crt.pem"
    assert mesa("balance", "export", "--entity", "igp", "--day", f"{day}", "--salida", file)[0] == 0
    code, said, _ = mesa("balance", "verify", file, "--ca", ca)
    assert code == 0 and "No se comparó del todo: no respondió a las preguntas." in said
    for wrong, sentence in (("ayer", "no es una fecha"), ("2020-01-01", "No hay balance")):
        code, _, complaint = mesa("balance", "export", "--entity", "igp", "--day", wrong, "--salida", file)
        assert code == 1 and sentence in complaint
