"""The sealer in a real worker: it seals by itself, one at a time, and stamps with no transaction open."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from sqlalchemy import text
from sqlalchemy.orm import Session

from hub import ledger
from hub.clock import now
from hub.core.roots import first_break
from hub.jobs import ROUNDS, Round
from hub.sealer import seal_events, stamp_roots
from hub.wire.roots import open_root
from tests.fixtures.sandbox import wait_until
from tests.stages.ledger import Authority, statements, waiting
from tests.stages.office import office

__all__ = ["office"]


def asked(office, question, *given):
    with Session(office.engine) as session:
        return question(session, *given)


def with_authority(office):
    authority = Authority()
    return replace(office.tools, stamper=authority), authority


def test_a_worker_seals_and_stamps_at_the_pace_of_its_settings(office):
    by_job = {one.job: one.interval(replace(office.settings, seal_every=0.5, stamp_every=7.0)) for one in ROUNDS}
    assert (by_job[seal_events], by_job[stamp_roots]) == (0.5, 7.0)
    assert Round(seal_events).interval(office.settings) == office.settings.sweep


def test_what_is_filed_is_sealed_with_the_ledger_key_of_the_operator(office):
    office.file()
    assert seal_events(office.tools) > 1 and asked(office, waiting) == 0
    (root,) = asked(office, ledger.newest_roots)
    authority = (office.settings.keys_folder / "ca" / "crt.pem").read_bytes()
    assert open_root(root.jws, (authority,), hub=office.tools.directory.operator.ruc) == root.statement
    assert seal_events(office.tools) == 0


def test_two_workers_seal_one_chain(office):
    other = office.another_worker()
    for _ in range(6):
        office.file()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(seal_events, [office.tools, other.tools] * 3))
    seal_events(office.tools)
    assert asked(office, waiting) == 0 and first_break(asked(office, statements)) is None


def test_without_an_authority_nothing_is_stamped_and_nothing_is_wrong(office):
    office.file(), seal_events(office.tools)
    assert stamp_roots(office.tools) == 0
    assert asked(office, ledger.state).stamp_failing_since is None


def test_the_authority_is_asked_with_no_transaction_open(office):
    tools, authority = with_authority(office)

    def all_are_closed():
        return asked(office, lambda session: session.scalar(text(
            "select count(*) from pg_stat_activity where datname = current_database()"
            " and pid <> pg_backend_pid() and state like 'idle in transaction%'"
        ))) == 0  # fmt: skip

    class Watching:
        def stamp(self, sha256):
            wait_until(all_are_closed, seconds=5)  # the thread that reads the directory has one open for an instant
            return authority.stamp(sha256)

    office.file(), seal_events(tools)
    assert stamp_roots(replace(tools, stamper=Watching())) == 1


def test_an_authority_that_is_down_stops_nobody_and_stamps_later(office):
    tools, authority = with_authority(office)
    authority.is_down = True
    office.file(), seal_events(tools)
    began = now()
    assert (stamp_roots(tools), stamp_roots(tools)) == (0, 0) and len(authority.asked) == 2
    state = asked(office, ledger.state)
    assert state.is_stamp_pending and state.stamp_code == "TSA_TIMEOUT"
    assert began <= state.stamp_failing_since <= now()
    office.file()
    assert seal_events(tools) > 0  # what is filed meanwhile is sealed all the same
    authority.is_down = False
    assert stamp_roots(tools) == 1
    state = asked(office, ledger.state)
    assert (state.stamped_batch, state.stamp_failing_since, state.authority) == (2, None, "TSA de prueba")
    assert stamp_roots(tools) == 0 and len(authority.asked) == 3
