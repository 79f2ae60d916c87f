"""The seal against XML that is none, too large or of another shape: each fraud has its own code."""

import pytest

from hub.wire import xml
from hub.wire.sobre import build
from tests.wire import sector
from tests.wire.sealed_cargos import OPENING, refusal, sealed_cargo, signed_otherwise


@pytest.mark.parametrize("raw", [b"", b"   ", b"hola", b"<", b"<Cargo>", b"\x00" * 50, b"\xff\xfe<\x00a\x00/\x00>\x00"])
def test_what_is_not_xml_is_refused(raw):
    assert refusal(raw) == "XML_MAL_FORMADO"


def test_a_message_cut_half_way_is_refused():
    raw = sealed_cargo()
    assert {refusal(raw[: len(raw) * part // 10]) for part in range(1, 10)} == {"XML_MAL_FORMADO"}


def test_a_message_over_one_mebibyte_is_refused():
    assert refusal(sealed_cargo() + b" " * xml.MAX_BYTES) == "XML_DEMASIADO_GRANDE"


def test_a_dtd_is_refused():
    raw = sealed_cargo().replace(OPENING, b"<!DOCTYPE Cargo>\n" + OPENING, 1)
    assert refusal(raw) == "XML_CON_DTD"


def test_a_dtd_from_the_network_is_refused():
    raw = sealed_cargo().replace(OPENING, b'<!DOCTYPE Cargo SYSTEM "http://127.0.0.1:9/x.dtd">' + OPENING, 1)
    assert refusal(raw) == "XML_CON_DTD"


def test_a_dtd_behind_a_comment_that_looks_like_an_element_is_refused():
    raw = sealed_cargo().replace(OPENING, b"<!-- <a> --><!DOCTYPE Cargo>" + OPENING, 1)
    assert refusal(raw) == "XML_CON_DTD"


def test_an_entity_bomb_is_refused():
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE Cargo [<!ENTITY e0 "ja">{lines}]>'.encode()
    raw = sealed_cargo().replace(OPENING, bomb + OPENING, 1).replace(b"004512", b"&e9;")
    assert refusal(raw) == "XML_CON_ENTIDADES"


def test_an_entity_that_reads_a_file_is_refused():
    raw = sealed_cargo().replace(OPENING, b'<!DOCTYPE Cargo [<!ENTITY f SYSTEM "file:///etc/hostname">]>' + OPENING, 1)
    assert refusal(raw.replace(b"004512", b"&f;")) == "XML_CON_ENTIDADES"


@pytest.mark.parametrize("inside", [b"<!-- no va -->", b"<?php 1?>"])
def test_a_comment_or_an_instruction_is_refused_since_it_splits_what_is_read(inside):
    assert refusal(sealed_cargo().replace(b"004512", b"0045" + inside + b"12")) == "ESQUEMA_INVALIDO"
    assert refusal(sealed_cargo().replace(OPENING, inside + OPENING, 1)) == "ESQUEMA_INVALIDO"


def test_an_element_off_the_schema_is_refused():
    raw = build(sector.cargo()).replace(b"</Registrado>", b"<Extra>1</Extra></Registrado>")
    assert refusal(signed_otherwise(raw)) == "ESQUEMA_INVALIDO"


def test_an_unknown_root_is_refused():
    raw = build(sector.cargo()).replace(b"Cargo", b"Recargo")
    assert refusal(signed_otherwise(raw)) == "ESQUEMA_INVALIDO"


def test_another_version_is_refused():
    raw = build(sector.cargo()).replace(b"<Version>1.0<", b"<Version>2.0<")
    assert refusal(signed_otherwise(raw)) == "ESQUEMA_INVALIDO"
