"""What a check says of files that people get wrong: every fault at once, each with its line."""

import json
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from hub.entities import check_file
from hub.entities_check import check_command
from hub.entities_sentences import SENTENCES, sentence
from tests.entities.certificates import NOW
from tests.entities.conftest import DEMO, codes, lines

BROKEN = Path(__file__).with_name("broken.yaml")

EVERY_FAULT = [
    (1, "version", "VALUE_UNKNOWN"),
    (3, "sector.name", "TEXT_EMPTY"),
    (4, "sector.operator", "ENTITY_UNKNOWN"),
    (5, "sector.sedes", "KEY_UNKNOWN"),
    (6, "sector.signer.document_number", "DNI_LENGTH"),
    (9, "entities[minam].ruc", "RUC_CHECK_DIGIT"),
    (12, "entities[minam].kind", "VALUE_UNKNOWN"),
    (13, "entities[minam].policy", "POLICY_C_ILLEGAL"),
    (14, "entities[minam].counters", "COUNTER_PRINCIPAL_MISSING"),
    (17, "entities[igp].ruc", "WRONG_TYPE"),
    (20, "entities[igp].name", "KEY_TWICE"),
    (22, "entities[igp].polcy", "KEY_UNKNOWN"),
    (24, "entities[igp].counters[lima].ubigeo", "UBIGEO_FORM"),
    (25, "entities[igp].counters[lima].code", "COUNTER_CODE_TWICE"),
    (25, "entities[igp].counters[lima].principal", "COUNTER_PRINCIPAL_TWICE"),
    (31, "entities[igp].counters[norte].hours[0].days", "DAYS_FORM"),
    (32, "entities[igp].counters[norte].hours[1].closes", "HOURS_BACKWARDS"),
    (33, "entities[igp].counters[norte].hours[2].opens", "HOUR_FORM"),
    (35, "entities[igp].counters[norte].hours[4]", "HOURS_OVERLAP"),
    (36, "entities[igp].adapter.address", "ADDRESS_FORM"),
    (38, "entities[igp].certificates[0].file", "CERTIFICATE_NOT_FOUND"),
    (39, "entities[igp].certificates[1].file", "CERTIFICATE_PATH"),
    (37, "entities[igp].certificates", "CERTIFICATES_TOO_MANY"),
    (40, "entities[igp].certificates[2]", "CERTIFICATE_SOURCE"),
    (42, "entities[igp].limits.main_bytes", "LIMIT_NOT_POSITIVE"),
    (43, "entities[igp].limits.annex_bytes", "LIMIT_OVER_TOTAL"),
    (45, "entities[igp].limits.files", "LIMIT_NOT_POSITIVE"),
    (46, "entities[igp].limits.main_types[0]", "MEDIA_TYPE_UNKNOWN"),
    (47, "entities[igp].in_flight", "WRONG_TYPE"),
    (48, "entities[igp].code", "ENTITY_CODE_TWICE"),
    (53, "entities[igp].counters", "COUNTER_PRINCIPAL_MISSING"),
    (55, "entities[igp].adapter.kind", "ADAPTER_UNKNOWN"),
    (56, "entities[igp].contact.email", "EMAIL_FORM"),
    (57, "entities[igp].link_hosts[0]", "HOST_FORM"),
    (58, "entities[oefa].addressee", "ADDRESSEE_MISSING"),
    (64, "entities[oefa].adapter.address", "ADDRESS_MISSING"),
    (65, "entities[oefa].left_on", "DATE_FORM"),
    (66, "entities[oefa].successor", "ENTITY_UNKNOWN"),
    (67, "entities[senace].kind", "KEY_MISSING"),
    (68, "entities[senace].ruc", "RUC_LENGTH"),
    (72, "entities[senace].adapter.address", "VARIABLE_UNSET"),
    (74, "entities[senace].successor", "SUCCESSOR_CIRCULAR"),
    (81, "entities[sernanp].adapter.address", "ADDRESS_SECRET"),
    (83, "entities[sernanp].successor", "SUCCESSOR_CIRCULAR"),
    (85, "agreements[0].to", "ENTITY_UNKNOWN"),
    (86, "agreements[1].mode", "VALUE_UNKNOWN"),
    (87, "agreements[2]", "AGREEMENT_OVERLAP"),
    (87, "agreements[2].norm", "NORM_MISSING"),
    (88, "agreements[3].to", "AGREEMENT_WITH_ITSELF"),
    (88, "agreements[3].valid_to", "DATES_BACKWARDS"),
]


def test_a_broken_file_names_every_fault_at_once_each_with_its_line(look):
    errors = look(BROKEN.read_text(encoding="utf-8")).errors
    assert sorted((e.line, e.path, e.code) for e in errors) == sorted(EVERY_FAULT)


def test_a_broken_file_declares_nothing(look):
    checked = look(BROKEN.read_text(encoding="utf-8"))
    assert not checked.is_importable and checked.declared == ()


def test_the_demo_sector_has_no_fault(look, demo):
    checked = look(demo)
    assert checked.faults == ()
    assert {entity.adapter.kind for entity in checked.directory.entities} == {"rest", "soap", "iotramite", "hosted"}


def test_faults_come_in_the_order_of_the_file(look):
    found = [line for line, _ in lines(look(BROKEN.read_text(encoding="utf-8")))]
    assert found == sorted(found)


def test_every_fault_of_the_broken_file_is_said_in_a_sentence_with_a_remedy(look):
    for fault in look(BROKEN.read_text(encoding="utf-8")).faults:
        wrong, remedy = sentence(fault)
        assert wrong and remedy and "{" not in (wrong + remedy).replace("${", "")


def test_every_code_that_the_check_can_give_has_its_sentence_and_no_sentence_is_idle():
    root = DEMO.parents[1]
    sources = [*(root / "hub" / "entities").glob("*.py"), root / "schemas" / "entities.schema.json"]
    given = set(re.findall(r'"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)"', "".join(path.read_text() for path in sources)))
    identifiers = set(re.findall(r'code="((?:RUC|DNI|CE)_\w+)"', (root / "hub/core/identifiers.py").read_text()))
    told_elsewhere = {"ENTITIES_NOT_IMPORTABLE", "DIRECTORY_EMPTY", "DIRECTORY_BUSY"}
    assert (given | identifiers) - told_elsewhere == set(SENTENCES)


def test_an_unknown_key_says_what_was_meant(look, demo):
    fault = look(demo.replace("    verified: true\n", "    verifed: true\n", 1)).errors[0]
    assert (fault.code, fault.params["meant"]) == ("KEY_UNKNOWN", "verified")
    assert "¿quisiste decir «verified»?" in sentence(fault)[0]


def test_policy_c_is_refused_with_the_resolution_that_forbids_it(look, demo):
    fault = look(demo.replace("    kind: ministry\n", "    kind: ministry\n    policy: C\n")).errors[0]
    assert fault.code == "POLICY_C_ILLEGAL" and "0518-2024" in sentence(fault)[1]


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("", 1, "FILE_EMPTY"),
        ("# nada\n", 1, "FILE_EMPTY"),
        ("version: 1\nsector: {name: A\nentities: []\n", 3, "YAML_SYNTAX"),
        ("version: 1\n\tsector: x\n", 2, "YAML_SYNTAX"),
        ("a: &a [1]\nb: *a\n", 2, "YAML_ALIAS"),
        ("a: &a [*a]\n", 1, "YAML_ALIAS"),
        ("a: 1\nb: \x07\n", 2, "YAML_CHARACTER"),
        ("- 1\n- 2\n", 1, "WRONG_TYPE"),
        ("version: 1\n---\nversion: 1\n", 2, "YAML_SYNTAX"),
        ("[" * 100_000, 1, "YAML_TOO_DEEP"),
    ],
)
def test_what_is_no_sector_at_all_is_one_fault_with_its_line(look, text, line, code):
    assert lines(look(text)) == [(line, code)]


@pytest.mark.parametrize("text", ['a: 1\nb: "\\ud800"\n', 'a: 1\n"b\\0": x\n', 'a: 1\nb: ["\\udc00\\ud800"]\n'])
def test_what_no_text_can_hold_is_a_fault_with_its_line(look, text):
    assert (2, "YAML_CHARACTER") in lines(look(text))


def places(value, path=()):
    """Every way into a tree of lists and mappings."""
    yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, one in inside:
        yield from places(one, (*path, step))


def replaced(value, path, junk):
    if not path:
        return junk
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(value[path[0]], path[1:], junk)
    return copy


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8) | st.just("${X"),
    lambda inside: st.lists(inside, max_size=2) | st.dictionaries(st.text(max_size=5), inside, max_size=2),
    max_leaves=4,
)


@pytest.fixture
def sector(demo):
    """The demonstration as plain words, read once; nobody changes it."""
    sector = yaml.load(demo, Loader=yaml.BaseLoader) | {"version": 1}
    for entity in sector["entities"]:
        entity.pop("verified", None)
        for counter in entity["counters"]:
            counter.pop("principal", None)
    return sector


@given(data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_junk_anywhere_in_the_file_is_a_fault_and_never_an_error_of_ours(look, sector, data):
    path = data.draw(st.sampled_from(list(places(sector))))
    checked = look(json.dumps(replaced(sector, path, data.draw(junk))))
    assert all(sentence(fault) for fault in checked.faults)


def test_a_key_that_is_no_text_is_a_fault(look, demo):
    assert "KEY_NOT_TEXT" in codes(look(demo + "\n[a, b]: 1\n"))


def test_a_key_left_empty_is_named(look, demo):
    assert "VALUE_EMPTY" in codes(look(demo.replace("name: Ministerio del Ambiente", "name:")))


def test_a_missing_file_and_a_file_in_another_encoding_are_faults_like_others(tmp_path):
    here = {"keys": None, "environ": {}, "now": NOW}
    (tmp_path / "latin.yaml").write_bytes("version: 1\nname: Geofísico\n".encode("latin-1"))
    assert lines(check_file(tmp_path / "none.yaml", **here)) == [(0, "FILE_UNREADABLE")]
    assert lines(check_file(tmp_path / "latin.yaml", **here)) == [(2, "FILE_NOT_UTF8")]


def test_an_address_is_taken_from_the_environment(look, demo):
    directory = look(demo, environ={"MESA_ADDRESS_IGP": "https://igp.test/mesa"}).directory
    assert directory.partner("igp").address == "https://igp.test/mesa"
    assert directory.partner("senamhi").address == "http://127.0.0.1:7102"


def test_an_address_without_tls_is_a_warning_only_outside_this_machine(look, demo):
    checked = look(demo, environ={"MESA_ADDRESS_IGP": "http://igp.test/mesa"})
    assert codes(checked) == {"ADDRESS_PLAIN"} and checked.is_importable


def test_split_and_short_hours_are_warnings_and_do_not_stop_an_import(look, demo):
    whole = 'hours: [{days: mon-fri, opens: "08:30", closes: "16:30"}]'
    split = (
        'hours: [{days: mon-fri, opens: "08:00", closes: "13:00"}, {days: mon-fri, opens: "14:00", closes: "17:00"}]'
    )
    short = 'hours: [{days: mon, opens: "09:00", closes: "13:00"}]'
    assert codes(look(demo.replace(whole, split, 1))) == {"HOURS_SPLIT"}
    checked = look(demo.replace(whole, short, 1))
    assert codes(checked) == {"HOURS_SHORT"} and checked.is_importable


def test_before_the_keys_are_made_one_warning_says_so_and_nothing_can_be_imported(look, demo, tmp_path):
    checked = look(demo, keys=tmp_path / "none")
    assert codes(checked) == {"KEYS_MISSING"} and len(checked.faults) == 1
    assert not checked.errors and not checked.is_importable


def test_an_official_with_a_wrong_check_character_is_a_fault(look, demo):
    assert codes(look(demo.replace("00000001-4", "00000001-5"))) == {"DNI_CHECK_CHARACTER"}
    assert codes(look(demo.replace("00000001-4", "00000001-I"))) == set()


def test_the_command_prints_every_fault_with_file_line_and_remedy(capsys, keys):
    assert check_command(BROKEN, keys=keys) == 1
    said = capsys.readouterr().out
    assert said.count("Remedio:") >= len(EVERY_FAULT)
    assert f"{BROKEN}:13: falla: entities[minam].policy: la política C" in said
    assert f"{len(EVERY_FAULT)} fallas" in said


def test_the_published_schema_is_itself_right():
    schema = json.loads((DEMO.parents[1] / "schemas" / "entities.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    assert all("description" in schema["$defs"][name] for name in ("code", "counter", "adapter", "limits", "official"))
