"""A document store that is down for a minute stops no cargo, and says nothing of the institution that waits for it."""

from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import update

from hub.models import InstitutionState, OutboundMessage, Paper
from tests.api.national import OEFA, question, say
from tests.api.returning import give_due
from tests.api.test_national_return import igp_says, sender, sent  # noqa: F401


@contextmanager
def without(hub, object_key):
    """The store does not give one object for a while."""
    kept = Path(hub.house.settings.data) / "documents" / object_key
    away = kept.with_name("fuera")
    kept.rename(away)
    yield
    away.rename(kept)


def cargo_of(hub, leg):
    (found,) = [one for one in hub.rows(OutboundMessage, delivery_id=leg.id) if one.kind.value == "cargo_nacional"]
    return found.status.value, found.last_code


def failures(hub, entity_id):
    return hub.rows(InstitutionState, entity_id=entity_id)[0].failures_in_a_row


def test_a_cargo_waits_for_the_store_and_the_breaker_is_left_as_it_was(hub, sender, sent):  # noqa: F811
    cuo, leg = sent
    igp_says(hub, leg)
    assert say(hub, question(cuo))["cflgest"] == "R"  # its paper is made
    (paper,) = [one for one in hub.rows(Paper, delivery_id=leg.id) if one.kind == "cargo"]
    oefa = hub.directory.by_ruc(OEFA).id
    with without(hub, paper.object_key):
        give_due(hub, sender.tools)  # the institution is there, with its row
        with hub.session() as session:
            theirs = update(InstitutionState).where(InstitutionState.entity_id == oefa)
            session.execute(theirs.values(failures_in_a_row=3))
            session.commit()
        give_due(hub, sender.tools)
        assert cargo_of(hub, leg) == ("waiting", "STORAGE_FAILED")
        assert failures(hub, oefa) == 3 and sender.cargos == []
    give_due(hub, sender.tools)
    assert cargo_of(hub, leg) == ("done", "") and failures(hub, oefa) == 0
