"""Every migration lets the programs of the version before go on: it adds, and takes nothing that they need.

What is forbidden waits for a later release, when no program that runs knows it any more: then it goes into ALLOWED
with its reason. `make upgrade-rehearsal` tries the same for real.
"""

import ast
import re

import pytest

from hub.readiness import newest
from tests.stack import ROOT

FIRST = "0041"
"""The first migration after the rule."""
VERSIONS = ROOT / "hub" / "models" / "migrations" / "versions"
ALLOWED: dict = {}
"""{(file, what): reason}"""
FORBIDDEN_CALLS = {"drop_table", "drop_column", "rename_table", "create_check_constraint", "create_unique_constraint",
                   "create_foreign_key", "create_exclude_constraint"}  # fmt: skip
"""Also constraints on a table that is there: what an old program writes might not keep them."""
FORBIDDEN_SQL = re.compile(
    r"\b(drop\s+(table|column|view|function|sequence)|rename\s+(to|column|table)|set\s+not\s+null|alter\s+column\s+\S+\s+"
    r"(set\s+data\s+)?type)\b",
    re.IGNORECASE,
)


def faults_in(source):
    """(line, what) of each step of `upgrade` that an old program would not survive."""
    tree = ast.parse(source)
    functions = [one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name != "downgrade"]
    makers = {one.name for one in functions if "create_table" in map(_name, _calls(one))} | {"create_table"}
    made = {_text(call.args[0]) for one in functions for call in _calls(one) if _name(call) in makers and call.args}
    for function in functions:
        for call in _calls(function):
            yield from ((call.lineno, what) for what in _wrong(call, made))


def _wrong(call, made):
    name, table = _name(call), _text(call.args[0]) if call.args else ""
    if name in FORBIDDEN_CALLS and not _is_about(call, made):
        yield name
    if name == "create_index" and _has(call, "unique") and not _is_about(call, made):
        yield "create_index unique"
    if name == "add_column" and table not in made and (column := _column_of(call)) and _is_demanded(column):
        yield "add_column that is not null and has no server_default"
    if name == "alter_column" and table not in made:
        changed = {one.arg for one in call.keywords} & {"new_column_name", "type_"}
        yield from sorted(f"alter_column {one}" for one in changed)
        if any(one.arg == "nullable" and getattr(one.value, "value", None) is False for one in call.keywords):
            yield "alter_column nullable=False"
    if name == "execute" and (found := FORBIDDEN_SQL.search(_text(call.args[0]) if call.args else "")):
        yield found[0].lower()


def _is_about(call, made):
    """Of constraints the second argument is the table, of tables and columns the first."""
    return any(_text(one) in made for one in call.args[:2])


def _has(call, word):
    return any(one.arg == word and getattr(one.value, "value", None) is True for one in call.keywords)


def _column_of(call):
    return call.args[1] if len(call.args) > 1 and isinstance(call.args[1], ast.Call) else None


def _is_demanded(column):
    said = {one.arg: one.value for one in column.keywords}
    is_free = "nullable" not in said or getattr(said["nullable"], "value", None) is True
    return not is_free and not said.keys() & {"server_default"} and not _is_made_by_server(column)


def _is_made_by_server(column):
    return any(isinstance(one, ast.Call) and _name(one) in ("Identity", "Computed") for one in column.args)


def _calls(function):
    return [node for node in ast.walk(function) if isinstance(node, ast.Call)]


def _name(call):
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _text(node):
    """The words of a string, of a joined one what stands in it, of text(...) what it was given."""
    if isinstance(node, ast.Call) and node.args:
        return _text(node.args[0])
    return " ".join(str(one.value) for one in ast.walk(node) if isinstance(one, ast.Constant))


def ruled():
    return sorted(file for file in VERSIONS.glob("*.py") if file.name >= FIRST)


@pytest.mark.parametrize("file", ruled(), ids=lambda file: file.stem)
def test_the_programs_before_a_migration_survive_it(file):
    found = [(line, what) for line, what in faults_in(file.read_text()) if (file.name, what) not in ALLOWED]
    assert not found, f"{file.name}: {found}"


def test_the_net_sees_the_newest_one():
    assert newest() > FIRST


@pytest.mark.parametrize(
    ("step", "what"),
    [
        ("op.drop_column('filings', 'subject')", "drop_column"),
        ("op.drop_table('filings')", "drop_table"),
        ("op.rename_table('filings', 'papers')", "rename_table"),
        ("op.add_column('filings', sa.Column('x', sa.Text(), nullable=False))",
         "add_column that is not null and has no server_default"),
        ("op.alter_column('filings', 'subject', nullable=False)", "alter_column nullable=False"),
        ("op.alter_column('filings', 'subject', type_=sa.Integer())", "alter_column type_"),
        ("op.alter_column('filings', 'subject', new_column_name='x')", "alter_column new_column_name"),
        ("op.execute('alter table filings rename column subject to x')", "rename column"),
        ("op.execute(f'alter table {x} alter column subject set not null')", "set not null"),
        ("op.create_unique_constraint('x', 'filings', ['subject'])", "create_unique_constraint"),
        ("op.create_index('x', 'filings', ['subject'], unique=True)", "create_index unique"),
    ],
)  # fmt: skip
def test_what_would_break_them_is_seen(step, what):
    assert [found for _, found in faults_in(f"def upgrade():\n    {step}\n")] == [what]


@pytest.mark.parametrize(
    "step",
    [
        "op.add_column('filings', sa.Column('x', sa.Text(), nullable=False, server_default=''))",
        "op.add_column('filings', sa.Column('x', sa.Text(), nullable=True))",
        "op.alter_column('filings', 'subject', nullable=True)",
        "op.create_index('x', 'filings', ['subject'])",
        "op.execute('drop index ix_old')",
    ],
)
def test_what_only_adds_passes(step):
    assert not list(faults_in(f"def upgrade():\n    {step}\n"))
