"""clamd's protocol, against the stand-in of the tests; what hangs or talks nonsense costs a bounded time."""

import socket
import threading
import time

import pytest

from hub.core.errors import TemporaryFailure
from tests.adapters.antivirus_cases import AntivirusCases, ask


@pytest.fixture
def address(clamd):
    return clamd.address


class TestTheStandIn(AntivirusCases):
    pass


@pytest.fixture
def mute():
    """Somebody who listens and says what the test wants: mute("text") -> address."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def begin(said):
            def answer():
                line, _ = server.accept()
                with line:
                    line.sendall(said)
                    time.sleep(1)

            threading.Thread(target=answer, daemon=True).start()
            return f"127.0.0.1:{server.getsockname()[1]}"

        yield begin


@pytest.mark.parametrize("said", [b"", b"stream: Can't allocate memory ERROR\0", b"HTTP/1.1 200 Hi\r\n\0"])
def test_silence_and_nonsense_are_a_temporary_failure_in_bounded_time(mute, said):
    began = time.monotonic()
    with pytest.raises(TemporaryFailure) as failure:
        ask(mute(said), b"hola", within=0.3)
    assert failure.value.code == "ANTIVIRUS_DOWN" and time.monotonic() - began < 3
