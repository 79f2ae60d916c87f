"""The WS-Security signature of our answers: another implementation verifies it; a stack that ignores it reads on."""

import base64
import hashlib
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

import pytest
from lxml import etree

from hub.wire.iotramite.envelope import read_envelope, values_of, write_answer
from hub.wire.iotramite.fields import CONSULTAR, NAMESPACE_A
from hub.wire.wssec import DS, SOAP, WSSE, WSU, sign_envelope

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=timezone.utc)


@pytest.fixture
def signed(keys):
    content = write_answer(NAMESPACE_A, CONSULTAR, [{"vcodres": "0001", "vdesres": "DATOS NO ENCONTRADOS"}])
    return sign_envelope(content, keys.hub_signer(), NOW)


def test_who_ignores_it_reads_the_same_answer(signed):
    assert values_of(read_envelope(signed).element) == {"vcodres": "0001", "vdesres": "DATOS NO ENCONTRADOS"}
    assert b"mustUnderstand" not in signed


def test_it_covers_body_and_timestamp_and_each_digest_is_theirs(signed):
    root = etree.fromstring(signed)
    by_id = {one.get(f"{{{WSU}}}Id"): one for one in root.iter() if one.get(f"{{{WSU}}}Id")}
    references = {one.get("URI"): one.findtext(f"{{{DS}}}DigestValue") for one in root.iter(f"{{{DS}}}Reference")}
    assert set(references) == {"#Timestamp", "#Body"}
    for address, digest in references.items():
        canonical = etree.tostring(by_id[address[1:]], method="c14n", exclusive=True, with_tail=False)
        assert base64.b64encode(hashlib.sha256(canonical).digest()).decode() == digest
    assert by_id["Body"].tag == f"{{{SOAP}}}Body"
    assert root.findtext(f".//{{{WSU}}}Created") == "2026-11-21T12:00:00Z"
    assert root.find(f".//{{{WSSE}}}BinarySecurityToken") is by_id["X509"]


def verified(signed, certificate):
    """What xmlsec says, in a process of its own."""
    script = Path(__file__).with_name("xmlsec_process.py")
    command = [sys.executable, str(script), "verify-header", str(certificate)]
    return subprocess.run(command, input=signed, capture_output=True).returncode == 0


def test_another_implementation_verifies_it_and_not_what_was_changed(signed, keys):
    certificate = keys.hub_certificate
    assert verified(signed, certificate)
    assert not verified(signed.replace(b"DATOS NO", b"DATOS SI"), certificate)
    assert not verified(signed.replace(b"12:05:00Z", b"12:55:00Z"), certificate)
    assert not verified(signed, keys.of("igp")[1])
