"""Names that somebody invents without end are not kept: what is read apart goes with its tree."""

import threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
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


READERS = {
    "own": lambda lot: xml.parse(invented(b"o", lot), is_envelope=True),
    "national": lambda lot: read_envelope(invented(b"n", lot)),
}


def grown(reader):
    """Megabytes by which this process grows while it reads."""
    read = READERS[reader]
    for lot in range(5):
        read(lot)
    before = resident()
    for lot in range(5, 5 + LOTS):
        read(lot)
    return resident() - before


@pytest.fixture(scope="module")
def alone():
    """A process that does nothing else: in one full of other tests, memory moves by itself."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        yield pool


@pytest.mark.parametrize("reader", READERS)
def test_invented_names_take_no_memory_for_good(alone, reader):
    assert alone.submit(grown, reader).result() < MOST


def test_what_is_raised_there_is_raised_here():
    with pytest.raises(ContractError) as raised:
        xml.parse(b"<a>")
    assert raised.value.code == "XML_MAL_FORMADO"
    assert apart(threading.current_thread) is not threading.current_thread()
