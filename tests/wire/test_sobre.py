"""The five messages as XML: what is written is read back, and nothing is cut."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from hub.core.errors import ContractError
from hub.core.messages import CargoOutcome, Filer, Sobre
from hub.core.ports import NewsKind
from hub.core.statuses import Mode, Movement, RefusalReason
from hub.intake import FILER_LIMITS, TEXT_LIMITS
from hub.models import Delivery
from hub.wire import xml
from hub.wire.news import to_news
from hub.wire.sobre import SHAPES, build, read_message
from tests.wire import sector

XS = {"xs": "http://www.w3.org/2001/XMLSchema"}
ALL = {
    "sobre": sector.sobre(),
    "acuse": sector.acuse(),
    "registered": sector.cargo(CargoOutcome.REGISTERED),
    "observed": sector.cargo(CargoOutcome.OBSERVED),
    "refused": sector.cargo(CargoOutcome.REFUSED, documents=(sector.document(),)),
    "estado": sector.estado(),
    "respuesta": sector.respuesta(),
}


def there_and_back(message):
    return read_message(xml.parse(build(message)))


@pytest.mark.parametrize("name", ALL)
def test_every_message_is_read_back_as_it_was_written(name):
    assert there_and_back(ALL[name]) == ALL[name]


# What XML 1.0 can carry. Accents, quotes, markup, other alphabets and emoji included.
XML_TEXT = st.text(
    st.one_of(
        st.sampled_from("áéíóúñÑü'\"«»<>&]]>\t\n\r  "),
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"),
    ),
    min_size=1,
)


@given(subject=XML_TEXT.filter(lambda text: len(text) <= 500), name=XML_TEXT.filter(lambda text: len(text) <= 200))
@settings(max_examples=150, deadline=None)
def test_any_text_that_xml_can_carry_comes_back_the_same(subject, name):
    message = sector.sobre(subject=subject, documents=(sector.document(file_name=name),))
    assert there_and_back(message) == message


@given(
    at=st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)),
    offset=st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
@settings(max_examples=60, deadline=None)
def test_an_instant_keeps_its_moment_whatever_its_offset(at, offset):
    message = sector.estado(happened_at=at.replace(tzinfo=offset))
    assert there_and_back(message).happened_at == message.happened_at


def test_an_instant_without_offset_is_not_written():
    with pytest.raises(ContractError) as refused:
        build(sector.estado(happened_at=datetime(2026, 11, 23, 9)))
    assert refused.value.code == "ESQUEMA_INVALIDO"


@pytest.mark.parametrize("bad", ["\x00", "\x07", "\x1b[31m", "\x0b", "\ufffe", "\uffff", "\ud800"])
def test_a_character_that_xml_has_not_is_refused_by_the_name_of_its_element(bad):
    with pytest.raises(ContractError) as refused:
        build(sector.sobre(subject=f"Solicita {bad} copia"))
    assert refused.value.code == "ESQUEMA_INVALIDO"
    assert "Asunto" in str(refused.value)


def test_a_refusal_never_repeats_what_the_citizen_wrote():
    with pytest.raises(ContractError) as refused:
        build(sector.sobre(filer=Filer("dni", "10117410", "Rosa Ñahui " * 40)))
    assert "Nombres" in str(refused.value)
    assert "Rosa" not in str(refused.value)


@pytest.mark.parametrize("kind", ["dni", "ce", "passport", "ptp"])
def test_every_identity_document_has_its_word(kind):
    message = sector.sobre(filer=Filer(kind, "A12345678", "Ana"))
    assert there_and_back(message).filer.document_kind == kind


@pytest.mark.parametrize("mode", Mode)
def test_every_mode_has_its_word(mode):
    assert there_and_back(sector.sobre(mode=mode)).mode is mode


@pytest.mark.parametrize("movement", Movement)
def test_every_movement_has_its_word(movement):
    assert there_and_back(sector.estado(movement=movement)).movement is movement


@pytest.mark.parametrize("reason", RefusalReason)
def test_every_reason_of_refusal_has_its_word(reason):
    assert there_and_back(sector.cargo(CargoOutcome.REFUSED, reason=reason)).reason is reason


@pytest.mark.parametrize(
    "incomplete",
    [
        sector.cargo(CargoOutcome.REGISTERED, registry_number=""),
        sector.cargo(CargoOutcome.REGISTERED, items=("una observación",)),
        sector.cargo(CargoOutcome.OBSERVED, items=()),
        sector.cargo(CargoOutcome.REFUSED, reason=None),
        sector.cargo(CargoOutcome.REFUSED, text=""),
        sector.respuesta(documents=()),
        sector.sobre(subject=""),
    ],
)
def test_a_message_that_says_half_is_not_written(incomplete):
    with pytest.raises(ContractError) as refused:
        build(incomplete)
    assert refused.value.code == "ESQUEMA_INVALIDO"


def test_a_day_that_does_not_exist_is_refused():
    raw = build(sector.estado()).replace(b"2026-11-23T14", b"2026-02-30T14")
    assert xml.faults(xml.parse(raw), "sobre.xsd", without="ds:Signature")


def test_the_hour_24_is_refused_not_read_as_something_else():
    raw = build(sector.estado(happened_at=datetime(2026, 11, 23, tzinfo=UTC)))
    raw = raw.replace(b"<FechaHecho>2026-11-23T00:", b"<FechaHecho>2026-11-22T24:")
    with pytest.raises(ContractError) as refused:
        read_message(xml.parse(raw))
    assert refused.value.code == "ESQUEMA_INVALIDO"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("registered", NewsKind.REGISTERED),
        ("observed", NewsKind.OBSERVED),
        ("refused", NewsKind.REFUSED),
        ("estado", NewsKind.MOVEMENT),
        ("acuse", NewsKind.HELD),
    ],
)
def test_what_a_destination_says_becomes_news_with_its_own_bytes(name, kind):
    news = to_news(ALL[name], b"as it came")
    assert (news.kind, news.cuo, news.said_by_ruc) == (kind, "0000012345", sector.IGP)
    assert (news.message_id, news.raw) == (ALL[name].header.message_id, b"as it came")


@pytest.mark.parametrize("name", ["sobre", "respuesta"])
def test_a_message_that_says_nothing_about_a_leg_is_no_news(name):
    with pytest.raises(ContractError) as refused:
        to_news(ALL[name], b"")
    assert refused.value.code == "MENSAJE_NO_ESPERADO"


def lengths_of(type_name):
    """{element: maxLength} of a complex type or a root element of sobre.xsd."""
    types = etree.parse(xml.SCHEMAS / "tipos.xsd")
    schema = etree.parse(xml.SCHEMAS / "sobre.xsd")
    found = {}
    for element in schema.xpath(f"/xs:schema/*[@name='{type_name}']//xs:element[@type]", namespaces=XS):
        path = "//xs:simpleType[@name=$name]//xs:maxLength/@value"
        limit = types.xpath(path, name=element.get("type"), namespaces=XS)
        if limit:
            found[element.get("name")] = int(limit[0])
    return found


def test_what_intake_takes_fits_in_the_schema_to_the_letter():
    sobre, filer = lengths_of("Sobre"), lengths_of("Administrado")
    tags = {part.field: part.tag for part in SHAPES[Sobre]}
    filer_tags = {part.field: part.tag for part in SHAPES[Filer]}
    assert {name: sobre[tags[name]] for name in TEXT_LIMITS} == TEXT_LIMITS
    assert {name: filer[filer_tags[name]] for name in FILER_LIMITS} == FILER_LIMITS


def test_the_longest_values_of_a_sobre_are_written_whole():
    limits = {name: "ñ" * limit for name, limit in TEXT_LIMITS.items()}
    filer = Filer("dni", "10117410", **{name: "ñ" * limit for name, limit in FILER_LIMITS.items()}, ruc=sector.SENACE)
    message = sector.sobre(filer=filer, documents=(sector.document(file_name="ñ" * 200),), **limits)
    assert there_and_back(message) == message


def test_what_a_destination_says_fits_in_the_columns_of_a_leg():
    said = {**lengths_of("Registrado"), **lengths_of("Registro")}
    columns = Delivery.__table__.columns
    for tag, column in {
        "NumeroRegistro": "destination_registry_number",
        "NumeroExpediente": "expediente_number",
        "Unidad": "unit",
        "Funcionario": "official",
    }.items():
        assert said[tag] <= columns[column].type.length


def test_the_lengths_are_those_of_the_national_contract():
    sobre, addressee, cargo = lengths_of("Sobre"), lengths_of("Destinatario"), lengths_of("Registrado")
    assert (sobre["Asunto"], sobre["NumeroDocumento"], lengths_of("Documento")["NombreArchivo"]) == (500, 100, 200)
    assert (addressee["Unidad"], addressee["Nombre"], addressee["Puesto"]) == (150, 100, 100)
    assert (cargo["NumeroRegistro"], lengths_of("Observado")["Observacion"]) == (14, 250)


def test_an_unsigned_message_is_valid_but_for_its_signature():
    root = xml.parse(build(replace(sector.sobre(), documents=())))
    assert not xml.faults(root, "sobre.xsd", without="ds:Signature")
    assert xml.faults(root, "sobre.xsd")
