"""A change is written into the file where it belongs: everything else stays, sign by sign."""

import copy
import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.entities.patching import DoesNotApply, apply_diff, diff_of
from hub.entities.rewriting import rewrite, values_in

NAME = "config/entities.yaml"


def changed(text, change):
    values = values_in(text)
    change(values)
    return rewrite(text, values)


def lines_of(before, after):
    """(taken out, put in), without the frame of the diff."""
    found = diff_of(before, after, NAME).splitlines()
    return tuple([one[1:] for one in found if one.startswith(sign) and one[:3] != sign * 3] for sign in "-+")


def put(*path, value):
    def change(values):
        for step in path[:-1]:
            values = values[step]
        values[path[-1]] = value

    return change


IGP, OEFA = 1, 4
CASES = {
    "a value": (put("entities", IGP, "adapter", "address", value="https://igp.gob.pe/mesa"),
                ["      address: ${MESA_ADDRESS_IGP:-http://127.0.0.1:7101}"],
                ["      address: https://igp.gob.pe/mesa"]),
    "a new key, in its place": (put("entities", IGP, "counters", 0, "address", value="Calle Badajoz 169"),
                                [], ["        address: Calle Badajoz 169"]),
    "a key between braces": (
        put("entities", 0, "counters", 0, "address", value="Av. A, 1"),
        ['      - {code: principal, name: Sede central, place: Lima, ubigeo: "150100", principal: true}'],
        ['      - {code: principal, name: Sede central, place: Lima, ubigeo: "150100", address: "Av. A, 1",'
         " principal: true}"]),
    "a new block": (put("entities", IGP, "contact", value={"email": "a@igp.gob.pe"}),
                    [], ["    contact: {email: a@igp.gob.pe}"]),
    "a key taken out": (lambda all: all["entities"][IGP].pop("in_flight"), ["    in_flight: 16"], []),
    "a line of a list": (lambda all: all["entities"][OEFA]["procedures"][0]["requirements"].append("Un mapa"),
                         ["        requirements: [Qué ocurre y dónde, Desde cuándo ocurre]"],
                         ["        requirements: [Qué ocurre y dónde, Desde cuándo ocurre, Un mapa]"]),
    "a number that is a text": (put("entities", IGP, "ruc", value="20131367009"),
                                ['    ruc: "20131367008"'], ['    ruc: "20131367009"']),
    "an agreement": (lambda all: all["agreements"].append({"from": "igp", "to": "oefa", "valid_from": "2027-01-01"}),
                     [], ["  - {from: igp, to: oefa, valid_from: 2027-01-01}"]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_only_its_lines_change(demo, case):
    change, out, into = CASES[case]
    assert lines_of(demo, changed(demo, change)) == (out, into)


def test_a_remark_at_the_end_of_a_line_stays(demo):
    after = changed(demo, put("entities", OEFA, "link_hosts", value=["anexos.oefa.gob.pe"]))
    assert "link_hosts: [anexos.oefa.gob.pe] # de la demostración: aquí va" in after


def test_nothing_typed_can_break_out_of_its_value(demo):
    for text in ("a: b", "x # y", "- a", "yes: [", "'", '"', "\\", "a\nb", "{a}", "*x", "&y", "null", "1.5", "@", "%"):
        after = changed(demo, put("entities", IGP, "name", value=text))
        assert values_in(after)["entities"][IGP]["name"] == text


def test_a_text_with_a_line_separator_of_another_kind_applies_again(demo):
    before = demo.replace("name: Ambiente\n", 'name: "Ambiente\u2028y\x85clima"\n')
    after = before.replace("clima", "cielo")
    assert apply_diff(before, diff_of(before, after, NAME)) == after


def at_paths(value, path=()):
    """Every value inside, by its path."""
    yield path, value
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inside:
        yield from at_paths(one, (*path, key))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_change_reads_back_and_its_diff_applies(demo, data):
    values = copy.deepcopy(values_in(demo))
    spots = [path for path, one in at_paths(values) if isinstance(one, str)]
    for path in data.draw(st.lists(st.sampled_from(spots), max_size=4, unique=True)):
        put(*path, value=data.draw(st.text(st.characters(exclude_categories=["C"]), min_size=1)))(values)
    after = rewrite(demo, values)
    assert values_in(after) == values
    diff = diff_of(demo, after, NAME)
    if diff:
        assert apply_diff(demo, diff) == after
        assert apply_diff("# Una línea más arriba\n" + demo, diff) == "# Una línea más arriba\n" + after


def test_a_diff_of_lines_that_somebody_else_changed_does_not_apply(demo):
    diff = diff_of(demo, changed(demo, put("entities", IGP, "name", value="Otro nombre")), NAME)
    moved = changed(demo, put("entities", IGP, "name", value="Instituto Geofísico"))
    for text, wanted in ((moved, diff), (demo, ""), (demo, "nada")):
        with pytest.raises(DoesNotApply):
            apply_diff(text, wanted)


@pytest.mark.parametrize("ends", [("\n", "\n"), ("\n", ""), ("", "\n"), ("", "")])
@pytest.mark.parametrize("changed", [2, 29])
def test_a_diff_applies_whichever_file_ends_without_a_new_line(tmp_path, ends, changed):
    lines = [f"línea {number}" for number in range(30)]
    before = "\n".join(lines) + ends[0]
    lines[changed] = "otra"
    after = "\n".join(lines) + ends[1]
    for name, content in (("antes", before), ("después", after)):
        (tmp_path / name).write_text(content, "utf-8")
    told = subprocess.run(["diff", "-u", "antes", "después"], cwd=tmp_path, capture_output=True, check=False)
    for diff in (told.stdout.decode(), diff_of(before, after, NAME)):
        assert apply_diff(before, diff) == after
