"""Threads that need their first schema at the same moment: a young process gets its first messages at once."""

import subprocess
import sys

import pytest

TOGETHER = """
import os, sys, threading
from lxml import etree
{imports}
def compile_one():
    start.wait()
    try:
        {compile}
    except Exception as error:
        wrong.append(repr(error))
for _ in range(12):
    if child := os.fork():
        _, ended = os.waitpid(child, 0)
        if ended: sys.exit(1)
        continue
    start, wrong = threading.Barrier(8), []
    threads = [threading.Thread(target=compile_one) for _ in range(8)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    print(*wrong, file=sys.stderr, flush=True)
    os._exit(bool(wrong))
"""
"""Each child is as young as its parent was when it had imported what it needs, and compiled nothing."""
SANDBOX = """
from adapters.sandbox.reader import Reader, Refused
def check():
    try:
        Reader("schemas/sobre.xsd", None)._check_schema(etree.fromstring("<x/>"))
    except Refused as refused:
        assert refused.code == "ESQUEMA_INVALIDO"
"""
WAYS = {
    "the hub": ("from hub.wire import xml", "xml.faults(etree.fromstring('<x/>'), 'sobre.xsd')"),
    "a sandbox institution": (
        SANDBOX,
        "check()",
    ),
    "a national one": ("from adapters.sandbox import iotramite", "iotramite.schema()"),
}


@pytest.mark.parametrize("who", WAYS)
def test_the_first_schemas_of_a_process_may_be_needed_all_at_once(who):
    """One start in three went wrong, by a refusal or a crash, while nothing guarded the first of them."""
    imports, call = WAYS[who]
    program = TOGETHER.format(imports=imports, compile=call)
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0, ended.stderr
