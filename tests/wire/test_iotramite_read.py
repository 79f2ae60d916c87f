"""What entities tell us under the national contract, in every form that was seen."""

import base64
from datetime import datetime, timedelta, timezone

import pytest

from hub.core.errors import ContractError
from hub.core.ports import CannotTell, Has, HasNot, NewsKind
from hub.core.statuses import FilingStatus
from hub.wire.iotramite import answers, sentences
from hub.wire.iotramite.codes import taken_text
from hub.wire.iotramite.dates import read_instant, write_instant
from hub.wire.iotramite.envelope import NotAnEnvelope, read_envelope, values_of, write_answer
from hub.wire.iotramite.fields import CONSULTAR, NAMESPACE_A
from hub.wire.iotramite.files import encode_twice, read_pdf
from hub.wire.iotramite.read import read_answer, read_cargo, read_consulta
from hub.wire.iotramite.texts import repair
from hub.wire.iotramite.validation import cargo_problem
from tests.fixtures.parcels import NOW, OEFA, PDF

CUO = "0000012345"
ONCE, TWICE = base64.b64encode(PDF).decode(), encode_twice(PDF)


def soap(inside, prolog=""):
    body = f'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>{inside}</s:Body></s:Envelope>'
    return (prolog + body).encode()


def consulta_answer(**values):
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in values.items())
    return soap(
        '<n:consultarTramiteResponseResponse xmlns:n="http://ws.wsiotramite.segdi.gob.pe/">'
        f"<return>{inner}</return></n:consultarTramiteResponseResponse>"
    )


def ask(**values):
    return read_consulta(consulta_answer(**values), CUO, OEFA, NOW)


def test_twice_is_what_every_stack_puts_on_the_wire():
    assert TWICE == "SlZCRVJpMHhMalFLYUdWc2JHOGdjR1Jt"


@pytest.mark.parametrize("text", [ONCE, TWICE, "\n".join(TWICE), f"  {ONCE}\n"])
def test_a_pdf_is_read_from_one_layer_or_two(text):
    assert read_pdf(text) == PDF


@pytest.mark.parametrize("text", ["", "no es base64 ñ", base64.b64encode(b"hola").decode(), "JVBER", "%%%"])
def test_what_holds_no_pdf_is_none(text):
    assert read_pdf(text) is None


def consulted(known):
    """The envelope that tells it."""
    return write_answer(NAMESPACE_A, CONSULTAR, [answers.consulta(known)])


LOCAL = timezone(timedelta(hours=-5))


@pytest.mark.parametrize(("text", "instant"), [
    ("2026-11-21T19:09:49.813Z", datetime(2026, 11, 21, 19, 9, 49, 813000, timezone.utc)),
    ("2026-11-21T14:09:49-05:00", datetime(2026, 11, 21, 14, 9, 49, 0, LOCAL)),
    ("2026-11-21T14:09:49-0500", datetime(2026, 11, 21, 14, 9, 49, 0, LOCAL)),
    ("2026-11-21T14:09:49", datetime(2026, 11, 21, 14, 9, 49, 0, LOCAL)),
    ("2026-11-21 14:09", datetime(2026, 11, 21, 14, 9, 0, 0, LOCAL)),
    ("2019-08-01", datetime(2019, 8, 1, tzinfo=LOCAL)),
    ("2025/06/01", datetime(2025, 6, 1, tzinfo=LOCAL)),
    ("01/06/2025", datetime(2025, 6, 1, tzinfo=LOCAL)),
    ("02021-03-04T00:00:00", datetime(2021, 3, 4, tzinfo=LOCAL)),
    ("2026-11-21T00:00:00.1234567890+05:30", datetime(2026, 11, 20, 18, 30, 0, 123456, timezone.utc)),
])  # fmt: skip
def test_dates_are_read_in_every_form_seen(text, instant):
    assert read_instant(text) == instant


@pytest.mark.parametrize("text", ["", "ayer", "2026-02-30", "2026-13-01T00:00:00", "2026-01-01T25:00:00", "20260101"])
def test_what_is_no_date_is_none(text):
    assert read_instant(text) is None


def test_instants_go_out_in_local_time_with_their_offset():
    assert write_instant(datetime(2026, 11, 21, 3, 0, tzinfo=timezone.utc)) == "2026-11-20T22:00:00-05:00"


@pytest.mark.parametrize(("broken", "whole"), [
    ("AtenciÃ³n seÃ±or", "Atención señor"),
    ("NÂ° 5", "N° 5"),
    ("Atención señor", "Atención señor"),
    ("Ã la carte", "Ã la carte"),
    ("", ""),
])  # fmt: skip
def test_double_utf8_is_repaired_and_nothing_else_is_touched(broken, whole):
    assert repair(broken) == whole


def test_an_answer_is_read_whatever_is_missing():
    def said(inner):
        answer = read_answer(soap(f'<n:xResponse xmlns:n="urn:x">{inner}</n:xResponse>'))
        return answer.code, answer.text

    assert said("<return><vcodres>0000</vcodres><vdesres>bien</vdesres></return>") == ("0000", "bien")
    assert said("<return><vcodres>-1</vcodres></return>") == ("-1", "")
    assert said("<return/>") == ("", "")
    assert said("") == ("", "")


@pytest.mark.parametrize("values", [
    {"vcodres": "-1"},
    {"vcodres": "-1", "vdesres": "Error en el servicio de la entidad receptora"},
    {"vcodres": "0003", "vdesres": "Error en el servicio de la entidad receptora"},
    {"vcodres": "0001", "vdesres": "Error en el servicio de la entidad receptora"},
    {"vcodres": "", "vdesres": ""},
    {},
    {"vcodres": "0000", "vcuo": "9999999999", "cflgest": "R"},
])  # fmt: skip
def test_an_answer_that_says_neither_yes_nor_no_cannot_tell(values):
    assert isinstance(ask(**values), CannotTell)


def test_an_unknown_cuo_is_has_not():
    assert isinstance(ask(vcodres="0001", vdesres="DATOS NO ENCONTRADOS"), HasNot)
    assert isinstance(ask(vcodres="0001"), HasNot)
    assert isinstance(ask(vdesres="DATOS NO ENCONTRADOS"), HasNot)


def test_a_pending_document_is_held_without_news():
    for values in ({"vcodres": "0000", "cflgest": "P"}, {"vcodres": "0000"}, {"cflgest": "P"}):
        answer = ask(**values)
        assert isinstance(answer, Has) and answer.news == ()


def test_a_registered_document_is_news_with_its_cargo():
    answer = ask(
        vcodres="0000", vdesres="DATOS ENCONTRADOS", vnumregstd="000123", vanioregstd="2026", vuniorgstd="Archivo",
        dfecregstd="2026-11-21T10:00:00", vusuregstd="LPAZ", bcarstd=TWICE, cflgest="R",
    )  # fmt: skip
    (news,) = answer.news
    assert news.kind is NewsKind.REGISTERED
    assert (news.cuo, news.said_by_ruc, news.registry_number, news.registry_year) == (CUO, OEFA, "000123", "2026")
    assert (news.unit, news.official, news.cargo_pdf) == ("Archivo", "LPAZ", PDF)
    assert news.happened_at == datetime(2026, 11, 21, 15, 0, tzinfo=timezone.utc)


def test_an_observed_document_is_news_with_its_reason():
    (news,) = ask(vcodres="0000", cflgest="O", vobs="Falta la firma").news
    assert (news.kind, news.text, news.items) == (NewsKind.OBSERVED, "Falta la firma", ("Falta la firma",))
    assert news.happened_at == NOW


def test_a_fault_cannot_tell_and_garbage_is_no_envelope():
    fault = soap("<s:Fault><faultcode>s:Server</faultcode><faultstring>Error en el servicio</faultstring></s:Fault>")
    assert read_consulta(fault, CUO, OEFA, NOW).detail == "Error en el servicio"
    for garbage in (b"", b"<html><body>502</body></html>", b"\x00\x01", b"<a><b>", soap("")):
        with pytest.raises((NotAnEnvelope, ContractError)):
            read_consulta(garbage, CUO, OEFA, NOW)


def cargo(wrapper="request", **change):
    values = {
        "vrucentrem": OEFA, "vrucentrec": "20492966658", "vcuo": CUO, "vcuoref": "", "vnumregstd": "000123",
        "vanioregstd": "2026", "dfecregstd": "2026-11-21T10:00:00-05:00", "vuniorgstd": "Archivo",
        "vusuregstd": "LPAZ", "bcarstd": TWICE, "cflgest": "R",
    } | change  # fmt: skip
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in values.items() if value is not None)
    inner = f"<{wrapper}>{inner}</{wrapper}>" if wrapper else inner
    return soap(f'<n:cargoResponse xmlns:n="http://ws.wsiopidetramite.segdi.gob.pe/">{inner}</n:cargoResponse>')


@pytest.mark.parametrize("wrapper", ["request", "cargoRequest", "CargoTramite", "arg0", ""])
def test_a_cargo_is_read_under_any_wrapper_and_under_none(wrapper):
    call = read_envelope(cargo(wrapper))
    values = values_of(call.element)
    assert call.operation == "cargoResponse"
    assert cargo_problem(values) is None
    news = read_cargo(values, OEFA, NOW, cargo(wrapper))
    assert (news.kind, news.registry_number, news.cargo_pdf) == (NewsKind.REGISTERED, "000123", PDF)
    assert news.raw == cargo(wrapper)


@pytest.mark.parametrize(("change", "sentence"), [
    ({"vcuo": None}, "CUO no especificado"),
    ({"vcuo": ""}, "CUO no especificado"),
    ({"vcuo": "99999"}, "CUO no valido"),
    ({"cflgest": ""}, "Código de Estado no especificado"),
    ({"cflgest": "P"}, "Código de Estado inválido"),
    ({"vnumregstd": ""}, "Número de registro del STD no especificado"),
    ({"vnumregstd": "1" * 15}, "Número de registro del STD excede el tamaño permitido"),
    ({"dfecregstd": None}, "Fecha de registro del STD no especificado"),
    ({"dfecregstd": "mañana"}, "Fecha de registro del STD no especificado"),
    ({"vuniorgstd": ""}, "Nombre de la unidad orgánica de derivación no especificado"),
    ({"vusuregstd": ""}, "Nombre de la persona que registra en el STD no especificado"),
    ({"bcarstd": ""}, "No existe documento PDF de cargo de tramite"),
    ({"bcarstd": base64.b64encode(b"hola").decode()}, sentences.CARGO_PDF_INVALID),
])  # fmt: skip
def test_a_cargo_that_lacks_something_gets_the_platforms_sentence(change, sentence):
    assert cargo_problem(values_of(read_envelope(cargo(**change)).element)) == sentence


def test_an_observation_needs_neither_number_nor_pdf():
    empty = dict.fromkeys(["vnumregstd", "vanioregstd", "dfecregstd", "vuniorgstd", "vusuregstd", "bcarstd"], "")
    observed = cargo(cflgest="O", vobs="Falta", **empty)
    values = values_of(read_envelope(observed).element)
    assert cargo_problem(values) is None
    news = read_cargo(values, OEFA, NOW, observed)
    assert (news.kind, news.registry_number, news.registry_year, news.text) == (NewsKind.OBSERVED, "", "", "Falta")


def test_bodies_in_latin_1_are_read_declared_or_not():
    declared = soap("<x><vobs>Atención</vobs></x>").decode().encode("latin-1")
    for prolog in (b'<?xml version="1.0" encoding="ISO-8859-1"?>', b""):
        assert values_of(read_envelope(prolog + declared).element) == {"vobs": "Atención"}
    assert values_of(read_envelope(soap("<x><vobs>AtenciÃ³n</vobs></x>")).element) == {"vobs": "Atención"}
    assert values_of(read_envelope(soap("<x><v>a<!-- -->b</v></x>", '<?xml version="1.0"?>')).element) == {"v": "ab"}


@pytest.mark.parametrize("bad", [
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    soap("<x/>").decode().encode("utf-16"),
    b'<?xml version="1.0" encoding="UTF-7"?><a/>',
    b'<?xml version="1.0" encoding="ebcdic-cp-es"?><a/>',
])  # fmt: skip
def test_doctypes_and_odd_encodings_are_refused(bad):
    with pytest.raises(ContractError):
        read_envelope(bad)


@pytest.mark.parametrize(("status", "letter"), [
    (FilingStatus.HELD, "P"), (FilingStatus.ON_ITS_WAY, "P"), (FilingStatus.DELIVERED, "P"),
    (FilingStatus.REGISTERED, "R"), (FilingStatus.IN_PROCESS, "R"), (FilingStatus.ANSWERED, "R"),
    (FilingStatus.CLOSED, "R"), (FilingStatus.OBSERVED, "O"), (FilingStatus.LAPSED, "O"),
    (FilingStatus.REFUSED, "O"), (FilingStatus.WITHDRAWN, "O"),
])  # fmt: skip
def test_the_platform_answers_every_known_cuo_with_0000_and_a_letter(status, letter):
    known = answers.Known(CUO, status, "000123", "2026", NOW, "Archivo", "LPAZ", "x" * 300, PDF)
    answer = read_consulta(consulted(known), CUO, OEFA, NOW)
    assert isinstance(answer, Has)
    values = values_of(read_envelope(consulted(known)).element)
    assert (values["vcodres"], values["vdesres"], values["cflgest"]) == ("0000", "DATOS ENCONTRADOS", letter)
    assert ("bcarstd" in values, "vobs" in values) == (letter != "P", letter == "O")
    assert len(values.get("vobs", "")) <= 250


def test_the_platform_does_not_know_a_cuo_to_the_letter():
    values = values_of(read_envelope(consulted(None)).element)
    assert values == {"vcodres": "0001", "vdesres": "DATOS NO ENCONTRADOS"}


def test_the_text_of_a_0000_is_the_contracts():
    assert taken_text(CUO, "OEFA") == (
        "El documento N° CUO 0000012345 se encuentra a disposición para la recepción formal de la entidad "
        "destinataria OEFA en los horarios de atención de su Mesa de Partes."
    )
