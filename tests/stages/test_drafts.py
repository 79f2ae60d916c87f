"""A draft keeps what was typed, is opened by its token alone, expires, and becomes a filing once."""

from datetime import date, datetime, timedelta, timezone
from io import BytesIO
from uuid import uuid4

import pikepdf
import pytest
from sqlalchemy import select

from hub import drafted, drafts, email_codes, presenting
from hub.core.bodies import Limits
from hub.core.destinations import find_destinations, meaning_now
from hub.core.errors import Forbidden, InvalidFiling, NotFound
from hub.core.messages import DocumentRole
from hub.core.statuses import Mode
from hub.files import UnreadableFile
from hub.models import Draft, DraftFile, Filing, OutboundMessage
from hub.storage import Store
from tests.stages.sector import NOW, make_sector

SECRET = b"de prueba"
CEILING = 10_000_000
TYPED = {
    "destination": "igp",
    "purpose": drafted.CORRESPONDENCE,
    "person_type": "natural",
    "document_kind": "dni",
    "document_number_of_person": "1011 7410",
    "names": "Quispe Ñahui, Ana",
    "email": "ana@ejemplo.pe",
    "document_type": "solicitud",
    "document_number": "",
    "subject": "Pide los registros\ndel sismo",
}


def a_pdf(pages=2):
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page(page_size=(595, 842))
    out = BytesIO()
    pdf.save(out)
    return out.getvalue()


@pytest.fixture
def store(tmp_path):
    return Store(str(tmp_path / "documents"))


@pytest.fixture
def draft(session):
    return drafts.start(session, TYPED, NOW)


def attach(session, store, draft, role=DocumentRole.MAIN, name="solicitud.pdf", content=None):
    stored = store.put(a_pdf() if content is None else content)
    replaced = drafts.add(session, draft, drafts.look_at(store, role, name, stored), NOW)
    return stored, replaced


def send(session, sector, draft, now=NOW, **options):
    return presenting.send(session, sector, draft, CEILING, now, **{"accepts_notification": False} | options)


def codes(found):
    return {(problem.field, problem.code) for problem in found}


def test_a_draft_is_opened_by_its_token_and_by_no_other(session, draft):
    token = drafts.token_of(SECRET, draft.id)
    assert drafts.find(session, SECRET, token, NOW).id == draft.id
    forged = token[:-1] + ("0" if token[-1] != "0" else "1")
    for wrong in ("", "x" * 64, draft.id.hex, forged, uuid4().hex + token[32:]):
        with pytest.raises(NotFound):
            drafts.find(session, SECRET, wrong, NOW)


def test_a_draft_lives_thirty_days_from_the_last_word(session, draft):
    later = NOW + timedelta(days=29)
    drafts.write(session, draft, {"names": "Otra"}, later)
    token = drafts.token_of(SECRET, draft.id)
    assert drafts.find(session, SECRET, token, later + timedelta(days=29)).values["names"] == "Otra"
    with pytest.raises(NotFound):
        drafts.find(session, SECRET, token, later + timedelta(days=30))


def test_an_expired_draft_is_dropped_with_its_files(session, store, draft):
    stored, _ = attach(session, store, draft)
    assert drafts.drop_expired(session, NOW + timedelta(days=29)) == (0, [])
    assert drafts.drop_expired(session, NOW + timedelta(days=31)) == (1, [stored.object_key])
    assert not session.scalars(select(Draft)).all() and not session.scalars(select(DraftFile)).all()


def test_a_new_main_document_takes_the_place_of_the_one_before(session, store, draft):
    first, _ = attach(session, store, draft)
    attach(session, store, draft, DocumentRole.ANNEX, "plano.dwg", b"AC1032")
    _, replaced = attach(session, store, draft, name="mejor.pdf", content=a_pdf(7))
    assert replaced == [first.object_key]
    assert [(file.file_name, file.pages) for file in drafts.files_of(session, draft)] == [
        ("mejor.pdf", 7), ("plano.dwg", None),
    ]  # fmt: skip
    assert drafts.remove(session, draft, uuid4()) == []


def test_a_draft_becomes_one_filing_of_the_destinations_own_counter(session, store, draft):
    sector = make_sector(session)
    stored, _ = attach(session, store, draft)
    filing = send(session, sector, draft)
    assert (filing.channel, filing.counter_code, filing.clerk_id) == ("online", "central", None)
    assert filing.received_by_id == filing.destination_id == sector.entity("igp").id
    assert (filing.subject, filing.document_number, filing.folios) == ("Pide los registros del sismo", "s/n", 2)
    assert (filing.filer.document_number, filing.deliveries[0].mode) == ("10117410", Mode.OWN)
    assert [document.object_key for document in filing.documents] == [stored.object_key]
    assert (draft.filing_id, draft.values) == (filing.id, {})
    assert drafts.files_of(session, draft) == []
    with pytest.raises(Forbidden, match="draft"):
        send(session, sector, draft)
    letters = session.scalars(select(OutboundMessage).where(OutboundMessage.filing_id == filing.id)).all()
    assert "constancia" in [letter.content.get("letter") for letter in letters]


def test_a_sent_draft_takes_nothing_more_and_its_documents_outlive_it(session, store, draft, tmp_path):
    stored, _ = attach(session, store, draft)
    send(session, make_sector(session), draft)
    with pytest.raises(Forbidden):
        drafts.write(session, draft, {"names": "Otra"}, NOW)
    assert drafts.drop_expired(session, NOW + timedelta(days=99)) == (1, [])
    assert (tmp_path / "documents" / stored.object_key).exists()


def test_every_thing_that_stops_a_draft_is_named_by_its_field(session):
    found = presenting.problems(make_sector(session), drafts.start(session, {}, NOW), (), CEILING, NOW)
    assert codes(found) >= {
        ("destination", "DESTINATION_MISSING"), ("purpose", "CHOICE_REQUIRED"), ("person_type", "CHOICE_REQUIRED"),
        ("names", "NAMES_MISSING"), ("email", "CONTACT_MISSING"), ("subject", "SUBJECT_MISSING"),
        ("document_type", "DOCUMENT_TYPE_MISSING"), ("main_document", "MAIN_DOCUMENT_MISSING"),
    }  # fmt: skip


@pytest.mark.parametrize("way", [{"phone": "987654321"}, {"address": "Jirón Ancash 12, Huaraz"}])
def test_one_way_to_be_found_is_enough(session, store, way):
    draft = drafts.start(session, TYPED | {"email": ""} | way, NOW)
    attach(session, store, draft)
    assert send(session, make_sector(session), draft).filing_number


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"person_type": "legal"}, ("ruc", "RUC_LENGTH")),
        ({"person_type": "legal", "ruc": "20492966659", "business_name": "X"}, ("ruc", "RUC_CHECK_DIGIT")),
        ({"document_number_of_person": "1011741"}, ("document_number_of_person", "DNI_LENGTH")),
        ({"phone": "12"}, ("phone", "PHONE_INVALID")),
        ({"purpose": "no-existe"}, ("procedure", "PROCEDURE_UNKNOWN")),
    ],
)
def test_what_cannot_be_stops_it(session, store, typed, problem):
    draft = drafts.start(session, TYPED | typed, NOW)
    attach(session, store, draft)
    with pytest.raises(InvalidFiling) as caught:
        send(session, make_sector(session), draft)
    assert codes(caught.value.problems) == {problem}
    assert session.scalars(select(Filing)).all() == []


@pytest.mark.parametrize(
    ("limits", "problem"),
    [
        (Limits(main_bytes=100), ("main_document", "FILE_TOO_LARGE")),
        (Limits(annex_bytes=3), ("annexes", "FILE_TOO_LARGE")),
        (Limits(total_bytes=200), ("annexes", "TOTAL_TOO_LARGE")),
        (Limits(files=1), ("annexes", "TOO_MANY_FILES")),
        (Limits(annex_types=("application/pdf", "image/png")), ("annexes", "FILE_TYPE")),
    ],
)
def test_what_the_destination_publishes_binds_the_online_form(session, store, draft, limits, problem):
    attach(session, store, draft)
    attach(session, store, draft, DocumentRole.ANNEX, "datos.csv", b"a,b\n")
    with pytest.raises(InvalidFiling) as caught:
        send(session, make_sector(session, igp={"limits": limits}), draft)
    assert codes(caught.value.problems) == {problem}


def test_kinds_that_look_alike_are_not_told_apart(session, store, draft):
    attach(session, store, draft)
    attach(session, store, draft, DocumentRole.ANNEX, "datos.csv", b"a,b\n")
    assert send(session, make_sector(session, igp={"limits": Limits(annex_types=("text/csv",))}), draft)


def test_what_has_no_field_of_its_own_travels_in_the_additional_information(session, store):
    typed = TYPED | {"additional_information": "Urge", "fee_receipt": "00123", "capacity": "Gerente"}
    draft = drafts.start(session, typed, NOW)
    attach(session, store, draft)
    filing = send(session, make_sector(session), draft)
    assert filing.additional_information == "Urge\nComprobante de pago: 00123\nRepresenta en calidad de: Gerente"


def test_an_address_that_nobody_proved_takes_no_notification(session, store, draft):
    attach(session, store, draft)
    assert not send(session, make_sector(session), draft, accepts_notification=True).accepts_notification


def test_a_main_document_that_nobody_could_open_is_named_at_once(store):
    with pytest.raises(UnreadableFile, match="FILE_NOT_PDF"):
        drafts.look_at(store, DocumentRole.MAIN, "nota.pdf", store.put(b"hola"))


def lima(day, hour, minute):
    return datetime(2026, 11, day, hour, minute, tzinfo=timezone(timedelta(hours=-5)))


@pytest.mark.parametrize(
    ("now", "considered", "starts", "minutes"),
    [
        (lima(20, 16, 31), date(2026, 11, 20), date(2026, 11, 23), None),
        (lima(20, 23, 30), date(2026, 11, 20), date(2026, 11, 23), 30),
        (lima(20, 23, 59), date(2026, 11, 20), date(2026, 11, 23), 1),
        (lima(21, 23, 45), date(2026, 11, 23), date(2026, 11, 24), None),
    ],
)
def test_what_sending_now_means(session, now, considered, starts, minutes):
    sector = make_sector(session)
    meaning = meaning_now(sector, sector.entity("igp"), now)
    assert (meaning.considered_on, meaning.clock_start, meaning.minutes_left) == (considered, starts, minutes)


def test_a_destination_is_found_without_accents_by_name_or_acronym(session):
    sector = make_sector(session)
    assert [body.code for body in find_destinations(sector, "institucion IGP", NOW.date())] == ["igp"]
    assert [body.code for body in find_destinations(sector, "Sénace", NOW.date())] == ["senace"]
    assert len(find_destinations(sector, "", NOW.date())) == 5


class TestCodes:
    def test_a_code_is_good_once_and_for_its_address(self, session):
        code_id = email_codes.send(session, "ana@ejemplo.pe", NOW)
        code = email_codes.code_of(SECRET, code_id)
        assert len(code) == 6
        assert not email_codes.is_code(session, SECRET, code_id, "otra@ejemplo.pe", code, NOW)
        assert email_codes.is_code(session, SECRET, code_id, "ana@ejemplo.pe", f" {code[:3]} {code[3:]}", NOW)
        assert not email_codes.is_code(session, SECRET, code_id, "ana@ejemplo.pe", code, NOW)

    def test_five_tries_and_fifteen_minutes(self, session):
        code_id = email_codes.send(session, "ana@ejemplo.pe", NOW)
        code = email_codes.code_of(SECRET, code_id)
        late = NOW + timedelta(minutes=15)
        assert not email_codes.is_code(session, SECRET, code_id, "ana@ejemplo.pe", code, late)
        for _ in range(5):
            assert not email_codes.is_code(session, SECRET, code_id, "ana@ejemplo.pe", "x", NOW)
        assert not email_codes.is_code(session, SECRET, code_id, "ana@ejemplo.pe", code, NOW)

    def test_no_code_is_written_down(self, session):
        code_id = email_codes.send(session, "ana@ejemplo.pe", NOW)
        [letter] = session.scalars(select(OutboundMessage).where(OutboundMessage.filing_id.is_(None))).all()
        assert email_codes.code_of(SECRET, code_id) not in str(letter.content)
        assert email_codes.drop_expired(session, NOW + timedelta(hours=1)) == 1
