"""A document that comes in: every rule of the platform has its sentence, to the letter; every form seen is read."""

import pytest

from hub.core.errors import ContractError
from hub.wire.codes import Refusal
from hub.wire.iotramite import sentences
from hub.wire.iotramite.envelope import read_envelope
from hub.wire.iotramite.received import read_recepcion, recepcion_of
from tests.api.national import a_call, document, envelope
from tests.fixtures.parcels import NOW, PDF

LONG = {"vnomentemi": 250, "vnumdoc": 100, "vuniorgrem": 250, "vuniorgdst": 150, "vnomdst": 100, "vnomcardst": 100,
        "vasu": 500, "vnomdoc": 200, "vurldocanx": 200}  # fmt: skip
"""Most characters of each field, as the tables of the entities' component have them."""
NUMBER = "El número de documento de identidad para tipo de documento"
OF_A_CARGO = {"vnumregstd", "dfecregstd", "vuniorgstd", "vusuregstd", "bcarstd", "cflgest"}


def received(**change):
    call = read_envelope(a_call("recepcionarTramiteResponse", document(**change)).encode())
    return read_recepcion(call.element)


def problem(**change):
    return received(dfecdoc="2026-11-20", **change).problem(NOW)


def test_a_good_one_has_none():
    assert problem() is None


@pytest.mark.parametrize("field", sorted(set(sentences.MISSING) - OF_A_CARGO - {"dfecdoc"}))
@pytest.mark.parametrize("empty", ["", None])
def test_each_field_that_is_missing_or_empty_has_its_sentence(field, empty):
    assert problem(**{field: empty}) == sentences.MISSING[field]


@pytest.mark.parametrize(("field", "most"), LONG.items())
def test_each_text_that_is_too_long_has_its_sentence(field, most):
    assert problem(**{field: "x" * most}) is None
    assert problem(**{field: "x" * (most + 1)}) == sentences.TOO_LONG[field]


@pytest.mark.parametrize(("change", "sentence"), [
    ({"vrucentrem": "2052128676"}, "RUC de Entidad remitente tiene que ser de 11 dígitos"),
    ({"vrucentrec": "20131367008 9"}, "RUC de Entidad receptora tiene que ser de 11 dígitos"),
    ({"vcuo": "999999999A"}, "CUO no valido"), ({"vcuo": "012345678"}, "CUO no valido"),
    ({"vcuoref": "12"}, "CUO de referencia no válido"),
    ({"ccodtipdoc": "03"}, "El código de Tipo de documento no es válido"),
    ({"ctipdociderem": "6"}, "El tipo de documento de identidad del remitente no es válido"),
    ({"vnumdociderem": "123456789"}, f"{NUMBER} DNI debe ser de 8 dígitos"),
    ({"vnumdociderem": "1234567X"}, f"{NUMBER} DNI debe ser de 8 dígitos"),
    ({"ctipdociderem": "2"}, f"{NUMBER} Carnet de Extranjería debe ser de 9 dígitos"),
    ({"snumfol": "32768"}, "El número de folio excede el tamaño permitido"),
    ({"snumfol": "-1"}, "Número de folio no especificado"), ({"snumfol": "dos"}, "Número de folio no especificado"),
    ({"snumanx": "1"}, "Se ha especificado el número de anexos pero no se ha enviado la lista de documentos anexos"),
    ({"snumanx": "2", "lstanexos": ("a",)},
     "El número de anexos indicado es mayor a la cantidad de nombres de los anexos especificados"),
    ({"snumanx": "0", "lstanexos": ("a",)},
     "La cantidad de nombres de los archivos anexos es mayor al número de documentos anexos especificados"),
    ({"snumanx": "1", "lstanexos": ("",)}, "Nombre del documento anexo no especificado"),
    ({"snumanx": "1", "lstanexos": ("a" * 101,)}, "Nombre del documento Anexo excede la longitud permitida"),
    ({"snumanx": "1", "lstanexos": ("a",)},
     "Se ha especificado el número de anexos pero no se especifica la URL de descarga de documentos anexos"),
    ({"bpdfdoc": "%PDF-1.4 sin codificar"}, "El Documento Principal debe estar codificado en Base64"),
    ({"bpdfdoc": "aG9sYQ=="}, "El Documento Principal no es un archivo PDF válido"),
])  # fmt: skip
def test_each_rule_has_its_sentence_to_the_letter(change, sentence):
    assert problem(**change) == sentence


@pytest.mark.parametrize(("dated", "sentence"), [
    ("", "Fecha de documento no especificado"), ("mañana", "Fecha de documento no especificado"),
    ("2026-11-22T00:00:00", "La fecha del documento no debe ser mayor que la fecha actual"),
    ("2026-11-21T23:59:59", None), ("2026-11-21T19:30:00Z", None),
])  # fmt: skip
def test_a_document_is_not_of_tomorrow(dated, sentence):
    assert received(dfecdoc=dated).problem(NOW) == sentence


def test_a_flattened_call_without_its_wrapper_is_read():
    values = {"Vrucentrem": "20521286769", "Vrucentrec": "20131367008", "lstanexos-vnomdoc": "plano.zip"}
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in values.items())
    call = read_envelope(envelope(f"<n:recepcionarTramiteResponse>{inside}</n:recepcionarTramiteResponse>").encode())
    found = read_recepcion(call.element)
    assert (found.text("vrucentrem"), found.annexes) == ("20521286769", ("plano.zip",))


@pytest.mark.parametrize(("item", "annexes"), [
    ("<lstanexos/>", ()), ('<lstanexos xsi:nil="true"/>', ()), ("<lstanexos>a.zip</lstanexos>", ("a.zip",)),
    ("<lstanexos><dfecreg/><siddocanx>0</siddocanx><vnomdoc>b.zip</vnomdoc></lstanexos>", ("b.zip",)),
    ("<lstanexos><vnomdoc/></lstanexos>", ("",)),
])  # fmt: skip
def test_the_list_of_annexes_is_read_in_every_form(item, annexes):
    xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    inside = f"<request {xsi}><vasu>x</vasu>{item}</request>"
    body = envelope(f"<n:recepcionarTramiteResponse>{inside}</n:recepcionarTramiteResponse>")
    assert read_recepcion(read_envelope(body.encode()).element).annexes == annexes


def test_a_message_of_nothing_but_tags_is_not_parsed():
    with pytest.raises(ContractError) as raised:
        read_envelope(envelope("<a/>" * 100_001).encode())
    assert raised.value.code == Refusal.XML_TOO_LARGE.wire


def test_flattened_annexes_keep_their_order():
    fields = {f"vnomdoc{number}": f"{number}.pdf" for number in (10, 2, 3)} | {"vnomdoc": "principal.pdf"}
    assert recepcion_of(fields).annexes == ("2.pdf", "3.pdf", "10.pdf")


def test_what_makes_it_this_document_is_not_when_it_was_sent():
    one, again, other = received(vcuo="1"), received(vcuo="1", dfecdoc="2026-01-01"), received(vcuo="1", vasu="Otro")
    assert one.content_digest("a") == again.content_digest("a") != other.content_digest("a")
    assert one.pdf == PDF
