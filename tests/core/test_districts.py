"""Districts by INEI's codes: found as people type them, never mixed up with RENIEC's."""

import pytest

from hub.core.districts import MOST, district, find, with_district


def titles(typed):
    return [one.title for one in find(typed)]


@pytest.mark.parametrize(("typed", "code"), [
    ("San Isidro, Lima", "150131"),
    ("san isidro (lima)", "150131"),
    ("150131", "150131"),
    ("  BREÑA ", "150105"),
    ("brena", "150105"),
    ("Huaraz", "020101"),
    ("Callao", "070101"),
    ("Anco Huallo", "030602"),
])
def test_a_district_is_found_as_it_is_typed(typed, code):
    assert [one.code for one in find(typed)] == [code]


def test_a_name_that_several_have_gives_them_all_with_their_provinces():
    assert titles("San Isidro") == ["San Isidro, Huaytará, Huancavelica", "San Isidro, Lima, Lima"]


def test_a_province_without_a_district_of_its_name_gives_its_districts_and_any_other():
    found = find("Coronel Portillo")
    assert {one.code[:4] for one in found} == {"2501"} and found[-1].code == "250100"
    assert titles(found[-1].title) == [found[-1].title]


def test_part_of_a_name_is_enough_and_too_many_say_so():
    assert "Coronel Gregorio Albarracín Lanchipa, Tacna, Tacna" in titles("gregorio albarracin")
    assert len(find("san")) == MOST + 1
    assert find("Springfield") == find("") == find(",,") == ()


def test_every_title_is_found_again_alone():
    for code in ("010101", "150100", "250107", "130101", "210101"):
        assert [one.code for one in find(district(code).title)] == [code]


@pytest.mark.parametrize("code", ["", "15", "1501", "150199", "990101", "990000", "abcdef", "1501001"])
def test_what_is_no_code_is_no_district(code):
    assert district(code) is None


def test_an_address_keeps_its_district_where_there_is_room():
    assert with_district("Jirón Ancash 12", "Huaraz, Huaraz, Áncash") == "Jirón Ancash 12, Huaraz, Huaraz, Áncash"
    assert with_district("", "Huaraz") == "Huaraz" and with_district("Jirón Ancash 12", "") == "Jirón Ancash 12"
    assert with_district("x" * 299, "Huaraz") == "x" * 299
