"""The directory answers: who, on what title, who took over from whom."""

from dataclasses import replace
from datetime import date

import pytest

from hub.core.bodies import (
    AdapterKind,
    AdapterRecord,
    AgreementRecord,
    BodyKind,
    EntityRecord,
    SectorRecord,
    SignerOfficial,
)
from hub.core.directory import Directory
from hub.core.errors import NotFound
from hub.core.identifiers import Ruc
from hub.core.statuses import Mode

TODAY = date(2026, 11, 21)
RUCS = {"minam": "20492966658", "igp": "20131367008", "senace": "20556097055", "oefa": "20521286769"}


def body(code, **more):
    way = AdapterRecord(AdapterKind.REST, f"http://{code}.test", {"a": "1"})
    return EntityRecord(code, Ruc(RUCS[code]), code.upper(), f"Entidad {code}", BodyKind.OTHER, way, **more)


def directory(*bodies, agreements=()):
    return Directory(SectorRecord("Ambiente", "minam"), (body("minam"), *bodies), tuple(agreements))


def test_a_body_is_found_by_code_by_ruc_and_by_row():
    found = directory(body("igp", id=7))
    assert found.entity("igp") is found.by_ruc("20131367008") is found.by_id(7)
    assert found.operator.code == "minam"


def test_a_stranger_is_not_found():
    for ask in (lambda d: d.entity("x"), lambda d: d.by_ruc("20131367008"), lambda d: d.by_id(99)):
        with pytest.raises(NotFound):
            ask(directory())
    assert directory().trust("20131367008") == ()


def test_without_an_agreement_another_bodys_counter_remits():
    assert directory(body("igp")).mode("igp", "minam", TODAY) is Mode.REMITTANCE
    assert directory(body("igp")).mode("igp", "igp", TODAY) is Mode.OWN


def test_an_agreement_holds_from_its_first_day_to_its_last_and_one_way():
    one = AgreementRecord("igp", "senace", Mode.DELEGATED, "Convenio", TODAY, TODAY)
    found = directory(body("igp"), body("senace"), agreements=[one])
    assert found.mode("igp", "senace", TODAY) is Mode.DELEGATED
    assert found.mode("senace", "igp", TODAY) is Mode.REMITTANCE
    assert found.agreement("igp", "senace", date(2026, 11, 20)) is None
    assert found.agreement("igp", "senace", date(2026, 11, 22)) is None


def test_the_heir_is_the_last_of_the_successors_that_still_receives():
    gone = body("igp", left_on=date(2026, 1, 1), successor="senace")
    going = body("senace", left_on=date(2027, 1, 1), successor="oefa")
    found = directory(gone, going, body("oefa"))
    assert found.heir("igp", date(2025, 12, 31)).code == "igp"
    assert found.heir("igp", TODAY).code == "senace"
    assert found.heir("igp", date(2027, 1, 1)).code == "oefa"


def test_a_body_that_left_nobody_has_no_heir_and_receives_nothing():
    found = directory(body("igp", left_on=TODAY))
    assert found.heir("igp", TODAY) is None
    assert [entity.code for entity in found.active(TODAY)] == ["minam"]


def test_a_partner_is_what_an_adapter_needs():
    partner = directory(body("igp")).partner("igp")
    assert (partner.code, partner.ruc, partner.adapter) == ("igp", "20131367008", "rest")
    assert (partner.address, partner.options) == ("http://igp.test", {"a": "1"})


def test_a_partner_knows_the_official_who_signs_for_the_operator():
    signer = SignerOfficial("dni", "00000001", "PERSONA DE DEMOSTRACIÓN", "Responsable")
    sector = SectorRecord("Ambiente", "minam", signer)
    options = Directory(sector, (body("minam"), body("oefa"))).partner("oefa").options
    assert options == {"a": "1", "signer_document_kind": "dni", "signer_document_number": "00000001"}


def test_a_body_is_found_by_its_row_without_going_through_all_of_them():
    class Counted(tuple):
        times = 0

        def __iter__(self):
            Counted.times += 1
            return super().__iter__()

    bodies = Counted(replace(body(code), id=number) for number, code in enumerate(RUCS, 1))
    found = replace(directory(), entities=bodies)
    assert [found.by_id(number).code for number in (1, 2, 3, 4)] == list(RUCS)
    with pytest.raises(NotFound):
        found.by_id(5)
    assert Counted.times <= 1
