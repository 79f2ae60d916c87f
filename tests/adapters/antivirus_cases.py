"""What any clamd must do for us: the stand-in of the tests, and the distribution's in tests/external."""

from io import BytesIO

import pytest

from adapters.antivirus import Clamd
from hub.core.errors import TemporaryFailure
from tests.fixtures.clamd import EICAR, LIMIT, NAME
from tests.ports import free_port


def ask(address, content, within=20.0):
    return Clamd(address, 10.0, within).scan(BytesIO(content))


class AntivirusCases:
    """`address` is a fixture: where a clamd listens that knows the test file and takes LIMIT bytes."""

    def test_a_clean_file_is_clean(self, address):
        assert ask(address, b"%PDF-1.7 hola") == ask(address, bytes(700_000))
        assert not ask(address, b"hola").found and ask(address, b"hola").is_whole

    def test_a_virus_is_named(self, address):
        assert ask(address, EICAR).found.startswith(NAME)

    def test_a_virus_beyond_the_first_piece_is_found(self, address):
        assert ask(address, bytes(600_000) + EICAR).found

    def test_a_file_larger_than_it_takes_is_said_not_to_be_looked_through(self, address):
        scanned = ask(address, bytes(LIMIT * 6))
        assert not scanned.found and not scanned.is_whole

    def test_nobody_there_is_a_temporary_failure(self, address):
        with pytest.raises(TemporaryFailure) as failure:
            ask(f"127.0.0.1:{free_port()}", b"hola")
        assert failure.value.code == "ANTIVIRUS_DOWN"
