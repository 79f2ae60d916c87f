"""The files are dealt whole, slow ones first."""

from tests.dealing import SLOW, WHOLE, dealt, unit_of


def test_files_that_share_what_is_slow_stay_together_and_come_first():
    paths = ("a", "b", "b", "journeys/test_body", "nets/test_axe", "journeys/test_walk", "nets/doors/test_trail",
             "clients/test_wsdl")  # fmt: skip
    few = [f"tests/{path}.py::test_{number}" for number, path in enumerate(paths)]
    assert [unit_of(name) for name in dealt(few)] == [*WHOLE, "nets", "tests/b.py", "tests/b.py", "tests/a.py"]


def test_every_file_that_the_order_names_exists(pytestconfig):
    named = [start for starts in WHOLE.values() for start in starts] + [name for name in SLOW if name not in WHOLE]
    assert [path for path in named if not (pytestconfig.rootpath / path).exists()] == []
