"""The sandbox is an independent check of the contract: it shares no code with the hub that it answers."""

import ast
import sys

from tests.fixtures.sandbox import ROOT

OUTSIDE = {"asn1crypto", "lxml", "cryptography", "jwt", "requests", "signxml"}


def imports_of(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_the_sandbox_imports_nothing_of_ours():
    strangers = {
        (path.name, name)
        for path in (ROOT / "adapters" / "sandbox").glob("*.py")
        for name in imports_of(path)
        if not name.startswith("adapters.sandbox") and name.partition(".")[0] not in OUTSIDE | sys.stdlib_module_names
    }
    assert strangers == set()
