"""A real institution that loses a filing from its disk, holds one that we do not know, keeps its cargo to itself."""

import pytest
from sqlalchemy.orm import Session

from hub.clock import now
from hub.core.errors import Forbidden
from hub.core.statuses import DeliveryStatus
from hub.differences import Mend
from hub.monitoring.figures import figures
from tests.monitoring.overseer import Overseer
from tests.monitoring.town import town

__all__ = ["town"]
D = DeliveryStatus
STRANGER = "9876543210"


def test_what_it_lost_and_what_nobody_sent_it_is_told_and_closed_when_mended(town):
    overseer = Overseer(town.office)
    lost, moved, kept = town.sent(), town.sent(), town.sent()
    assert town.compares() == {}
    town.loses(lost)
    town.loses(moved, **{"as": STRANGER})
    assert town.compares() == {lost: ("lacking", ""), moved: ("lacking", ""), STRANGER: ("unknown", "held")}
    overseer.look(2)
    assert overseer.stands("reconciliation_difference") == ["igp"]
    assert overseer.alerts("reconciliation_difference")[0].details["count"] == 3
    assert measured(town)["mesa_reconciliation_differences"] == [({"institution": "igp"}, 3)]
    town.loses(STRANGER)
    with pytest.raises(Forbidden, match=r"\d+"):
        town.mends(Mend.AGAIN, STRANGER)
    town.mends(Mend.AGAIN, lost, moved)
    town.office.work_until(lambda: {town.office.leg(one).status for one in (lost, moved)} == {D.SENT})
    assert sorted(one["cuo"] for one in town.igp.held()) == sorted((lost, moved, kept))
    assert town.compares() == {}
    overseer.look()
    assert overseer.told("reconciliation_difference") == ["opened", "closed"]
    assert measured(town)["mesa_reconciliation_differences"] == [({"institution": "igp"}, 0)]


def test_a_cargo_that_never_arrived_is_taken_from_its_report_with_its_signature(town):
    cuo = town.sent()
    town.igp.control(hold_cargo=True, hold_registration=False)
    found = {}
    town.office.work_until(lambda: found.update(town.compares()) or cuo in found)
    assert found[cuo] == ("differs", "registered")
    assert town.office.leg(cuo).status is D.SENT
    town.mends(Mend.TAKE, cuo)
    leg = town.office.leg(cuo)
    assert (leg.status, leg.destination_registry_number) == (D.REGISTERED, town.igp.held(cuo)[0]["registry_number"])
    assert cuo not in town.compares()


def measured(town):
    with Session(town.office.engine) as session:
        return {one.name: one.samples for one in figures(session, town.office.tools.directory, now())}
