"""Tracking: what the holder of the number and key, or of the link, sees: the way and the dates, nobody's data."""

from dataclasses import asdict
from datetime import timedelta

import pytest
from sqlalchemy import select

from hub import tracking
from hub.cargos import apply
from hub.core.errors import NotFound
from hub.core.identifiers import tracking_key
from hub.core.messages import Filer
from hub.core.statuses import Author, DeliveryStatus, FilingStatus, Movement, RefusalReason
from hub.models import Observation
from hub.observations import notify
from hub.routing import send_again
from tests.stages.legs import add_leg, later, news, try_once
from tests.stages.sector import NOW, a_submission, at_counter, make_clerk, make_sector, take

SECRET = b"a secret of the tests"


@pytest.fixture
def directory(session):
    return make_sector(session)


@pytest.fixture
def filing(session, directory):
    clerk = make_clerk(session)
    return take(session, directory, reception=at_counter(clerk_id=clerk.id))[0]


@pytest.fixture
def leg(filing):
    return filing.deliveries[0]


@pytest.fixture
def track(session, directory, filing):
    return lambda: tracking.track(session, directory, filing)


def test_a_new_filing_has_a_line_that_its_counter_says_and_one_that_it_leaves(track, filing):
    line, leaving = track().lines
    assert (leaving.kind, leaving.author, leaving.happened_at) == ("queued", Author.HUB, NOW)
    assert (line.kind, line.author, line.happened_at, line.said_by) == ("presented", Author.CLERK, NOW, "")
    assert line.data["counter"] == "sernanp/central"
    assert track().status is FilingStatus.ON_ITS_WAY
    assert track().counter == "Sede central"
    assert track().last_news_at == NOW


def test_the_way_is_told_in_order_each_line_with_its_instant_and_who_says_it(session, directory, leg, track):
    try_once(session, leg, "ack", later(seconds=2), held_since=later(seconds=1))
    said = [
        news(leg, "registered", later(minutes=5), registry_number="00077", expediente_number="EXP-9", unit="Mesa"),
        news(leg, "movement", later(hours=1), movement=Movement.IN_PROCESS, unit="Sismología"),
        news(leg, "movement", later(days=3), movement=Movement.ANSWERED, unit="Sismología"),
    ]
    for one in said:
        apply(session, directory, one, one.happened_at + timedelta(minutes=1))
    session.flush()
    found = track()
    assert [line.kind for line in found.lines] == ["presented", "queued", "sent", "registered", "movement", "movement"]
    assert {line.said_by for line in found.lines[2:]} == {"Institución IGP"}
    assert [line.happened_at for line in found.lines[2:4]] == [later(seconds=1), later(minutes=5)]
    assert found.lines[3].known_at == later(minutes=6)
    assert (found.registry_number, found.expediente_number, found.unit) == ("00077", "EXP-9", "Sismología")
    assert (found.status, found.leg_status) == (FilingStatus.ANSWERED, DeliveryStatus.REGISTERED)
    assert found.last_news_at == later(days=3, minutes=1)


def test_nothing_of_the_house_is_a_line():
    assert tracking.PUBLIC_EVENTS.isdisjoint({"parked", "set_aside", "opened", "applied_by_hand", "link_opened"})


def test_what_is_asked_is_told_once_it_is_notified_and_why_it_is_refused_while_it_counts(
    session, directory, leg, track
):
    apply(session, directory, news(leg, "observed", items=("Falta la firma",), text="En la última hoja"), NOW)
    assert (track().asking.is_notified, track().asking.items, track().asking.note) == (False, (), "")
    (observation,) = session.scalars(select(Observation).where(Observation.delivery_id == leg.id))
    notify(session, directory, observation, later(hours=1), "opened")
    assert (track().asking.items, track().asking.note) == (("Falta la firma",), "En la última hoja")
    later_on = news(leg, "refused", later(days=1), reason=RefusalReason.ILLEGIBLE, text="No se lee")
    apply(session, directory, later_on, later(days=1))
    assert (track().asking, track().refused_because) == (None, "No se lee")


def test_no_personal_data_is_in_a_track(session, directory):
    filer = Filer(
        "dni", "10117410", "Ana Quispe Ñahui", "ana@ejemplo.pe", "987654321", "Jr. Puno 12", "20100070970", "ACME SAC"
    )
    filing, leg = take(session, directory, a_submission(filer=filer, subject="Denuncio a Juan Pérez"))
    apply(session, directory, news(leg, "refused", reason=RefusalReason.OTHER, text="No se lee"), NOW)
    said = "Ana Quispe llamó"
    apply(session, directory, news(leg, "movement", later(hours=1), movement=Movement.CLOSED, text=said), NOW)
    session.flush()
    shown = repr(asdict(tracking.track(session, directory, filing)))
    for secret in ("Quispe", "10117410", "ana@ejemplo", "987654321", "Puno", "20100070970", "ACME", "Juan", "llamó"):
        assert secret not in shown, secret


def test_what_a_person_of_the_house_writes_is_not_told(session, leg, track):
    try_once(session, leg, "permanent", code="RECEPTOR_EQUIVOCADO")
    send_again(session, leg.cuo, "Hablé con la señora Quispe", "7", later(hours=1))
    session.flush()
    last = track().lines[-1]
    assert (last.kind, last.data, last.said_by) == ("sent_again", {}, "")


def test_a_refusal_tells_its_reason_and_the_competent_body(session, directory, leg, track):
    one = news(leg, "refused", reason=RefusalReason.NOT_COMPETENT, text="No es de aquí", right_body_ruc="20556097055")
    apply(session, directory, one, NOW)
    session.flush()
    assert track().lines[-1].data == {"reason": "NO_COMPETE", "right_body": "20556097055"}


def test_an_officer_of_a_hosted_body_speaks_for_it(session, directory):
    filing, leg = take(session, directory, a_submission(destination_code="minam"))
    apply(session, directory, news(leg, "registered", by="minam"), NOW, author=Author.OFFICER, said_by="minam")
    session.flush()
    line = tracking.track(session, directory, filing).lines[-1]
    assert (line.author, line.said_by) == (Author.OFFICER, "Institución MINAM")


def test_the_leg_shown_is_the_newest_that_still_goes_somewhere(session, directory, leg, track):
    following = add_leg(session, leg, directory.entity("senace").id)
    assert track().destination.code == "senace"
    following.status = DeliveryStatus.CANCELLED
    session.flush()
    assert (track().destination.code, track().leg_status) == ("igp", DeliveryStatus.QUEUED)


# Number and key


def test_number_and_key_open_a_filing(session, filing):
    key = tracking_key(SECRET, filing.filing_number, filing.key_version)
    typed = f" {key[:4].lower()}-{key[4:]} "
    assert tracking.by_number(session, filing.filing_number, typed, SECRET).id == filing.id


def test_a_wrong_key_and_a_number_nobody_has_are_not_told_apart(session, filing):
    key = tracking_key(SECRET, filing.filing_number, filing.key_version)
    other = "0" if key[0] != "0" else "1"
    tries = [
        (filing.filing_number, other + key[1:]),
        (filing.filing_number, ""),
        (filing.filing_number, "ñ\x00"),
        ("2026-9999999-9", key),
        ("", ""),
        ("' or 1=1 --", key),
    ]
    codes = set()
    for number, typed in tries:
        with pytest.raises(NotFound) as caught:
            tracking.by_number(session, number, typed, SECRET)
        codes.add(caught.value.code)
    assert codes == {"TRACKING_NOT_FOUND"}


def test_a_key_that_was_changed_opens_nothing_any_more(session, filing):
    old = tracking_key(SECRET, filing.filing_number, filing.key_version)
    filing.key_version += 1
    session.flush()
    with pytest.raises(NotFound):
        tracking.by_number(session, filing.filing_number, old, SECRET)


def test_the_code_of_the_qr_opens_its_filing(session, filing):
    assert tracking.by_code(session, f" {filing.verification_code.lower()} ").id == filing.id


@pytest.mark.parametrize("code", ["", "AAAA-AAAA-AAAA-AAAA", "\x00", "%", "A" * 5000, "ÑÑÑÑ-ÑÑÑÑ-ÑÑÑÑ-ÑÑÑÑ"])
def test_a_code_that_was_never_printed_opens_nothing(session, code):
    with pytest.raises(NotFound):
        tracking.by_code(session, code)
