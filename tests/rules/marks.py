"""Which tests bear which rule's code, read from their source: nothing is imported."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent


def marked_tests(folder: Path = HERE) -> dict[str, tuple[str, ...]]:
    """{code: ("test_r_time.py::test_a_filing_counts", ...)} of a folder and those below, in the order of the files."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        everywhere = [code for node in tree.body for code in _of_the_module(node)]
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
                codes = [code for decorator in node.decorator_list for code in _codes(decorator)]
                for code in dict.fromkeys(everywhere + codes):
                    found[code].append(f"{path.relative_to(folder).as_posix()}::{node.name}")
    return {code: tuple(tests) for code, tests in found.items()}


def _of_the_module(node: ast.stmt) -> Iterator[str]:
    """The codes of a `pytestmark = pytest.mark.rule(...)`."""
    if isinstance(node, ast.Assign) and any(getattr(target, "id", "") == "pytestmark" for target in node.targets):
        for call in ast.walk(node.value):
            yield from _codes(call)


def _codes(node: ast.AST) -> Iterator[str]:
    """The codes of a `pytest.mark.rule("R-TIME-1", ...)`."""
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "rule":
        for argument in node.args:
            if isinstance(argument, ast.Constant):
                yield str(argument.value)
