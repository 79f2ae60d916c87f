"""Staff: who may give which role, what a unit narrows, a second step that opens once, a trail for its own."""

from datetime import timedelta

import pyotp
import pytest

from hub import assigning, inbox, own_documents, second_factor, staff, trail_search, units
from hub.cargos import apply
from hub.core.errors import ForbiddenStep, InvalidFiling, NotFound
from hub.core.ports import NewsKind
from hub.core.statuses import Movement
from hub.inbox import Wanted
from hub.models import SecondFactor
from hub.own_documents import Officer
from hub.receiving import read_news
from hub.sight import Viewer
from hub.staff import GRANTS, Manager, Member
from hub.trail_search.asked import Wanted as Searched
from tests.stages.legs import news
from tests.stages.sector import NOW, a_submission, make_clerk, make_sector, take

KEY = b"clave de prueba"
EVERY_ROLE = (*staff.BODY, "sector_admin", "operator")


@pytest.fixture
def sector(session):
    return make_sector(session)


def viewer_of(directory, body, *roles, user_id=0, unit_id=0):
    return Viewer(user_id, frozenset(roles), directory.entity(body).id, "central", unit_id)


def manager_of(directory, body, role, of=None):
    return Manager(viewer_of(directory, of or body, role), directory.entity(body))


@pytest.mark.parametrize("given", EVERY_ROLE)
@pytest.mark.parametrize("giver", EVERY_ROLE)
def test_nobody_gives_a_role_above_their_own(session, sector, giver, given):
    manager = manager_of(sector, "minam", giver)
    member = Member("Ana", "ana@ejemplo.pe", given, "central")
    wrong = {problem.code for problem in staff.check(session, manager, member)}
    assert ("ROLE_NOT_YOURS" not in wrong) is (given in GRANTS.get(giver, ()))


@pytest.mark.parametrize("giver", [role for role in EVERY_ROLE if role != "sector_admin"])
def test_nobody_gives_a_role_in_another_body(session, sector, giver):
    manager = manager_of(sector, "sernanp", giver, of="minam")
    assert manager.grants == frozenset()
    with pytest.raises(InvalidFiling):
        staff.invite(session, manager, Member("Ana", "ana@ejemplo.pe", "clerk", "central"), NOW)


def test_who_holds_a_role_one_cannot_give_is_not_changed(session, sector):
    coordinator = manager_of(sector, "minam", "entity_coordinator")
    above = make_clerk(session, "minam")
    above.roles = [staff.role_row(session, "sector_admin"), staff.role_row(session, "officer")]
    for change in (staff.reset, lambda *a: staff.switch(*a, is_on=False), staff.member):
        with pytest.raises(NotFound):
            change(session, coordinator, above.id, *(() if change is staff.member else (NOW,)))


@pytest.fixture
def leg(session, sector):
    """A leg in SERNANP's inbox, registered."""
    found = take(session, sector, a_submission(destination_code="sernanp"))[1]
    for kind in (NewsKind.HELD, NewsKind.REGISTERED):
        apply(session, sector, news(found, kind, NOW, by="sernanp"), NOW)
    session.flush()
    return found


def test_a_unit_sees_a_leg_while_it_stands_with_it(session, sector, leg):
    body, clerk = sector.entity("sernanp"), make_clerk(session)
    fauna, flora = (units.add(session, body, name, clerk.id, NOW) for name in ("Fauna", "Flora"))
    officer = viewer_of(sector, "sernanp", "officer", user_id=clerk.id)
    member = viewer_of(sector, "sernanp", "collaborator", user_id=clerk.id, unit_id=fauna.id)
    for unit, is_seen in ((fauna, True), (flora, False), (fauna, True)):
        assigning.pass_to_unit(session, sector, officer, leg.cuo, unit.id, "", read_news, NOW + timedelta(1))
        assert (leg in inbox.legs(session, member)) is is_seen
        assert leg in inbox.legs(session, officer, Wanted(unit_id=unit.id))
        assert leg.unit == unit.name
    assert [unit.name for _, unit in units.passed(session, leg.id)] == ["Fauna", "Flora", "Fauna"]


def test_a_leg_that_is_not_registered_is_passed_to_nobody(session, sector):
    clerk = make_clerk(session)
    unit = units.add(session, sector.entity("sernanp"), "Fauna", clerk.id, NOW)
    early = take(session, sector, a_submission(destination_code="sernanp"))[1]
    apply(session, sector, news(early, NewsKind.HELD, NOW, by="sernanp"), NOW)
    officer = viewer_of(sector, "sernanp", "officer", user_id=clerk.id)
    with pytest.raises(ForbiddenStep):
        assigning.pass_to_unit(session, sector, officer, early.cuo, unit.id, "", read_news, NOW)


def test_what_was_put_away_is_listed_apart(session, sector, leg):
    officer = viewer_of(sector, "sernanp", "officer", user_id=make_clerk(session).id)
    apply(session, sector, news(leg, NewsKind.MOVEMENT, NOW, by="sernanp", movement=Movement.CLOSED), NOW)
    assigning.archive(session, officer, leg.cuo, NOW)
    assigning.archive(session, officer, leg.cuo, NOW)
    assert leg not in inbox.legs(session, officer)
    assert leg in inbox.legs(session, officer, Wanted(is_archived=True))
    assigning.take_up(session, officer, leg.cuo, NOW)
    assert leg in inbox.legs(session, officer)
    kinds = [event.kind for event in inbox.events(session, leg)]
    assert (kinds.count("archived"), kinds.count("taken_up")) == (1, 1)


def test_a_bodys_own_document_is_presented_at_its_destination(session, sector):
    body, clerk = sector.entity("sernanp"), make_clerk(session)
    officer = Officer(clerk.id, "Elena Vargas", "elena@ejemplo.pe", "dni", "10117410")
    submission = own_documents.as_body(a_submission(destination_code="igp"), body, officer)
    filing = own_documents.send(session, sector, body, submission, clerk.id, NOW)
    assert (filing.channel, filing.filer.ruc, filing.deliveries[0].mode) == ("entity", body.ruc, "own")
    assert filing.received_by_id == sector.entity("igp").id
    mine, theirs = (viewer_of(sector, code, "officer") for code in ("sernanp", "minam"))
    assert filing in own_documents.of_body(session, mine)
    assert own_documents.of_body(session, theirs) == []
    with pytest.raises(NotFound):
        own_documents.of_number(session, theirs, filing.filing_number)


def confirmed(session):
    """A person whose telephone knows its secret: (account, codes on paper)."""
    user = make_clerk(session)
    row = second_factor.begin(session, user.id)
    code = pyotp.TOTP(second_factor.secret_of(KEY, row)).at(NOW)
    return user, second_factor.confirm(session, KEY, user, code, NOW)


def test_a_code_opens_once_within_its_half_minute_and_its_neighbours(session):
    user, codes = confirmed(session)
    assert len(codes) == second_factor.RECOVERY_CODES
    totp = pyotp.TOTP(second_factor.secret_of(KEY, session.get(SecondFactor, user.id)))
    later = NOW + timedelta(minutes=5)
    assert not second_factor.passes(session, KEY, user, totp.at(NOW), NOW)
    assert not second_factor.passes(session, KEY, user, totp.at(later - timedelta(minutes=1)), later)
    assert second_factor.passes(session, KEY, user, totp.at(later - timedelta(seconds=30)), later)
    assert not second_factor.passes(session, b"otra clave", user, totp.at(later), later)
    assert second_factor.passes(session, KEY, user, totp.at(later), later)
    assert not second_factor.passes(session, KEY, user, totp.at(later), later)
    assert second_factor.passes(session, KEY, user, codes[0], later)
    assert not second_factor.passes(session, KEY, user, codes[0], later)
    assert not second_factor.passes(session, KEY, user, "", later)


def test_a_forgotten_second_step_begins_with_another_secret(session):
    user, codes = confirmed(session)
    before = second_factor.secret_of(KEY, session.get(SecondFactor, user.id))
    second_factor.forget(session, user.id)
    assert not second_factor.is_on(session, user.id)
    assert not second_factor.passes(session, KEY, user, codes[1], NOW)
    assert second_factor.secret_of(KEY, second_factor.begin(session, user.id)) != before


@pytest.mark.parametrize(
    ("role", "body", "sees"),
    [("entity_coordinator", "minam", True), ("auditor", "minam", True), ("entity_coordinator", "igp", False),
     ("officer", "minam", False), ("sector_admin", "igp", True), ("seat_coordinator", "minam", False)],
)  # fmt: skip
def test_the_trail_of_a_body_is_for_its_own_and_for_the_sector(session, sector, role, body, sees):
    units.add(session, sector.entity("minam"), "Archivo", make_clerk(session).id, NOW)
    session.flush()
    found = trail_search.page(session, viewer_of(sector, body, role), body, Searched(kind="unit_opened")).lines
    assert any(one.entity_code == "minam" for one in found) is sees
