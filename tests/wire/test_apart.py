"""Names that somebody invents without end are not kept: what is read apart goes with its tree."""

import threading
from pathlib import Path

import pytest

from hub.core.errors import ContractError
from hub.wire import xml
from hub.wire.apart import apart
from hub.wire.iotramite.envelope import SOAP, read_envelope

LOTS, NAMES = 40, 15_000
MOST = 8
"""Megabytes; where each name is kept it is more than twenty."""


def resident():
    [line] = [one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith("VmRSS")]
    return int(line.split()[1]) / 1024


def invented(letter, lot):
    names = b"".join(b"<%s%d_%d/>" % (letter, lot, number) for number in range(NAMES))
    return f'<s:Envelope xmlns:s="{SOAP}"><s:Body><n>'.encode() + names + b"</n></s:Body></s:Envelope>"


@pytest.mark.parametrize("read", [
    lambda lot: xml.parse(invented(b"o", lot), is_envelope=True), lambda lot: read_envelope(invented(b"n", lot)),
])  # fmt: skip
def test_invented_names_take_no_memory_for_good(read):
    for lot in range(5):
        read(lot)
    before = resident()
    for lot in range(5, 5 + LOTS):
        read(lot)
    assert resident() - before < MOST


def test_what_is_raised_there_is_raised_here():
    with pytest.raises(ContractError) as raised:
        xml.parse(b"<a>")
    assert raised.value.code == "XML_MAL_FORMADO"
    assert apart(threading.current_thread) is not threading.current_thread()
