"""Whoever owns the database reaches into what was observed: the audit names it, and nothing where all was done well."""

from datetime import timedelta

import pytest

from hub.models import Outage
from hub.recounting import Cause, recount_observations
from tests.stages.ledger import seal
from tests.stages.ledger_town import named, town
from tests.stages.legs import later
from tests.stages.observed import ASKED, file_at, observe
from tests.stages.sector import NOW, sector_again

__all__ = ["town"]


@pytest.fixture
def observed(town):
    """One observed by its office and notified, one observed at the counter; gives both observations."""
    directory = sector_again(town.session)
    by_office = observe(town.session, directory, town.legs[0], later(seconds=9), "Falta un plano",
                        notified=later(seconds=10))  # fmt: skip
    file_at(town.session, directory, NOW, asked=ASKED, procedure_code="")
    seal(town.session, later(seconds=20))
    return by_office


def test_observations_that_nobody_touched_have_nothing_to_tell(town, observed):
    assert town.audit(store=False) == [] and town.tally.counts["observations"] == 2


@pytest.mark.parametrize(
    "change",
    ["items = array['Otra cosa']", "text = 'Otra nota'", "allegations = 'Otra'"],
)
def test_what_was_asked_cannot_be_changed_unseen(town, observed, change):
    kind = town.one("select data_type from information_schema.columns"
                    " where table_name = 'observations' and column_name = 'items'").data_type  # fmt: skip
    if kind == "jsonb":
        change = change.replace("array['Otra cosa']", "'[\"Otra cosa\"]'")
    town.sql(f"update observations set {change} where id = :id", id=observed.id)
    assert named(town, "observation_altered", filing=town.number(0), kind="observed", detail="observed")
    assert any("lo que se observó" in said for said in town.audit())


@pytest.mark.parametrize("column", ["correct_by", "notified_at"])
def test_when_it_was_notified_and_until_when_it_may_be_corrected_cannot_be_changed_unseen(town, observed, column):
    town.sql(f"update observations set {column} = {column} + interval '1 day' where id = :id", id=observed.id)
    assert named(town, "observation_altered", kind="observation_notified", detail="correct_by")


def test_a_deleted_observation_is_named(town, observed):
    town.sql("delete from observations where id = :id", id=observed.id)
    assert named(town, "observation_altered", filing=town.number(0), detail="observed")


def test_a_last_day_that_was_counted_anew_is_no_tampering(town, observed):
    """What a decree or an outage moved is told by its own event."""
    was, at = observed.correct_by, later(minutes=5)
    town.session.add(Outage(started_at=was - timedelta(hours=2), ended_at=was, reason="Corte", recorded_at=at,
                            recorded_by="admin", verification_code="OUT-1"))  # fmt: skip
    town.session.flush()
    moved = recount_observations(town.session, sector_again(town.session), Cause(outage="OUT-1"), at)
    seal(town.session, later(minutes=5))
    assert moved >= 1 and observed.correct_by > was
    assert town.audit(store=False) == []
    town.sql("update observations set correct_by = :was where id = :id", id=observed.id, was=was)
    assert named(town, "observation_altered", kind="observation_notified", detail="correct_by")
