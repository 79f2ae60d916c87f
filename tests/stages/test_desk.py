"""The counter's search: by number, by identity, by name; only what a seat may see, and always by an index."""

import re

import pytest
from sqlalchemy import select, text

from hub import desk, intake
from hub.core.messages import Filer
from hub.core.statuses import DeliveryStatus
from hub.models import FilerRow
from hub.observations import Asked
from hub.sight import Viewer
from tests.stages.legs import put
from tests.stages.sector import NOW, a_submission, at_counter, make_clerk, take

ROLE = frozenset({"clerk"})
ANA = Filer("dni", "10117410", "Ñahui Quispe, Ana María")
MINE = Filer("dni", "45678901", "Pérez Soto, José", ruc="20131367008", business_name="Minera Los Ríos S.A.C.")


@pytest.fixture
def clerk(session, sector):
    return Viewer(make_clerk(session).id, ROLE, sector.entity("sernanp").id, "central")


@pytest.fixture
def filings(session, sector):
    """Ana's for IGP and Minera's for OEFA, taken at SERNANP."""
    return tuple(
        take(session, sector, a_submission(filer=filer, destination_code=to))[0]
        for filer, to in ((ANA, "igp"), (MINE, "oefa"))
    )


WANTED = [
    ("10117410", 0), ("nahui", 0), ("ÑAHUI ana", 0), ("  Quis  mar ", 0), ("20131367008", 1), ("los rios", 1),
    ("MINERA", 1), ("45678901", 1), ("pérez josé", 1),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "which"), WANTED)
def test_it_is_found_by_who_files(session, clerk, filings, typed, which):
    assert [one.id for one in desk.find(session, clerk, typed).filings] == [filings[which].id]


def test_it_is_found_by_its_numbers(session, clerk, filings):
    ana, _ = filings
    for typed in (ana.filing_number, ana.filing_number.replace("-", ""), f"{ana.entry_sequence}-{ana.entry_year}"):
        assert ana.id in [one.id for one in desk.find(session, clerk, typed).filings]


def test_its_destination_finds_it_by_its_own_number(session, sector, filings):
    igp = Viewer(1, ROLE, sector.entity("igp").id, "central")
    filings[0].deliveries[0].destination_registry_number = "004512-2026"
    put(session, filings[0].deliveries[0], DeliveryStatus.REGISTERED)
    assert [one.id for one in desk.find(session, igp, "004512-2026").filings] == [filings[0].id]


@pytest.mark.parametrize("typed", ["", " ", "x", "'", "& | !", "10117411", "zzz", "%", "1-1", ":*", "ana <-> maría x"])
def test_what_is_nobody_finds_nothing_and_breaks_nothing(session, clerk, filings, typed):
    assert desk.find(session, clerk, typed).filings == ()


def test_nobody_finds_what_is_neither_theirs_nor_for_them(session, sector, filings):
    for body, seen in (("igp", {filings[0].id}), ("oefa", {filings[1].id}), ("senace", set())):
        viewer = Viewer(1, ROLE, sector.entity(body).id, "central")
        found = {one.id for typed, _ in WANTED for one in desk.find(session, viewer, typed).filings}
        assert found == seen


def test_more_than_a_page_says_so(session, sector, clerk):
    for _ in range(desk.PAGE + 1):
        take(session, sector)
    found = desk.find(session, clerk, "quispe")
    assert (len(found.filings), found.is_more) == (desk.PAGE, True)


@pytest.mark.parametrize("typed", ["quispe", "10117410", "20131367008"])
def test_a_search_goes_by_an_index(session, clerk, filings, typed):
    session.execute(text("set local enable_seqscan = off"))
    who = select(FilerRow.id).where(desk.meant_by(clerk, typed))
    asked = who.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    plan = "\n".join(session.connection().exec_driver_sql(f"explain {asked}").scalars())
    assert re.search(r"ix_filers_(words|document_number|ruc)", plan), plan


def test_what_is_observed_stands_by_its_deadline(session, sector, clerk):
    made = intake.receive(
        session, sector, a_submission(), at_counter(clerk_id=clerk.user_id), NOW, observed=Asked(("Falta la firma",))
    )
    session.flush()
    ((filing, observation),) = desk.observed(session, clerk)
    assert (filing.id, observation.items) == (made.id, ["Falta la firma"])
    assert desk.observed(session, Viewer(1, ROLE, sector.entity("igp").id, "central")) == []


@pytest.mark.parametrize(
    ("folios", "pages", "unlike"),
    [(1, 1, False), (1, 2, False), (1, 3, True), (3, 2, True), (3, 6, False), (3, 7, True), (2, None, False)],
)
def test_pages_are_compared_with_folios_and_stop_nothing(folios, pages, unlike):
    assert intake.is_count_unlike(folios, pages) is unlike


def test_both_counts_are_kept(session, sector):
    filing, _ = take(session, sector, a_submission(folios=9))
    session.refresh(filing)
    assert (filing.folios, filing.pages_detected) == (9, 2)
