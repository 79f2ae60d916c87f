"""Files that somebody made to hurt: opening them is bounded, and says what they are. Large ones cost no memory."""

import json
import resource
import struct
import subprocess
import sys
import time
import zipfile

import pytest

from hub.clock import now
from hub.evidence.building import build
from hub.evidence.case import Case, Piece, of_bytes
from hub.evidence.layout import EVENTS, FILING, MESSAGES, ROOTS
from hub.evidence.verifying import verify
from hub.wire.asic import MANIFEST, MIMETYPE
from tests.evidence.forging import OF_THE_SEAL, Files, Forged
from tests.fixtures.sandbox import ROOT

LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ja"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]><a>&c;</a>"""


def packed(path, entries):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), MIMETYPE)
        for name, content in entries:
            archive.writestr(name, content)
    return path


def test_what_unpacks_to_far_more_than_it_is(walked, tmp_path):
    path = packed(tmp_path / "bomba.asice", [(f"{n}.bin", bytes(50_000_000)) for n in range(4)])
    started = time.monotonic()
    assert Forged(walked.report(path)).names("ZIP_BOMB") == ["0.bin"]
    assert time.monotonic() - started < 1 and path.stat().st_size < 1_000_000


def test_more_files_than_any_filing_has(walked, tmp_path):
    path = packed(tmp_path / "muchos.asice", ((f"{n}", b"") for n in range(20_001)))
    assert Forged(walked.report(path)).names("ZIP_TOO_MANY") == [""]


def test_a_directory_that_says_to_be_huge(walked, tmp_path):
    path = packed(tmp_path / "grande.asice", [])
    content = bytearray(path.read_bytes())
    content[-22 + 12 : -22 + 16] = struct.pack("<L", 3_000_000_000)
    path.write_bytes(content)
    assert Forged(walked.report(path)).names("ZIP_TOO_MANY") == [""]


def test_more_than_the_page_takes_unpacked(walked):
    with walked.path.open("rb") as stream:
        report = verify(stream, walked.given(), max_total=1000)
    assert Forged(report).names("ZIP_TOO_LARGE") == [""] and not report.is_open


def test_a_file_that_is_longer_than_it_says(walked, tmp_path):
    """The sizes and the checksum of the directory are somebody's word."""
    files, path = Files.of(walked.path), tmp_path / "corto.asice"
    files.write(path)
    content = bytearray(path.read_bytes())
    at = content.rfind(b"documentos/01") - 46
    assert content[at : at + 4] == b"PK\x01\x02"
    content[at + 24 : at + 28] = struct.pack("<L", 10)
    path.write_bytes(content)
    assert Forged(walked.report(path)).names("FILE_CHANGED") == ["documentos/01-solicitud-nana.pdf"]


@pytest.mark.parametrize("content", [LAUGHS, b"<a>" * 100_000, b"", b"\x00", b"<?xml version='1.0'?><a/>"])
def test_a_manifest_that_is_no_manifest(forge, content):
    forged = forge(lambda files: files.update({MANIFEST: content}))
    assert not forged.report.is_good and "EVENTS_SEALED" in {one.code for one in forged.report.findings}


def test_a_manifest_too_large_to_be_one(forge):
    forged = forge(lambda files: files.update({MANIFEST: b"<a>" + json.dumps(list(range(1_500_000))).encode()}))
    assert forged.names("ZIP_TOO_LARGE") == [MANIFEST]


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 200_000,
        b'{"events":[' + b"[" * 5_000,
        b"{}",
        b"[]",
        b"null",
        b'{"events":[{}]}',
        b'{"events":[1,2]}',
        b'{"events":[{"position":NaN}]}',
        b'{"events":"' + b"9" * 5_000 + b'"}',
    ],
)
@pytest.mark.parametrize("name", [EVENTS, FILING, MESSAGES])
def test_a_list_that_is_no_list(forge, name, content):
    assert forge(lambda files: files.update({name: content}), by="hub").names("JSON_MALFORMED") != []


@pytest.mark.parametrize("position", [10**18, -1, True, "1", None, 3.5, 99_999])
def test_an_event_at_an_impossible_place(forge, position):
    def change(files):
        with files.json(EVENTS) as told:
            told["events"][1]["position"] = position

    assert not forge(change, by="hub").report.is_good


@pytest.mark.parametrize("content", [LAUGHS, b"<Sobre/>", b"\xff\xfe", b"<a>" * 50_000])
def test_a_message_that_is_none(forge, content):
    def change(files):
        files[files.one("sobre.xml")] = content

    assert forge(change, by="hub").names("MESSAGE_CHANGED") != []


@pytest.mark.parametrize("content", [b"", b"\xff" * 100, b"eyJ.eyJ.eyJ " * 10_000, b"a.b.c"])
def test_roots_that_are_none(forge, content):
    forged = forge(lambda files: files.update({ROOTS: content}), by="hub")
    assert forged.names("EVENT_WITHOUT_ROOT") != []


def test_more_messages_than_any_filing_has(forge):
    def many(files):
        with files.json(MESSAGES) as listed:
            listed["mensajes"] = listed["mensajes"] * 500

    assert forge(many, by="hub").names("ZIP_TOO_MANY") == [MESSAGES]


LARGE = 500 * 1024 * 1024
MEASURED = """# not by getrusage: that of a fresh process begins with its parent's
import sys
from datetime import datetime, timezone
from hub.evidence.findings import Given
from hub.evidence.verifying import verify
with open(sys.argv[1], "rb") as stream, open(sys.argv[2], "rb") as ca:
    report = verify(stream, Given(datetime.now(timezone.utc), ca.read()))
most = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(report.is_good, int(most) // 1024)
"""


def test_half_a_gigabyte_costs_no_memory(walked, tmp_path):
    """Building streams too: it is measured here as well, by what this process grows."""
    source, path = tmp_path / "grande.bin", tmp_path / "grande.asice"
    with source.open("wb") as out:
        out.truncate(LARGE)
    pieces = [of_bytes(name, c) for name, c in Files.of(walked.path).items() if not name.startswith(OF_THE_SEAL)]
    large = Piece("documentos/99-grande.bin", "application/octet-stream", lambda: source.open("rb"), is_packed=False)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with path.open("w+b") as out:
        built = build(Case("", 0, 0, (*pieces, large)), out, walked.installation.seals(), now())
    assert built.size > LARGE and resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000
    command = [sys.executable, "-c", MEASURED, str(path), str(walked.ca)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    is_good, megabytes = done.stdout.split()
    assert is_good == "True" and int(megabytes) < 150, done.stdout + done.stderr
