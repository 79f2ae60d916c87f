"""What we send to an entity under the national contract."""

import base64
from dataclasses import replace

import pytest

from hub.core.messages import Addressee, Filer
from hub.wire.iotramite import sentences
from hub.wire.iotramite.fields import LENGTHS, RECEPCION_D
from hub.wire.iotramite.texts import fit_file_name
from hub.wire.iotramite.validation import recepcion_problem
from hub.wire.iotramite.write import INLINE_LIMIT, Inline, needs_transfer_sheet, subject_of, to_recepcion
from tests.fixtures.parcels import MINAM, NOW, OEFA, PDF, a_document, a_parcel, a_partner


def values_of(parcel, **options):
    return to_recepcion(parcel, Inline(parcel.documents[0].file_name, PDF), **options)


def test_a_citizens_document_goes_as_carta_and_its_true_type_opens_the_subject():
    values = values_of(a_parcel())
    assert values["ccodtipdoc"] == "02"
    assert values["vasu"] == "Solicitud: Pide copia del expediente"
    assert values_of(a_parcel(), is_institution=True)["ccodtipdoc"] == "01"


def test_values_come_in_the_order_of_the_contract_and_leave_out_what_is_empty():
    values = values_of(a_parcel([a_document(), a_document("plano.dwg", b"x" * 9, "image/x-dwg")]))
    assert list(values) == [name for name in RECEPCION_D if name != "vcuoref"]
    assert (values["vrucentrem"], values["vrucentrec"], values["vcuo"]) == (MINAM, OEFA, "0000012345")
    alone = values_of(a_parcel())
    assert "vurldocanx" not in alone and "lstanexos" not in alone and alone["snumanx"] == 0


def test_the_reference_goes_out_only_where_the_parcel_has_one():
    assert values_of(replace(a_parcel(), cuo_ref="0000000007"))["vcuoref"] == "0000000007"


def test_the_pdf_carries_the_layer_made_by_hand_and_the_keys_are_zero():
    values = values_of(a_parcel([a_document(), a_document("anexo.pdf", PDF + b"2")]))
    assert base64.b64decode(values["bpdfdoc"]) == PDF
    assert values["lstanexos"] == [{"siddocanx": 0, "siddocext": 0, "vnomdoc": "anexo.pdf"}]
    assert values["vurldocanx"] == "https://mesa.example/d/abc"


def test_the_addressee_of_the_filing_comes_before_the_one_of_the_directory():
    values = values_of(a_parcel(addressee=Addressee("Archivo", "Luis Paz", "")))
    assert (values["vuniorgdst"], values["vnomdst"], values["vnomcardst"]) == ("Archivo", "Luis Paz", "Jefa")
    bare = values_of(a_parcel(partner=replace(a_partner(), options={})))
    assert (bare["vuniorgdst"], bare["vnomdst"]) == ("MESA DE PARTES", "Organismo de Evaluación")


@pytest.mark.parametrize(("kind", "number", "sent"), [
    ("dni", "12345678", ("1", "12345678")),
    ("ce", "001234567", ("2", "001234567")),
    ("passport", "AB12345", ("1", "00000001")),
])  # fmt: skip
def test_the_signer_is_the_filer_or_else_the_operators_official(kind, number, sent):
    partner = a_partner(signer_document_kind="dni", signer_document_number="00000001-4")
    values = values_of(a_parcel(partner=partner, filer=Filer(kind, number, "JOHN DOE")))
    assert (values["ctipdociderem"], values["vnumdociderem"]) == sent


def test_nothing_is_longer_than_the_contract_allows():
    long = "palabra " * 200
    parcel = a_parcel(
        [a_document("ñ" * 300 + ".pdf"), a_document("á" * 300 + ".xlsx", b"x")],
        subject=long, document_number=long, addressee=Addressee(long, long, long),
    )  # fmt: skip
    values = values_of(replace(parcel, sender_name=long, sender_unit=long))
    for name, value in values.items():
        assert not isinstance(value, str) or len(value) <= LENGTHS[name], name
    assert values["vnomdoc"].endswith("….pdf")
    assert len(values["lstanexos"][0]["vnomdoc"]) == 100
    assert recepcion_problem(values, now=NOW) is None


@pytest.mark.parametrize("name", ["", "a" * 300, "a/b\\c\"'<>&.pdf", "sin\x00nulo\x1b.pdf", "x." + "y" * 300])
def test_any_file_name_becomes_one_that_fits(name):
    fitted = fit_file_name(name, 100)
    assert len(fitted) <= 100
    assert "\x00" not in fitted and "\x1b" not in fitted


def test_a_main_document_that_is_large_or_no_pdf_needs_a_transfer_sheet():
    assert not needs_transfer_sheet(a_parcel())
    assert needs_transfer_sheet(a_parcel([replace(a_document(), size=INLINE_LIMIT + 1)]))
    assert needs_transfer_sheet(a_parcel([a_document("acta.docx", b"PK", "application/msword")]))
    assert needs_transfer_sheet(replace(a_parcel(), documents=()))


def test_a_subject_that_would_lose_its_end_needs_a_transfer_sheet():
    assert needs_transfer_sheet(a_parcel(subject="x" * 500))
    assert not needs_transfer_sheet(a_parcel(subject="x" * (500 - len("Solicitud: "))))
    assert len(subject_of(a_parcel(subject="x" * 500))) == 511


def test_where_a_sheet_stands_in_the_main_document_goes_by_link_with_the_annexes():
    parcel = a_parcel([a_document("escrito.pdf"), a_document("plano.zip", b"z")])
    values = to_recepcion(parcel, Inline("hoja.pdf", PDF, stands_in=True))
    assert values["snumanx"] == 2
    assert [one["vnomdoc"] for one in values["lstanexos"]] == ["escrito.pdf", "plano.zip"]
    assert values["vnomdoc"] == "hoja.pdf"


@pytest.mark.parametrize(("change", "sentence"), [
    ({"vrucentrem": ""}, sentences.MISSING["vrucentrem"]),
    ({"vrucentrec": "2052128676"}, sentences.RECEIVER_RUC_LENGTH),
    ({"vcuo": "12345"}, sentences.CUO_INVALID),
    ({"vcuoref": "x"}, sentences.CUO_REF_INVALID),
    ({"ccodtipdoc": "03"}, sentences.DOCUMENT_TYPE_INVALID),
    ({"vasu": "x" * 501}, sentences.TOO_LONG["vasu"]),
    ({"snumfol": 0}, sentences.MISSING["snumfol"]),
    ({"snumfol": 32_768}, sentences.FOLIOS_TOO_MANY),
    ({"snumanx": 1}, sentences.ANNEX_LIST_MISSING),
    ({"snumanx": 2, "lstanexos": [{"vnomdoc": "a"}]}, sentences.MORE_ANNEXES_THAN_NAMES),
    ({"snumanx": 1, "lstanexos": [{"vnomdoc": "a"}, {"vnomdoc": "b"}]}, sentences.MORE_NAMES_THAN_ANNEXES),
    ({"snumanx": 1, "lstanexos": [{"vnomdoc": ""}]}, sentences.ANNEX_NAME_MISSING),
    ({"snumanx": 1, "lstanexos": [{"vnomdoc": "a" * 101}]}, sentences.ANNEX_NAME_TOO_LONG),
    ({"snumanx": 1, "lstanexos": [{"vnomdoc": "a"}]}, sentences.ANNEX_URL_MISSING),
    ({"vurldocanx": "h" * 201}, sentences.TOO_LONG["vurldocanx"]),
    ({"ctipdociderem": "3"}, sentences.SIGNER_KIND_INVALID),
    ({"vnumdociderem": "123456789"}, sentences.DNI_LENGTH),
    ({"ctipdociderem": "2"}, sentences.CE_LENGTH),
    ({"bpdfdoc": b""}, "No existe Documento PDF Principal"),
    ({}, None),
])  # fmt: skip
def test_the_platforms_rules_answer_with_the_platforms_sentences(change, sentence):
    assert recepcion_problem(values_of(a_parcel()) | change, now=NOW) == sentence
