"""A demonstration's made-up history is compared with nobody: no system ever had it. What is sent besides still is."""

from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.cli.history.command import fill
from hub.cli.reconcile import compare_now
from hub.core.statuses import DeliveryStatus
from hub.due_legs import made_up
from hub.models import Delivery, Difference
from tests.monitoring.town import town

__all__ = ["town"]


def test_after_a_made_up_history_both_ends_agree_and_it_is_said_what_was_left_out(town, capsys):
    settings, engine = replace(town.office.settings, is_demo=True, reconcile_grace=0.0), town.office.engine
    fill(engine, settings, 30, 4, 7, lambda _: None)
    body = town.office.tools.directory.entity("igp").id
    with Session(engine) as session:
        there = [Delivery.destination_id == body, Delivery.status != DeliveryStatus.QUEUED]
        made = session.scalar(select(func.count(Delivery.id)).where(*there))
        assert len(made_up(session, body)) == made > 2
    real = town.sent()
    assert compare_now(settings, engine, "igp") == 0
    said = capsys.readouterr().out
    assert "IGP          0 iguales, 0 difieren, 1 en su lista\nNinguna diferencia por resolver" in said, said
    assert f"{made} envíos son de la historia que inventó mesa demo-history" in said, said
    assert compare_now(replace(settings, is_demo=False), engine, "igp") == 1
    town.loses(real)
    assert compare_now(settings, engine, "igp") == 1
    with Session(engine) as session:
        assert session.scalars(select(Difference.cuo).where(Difference.closed_at.is_(None))).all() == [real]
