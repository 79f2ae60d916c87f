"""The ledger: events get their leaf, batches their signed root, roots their stamp; and the proof of one filing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hub import ledger
from hub.core import merkle
from hub.core.errors import NotFound
from hub.core.roots import first_break
from hub.core.services import TimeStamp
from hub.models import Event
from hub.sealing import MAX_UNSTAMPED, batch_to_stamp, keep_stamp, keep_trouble, seal_batch
from hub.wire.roots import open_root
from tests.stages.ledger import SIGNER, batches, leaves, many_batches, seal, stamp, statements, waiting
from tests.stages.legs import later, legs_for, try_once
from tests.stages.sector import NOW, at_counter, make_sector, sector_again, take
from tests.wire.sector import HUB

CERTIFICATES = (SIGNER.certificate_pem,)


def test_every_event_gets_its_leaf_in_the_order_of_its_id(session, leg):
    events = session.scalars(select(Event).order_by(Event.id)).all()
    assert waiting(session) == seal(session) == len(events) > 1
    assert waiting(session) == 0 == seal(session)
    (batch,) = batches(session)
    found = leaves(session, 1)
    assert [(one.event_id, one.hash, one.filing_id) for one in found] == [
        (event.id, event.hash, event.filing_id) for event in events
    ]
    assert (batch.count, batch.root) == (len(events), merkle.root([event.hash for event in events]))


def test_a_batch_is_never_larger_than_its_limit_and_each_states_the_one_before(session, sector):
    legs_for(session, sector, 3)
    total = waiting(session)
    assert seal(session, limit=2) == total
    assert [one.count for one in batches(session)] == [2] * (total // 2) + [1] * (total % 2)
    assert first_break(statements(session)) is None
    assert [one.batch for one in statements(session)] == list(range(1, len(statements(session)) + 1))


def test_a_root_is_signed_for_anybody_who_has_the_certificate(session, leg):
    seal(session)
    (batch,) = batches(session)
    root = open_root(batch.jws, CERTIFICATES, hub=HUB)
    assert (root.batch, root.count, root.root, root.previous) == (1, batch.count, batch.root, bytes(32))
    assert root.sealed_at == batch.sealed_at == NOW


def test_an_event_that_commits_late_is_sealed_in_a_later_batch(fresh_engine):
    with Session(fresh_engine) as slow, Session(fresh_engine) as session:
        sector = make_sector(session)
        session.commit()
        legs_for(slow, sector, 1)  # its ids are taken, its transaction still open
        take(session, sector, reception=at_counter("senace"))  # of another book
        session.commit()
        first = seal(session)
        session.commit()
        slow.commit()
        second = seal(session)
        session.commit()
        assert first == second > 0
        assert max(one.event_id for one in leaves(session, 2)) < min(one.event_id for one in leaves(session, 1))


def test_of_two_sealers_one_seals_and_the_other_does_not_wait(fresh_engine):
    with Session(fresh_engine) as session:
        legs_for(session, make_sector(session), 1)
        session.commit()
        assert seal_batch(session, SIGNER, HUB, NOW) > 0
        with Session(fresh_engine) as other:
            assert seal_batch(other, SIGNER, HUB, NOW) == 0
            legs_for(other, sector_again(other), 1)  # who files does not wait either
            other.commit()
        session.commit()
        assert seal(session) > 0


def test_many_sealers_at_once_make_one_chain(fresh_engine):
    with Session(fresh_engine) as session:
        legs_for(session, make_sector(session), 12)
        total = waiting(session)
        session.commit()

    def work(_):
        with Session(fresh_engine) as session:
            for _ in range(60):
                seal_batch(session, SIGNER, HUB, NOW, limit=2)
                session.commit()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    with Session(fresh_engine) as session:
        assert sum(one.count for one in batches(session)) == total
        assert first_break(statements(session)) is None and waiting(session) == 0


def test_what_a_sealer_had_not_committed_is_as_if_it_had_never_been(fresh_engine):
    with Session(fresh_engine) as session:
        legs_for(session, make_sector(session), 1)
        session.commit()
        total = seal_batch(session, SIGNER, HUB, NOW)
        session.rollback()
        assert (batches(session), waiting(session)) == ([], total)


@pytest.mark.parametrize("table", ["ledger_batches", "ledger_leaves", "ledger_stamps"])
def test_what_is_sealed_is_not_changed_by_a_slip(session, leg, table):
    seal(session), stamp(session)
    for statement in (f"delete from {table}", f"update {table} set batch_id = 9"):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(text(statement.replace("batch_id", "id") if table == "ledger_batches" else statement))


def test_the_newest_root_is_stamped_once(session, sector):
    assert batch_to_stamp(session) is None
    for _ in range(2):
        legs_for(session, sector, 1), seal(session)
    wanted = stamp(session)
    assert (wanted.batch, wanted.sha256) == (2, statements(session)[1].digest)
    assert stamp(session) is None
    assert not ledger.state(session).is_stamp_pending


def test_after_a_long_silence_older_roots_are_stamped_on_the_way(session):
    many_batches(session, MAX_UNSTAMPED + 5)
    assert [stamp(session).batch, stamp(session).batch, stamp(session)] == [MAX_UNSTAMPED, MAX_UNSTAMPED + 5, None]


def test_an_authority_that_is_down_is_known_since_when_until_it_answers(session, leg):
    seal(session)
    for minute in (0, 1, 2):
        keep_trouble(session, "TSA_TIMEOUT", later(minutes=minute))
    state = ledger.state(session)
    assert (state.stamp_failing_since, state.stamp_code, state.is_stamp_pending) == (NOW, "TSA_TIMEOUT", True)
    stamp(session, later(minutes=3))
    state = ledger.state(session)
    assert (state.stamp_failing_since, state.stamped_batch, state.is_stamp_pending) == (None, 1, False)
    keep_trouble(session, "TSA_REFUSED", later(minutes=9))
    assert ledger.state(session).stamp_failing_since == later(minutes=9)


def test_the_state_tells_what_waits_and_since_when(session, leg):
    before = ledger.state(session)
    assert (before.batches, before.sealed_at, before.waiting_since) == (0, None, NOW) and before.waiting > 1
    seal(session, later(seconds=1))
    after = ledger.state(session)
    assert (after.batches, after.sealed_at, after.waiting, after.waiting_since) == (1, later(seconds=1), 0, None)


def test_every_event_of_a_filing_is_proven_up_to_a_stamp(session, sector):
    (leg,), _ = legs_for(session, sector, 1), legs_for(session, sector, 2, "senace")
    seal(session)
    try_once(session, leg, "ack")
    seal(session, limit=1)
    wanted = stamp(session)
    legs_for(session, sector, 1), seal(session)
    events = session.scalars(select(Event).where(Event.filing_id == leg.filing_id)).all()
    proofs = ledger.proofs(session, leg.filing_id)
    roots = [open_root(one, CERTIFICATES) for one in proofs.roots]
    by_batch = {root.batch: root for root in roots}
    assert first_break(roots) is None and roots[-1].batch == wanted.batch
    assert set(proofs.inclusions) == {event.id for event in events} and proofs.unsealed == ()
    for event in events:
        one = proofs.inclusions[event.id]
        assert merkle.root_from(event.hash, one.index, one.count, one.path) == by_batch[one.batch].root
    (covering,) = proofs.stamps
    assert (covering.batch, covering.at) == (wanted.batch, NOW)


def test_what_is_not_sealed_yet_is_named_and_without_a_stamp_the_chain_goes_to_the_newest(session, sector):
    (leg,), _ = legs_for(session, sector, 1), legs_for(session, sector, 1, "senace")
    seal(session)
    try_once(session, leg, "ack")
    proofs = ledger.proofs(session, leg.filing_id)
    assert len(proofs.unsealed) > 0 and proofs.stamps == () and len(proofs.roots) == 1
    seal(session), many_batches(session, 3)
    proofs = ledger.proofs(session, leg.filing_id)
    assert proofs.unsealed == () and len(proofs.roots) == len(batches(session))


def test_a_chain_too_long_to_give_is_left_out_and_the_root_stands_alone(session, leg):
    seal(session), many_batches(session, MAX_UNSTAMPED + 1)
    assert len(ledger.proofs(session, leg.filing_id).roots) == 1


def test_a_filing_of_which_nothing_is_sealed_has_no_proof_yet(session, leg):
    proofs = ledger.proofs(session, leg.filing_id)
    assert (proofs.inclusions, proofs.roots, proofs.stamps) == ({}, (), ()) and proofs.unsealed


def test_roots_are_read_newest_first_by_pages_and_oldest_first_by_machines(session):
    many_batches(session, 5)
    stamped = stamp(session).batch
    first = ledger.newest_roots(session, limit=2)
    assert [one.statement.batch for one in first] == [5, 4]
    assert first[0].stamped_at == NOW and first[1].stamped_at is None
    assert [one.statement.batch for one in ledger.newest_roots(session, before=4, limit=2)] == [3, 2]
    assert [one.statement.batch for one in ledger.roots_from(session, 4)] == [4, 5]
    root, stamps = ledger.root_of(session, stamped)
    assert (root.statement.sealed_at, [one.at for one in stamps]) == (NOW + timedelta(seconds=4), [NOW])
    with pytest.raises(NotFound):
        ledger.root_of(session, 6)


def test_a_stamp_that_came_twice_is_kept_twice(session, leg):
    seal(session)
    wanted = stamp(session)
    keep_stamp(session, wanted, TimeStamp(b"again", NOW, "TSA de prueba"), NOW)
    assert len(ledger.root_of(session, 1)[1]) == 2
