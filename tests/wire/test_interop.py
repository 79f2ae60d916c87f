"""xmlsec, which is not ours, in both directions: by its wheel, and by the xmlsec1 program where it is installed."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from hub.core.errors import ContractError
from hub.wire.seal import open_sealed, seal
from hub.wire.sobre import build
from tests.wire import sector
from tests.wire.sector import HUB, IGP, NOW, trust_of, trusted

PROCESS = str(Path(__file__).with_name("xmlsec_process.py"))
PROGRAM = shutil.which("xmlsec1")
METHODS = {"p256": "ecdsa-sha256", "rsa2048": "rsa-sha256"}
SIGNERS = {"p256": lambda: sector.signer_of(IGP), "rsa2048": lambda: sector.rsa_signer(IGP, 2048)}
WAYS = ["wheel", *(["program"] if PROGRAM else [])]

TEMPLATE = """
  <ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">
    <ds:SignedInfo>
      <ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>
      <ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#{method}"/>
      <ds:Reference URI="">
        <ds:Transforms>
          <ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>
          <ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>
        </ds:Transforms>
        <ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>
        <ds:DigestValue/>
      </ds:Reference>
    </ds:SignedInfo>
    <ds:SignatureValue/>
    <ds:KeyInfo><ds:X509Data><ds:X509Certificate/></ds:X509Data></ds:KeyInfo>
  </ds:Signature>
"""


@pytest.fixture(params=METHODS)
def pair(request, tmp_path):
    """A key and its certificate as files, with their signer and its method."""
    signer = SIGNERS[request.param]()
    key, certificate = tmp_path / "key.pem", tmp_path / "crt.pem"
    key.write_bytes(signer._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    certificate.write_bytes(signer.certificate_pem)
    return signer, METHODS[request.param], key, certificate


def run(way, verb, message, key, certificate, folder):
    if way == "wheel":
        files = [certificate] if verb == "verify" else [key, certificate]
        command = [sys.executable, PROCESS, verb, *map(str, files)]
        return subprocess.run(command, input=message, capture_output=True, timeout=30, check=False)
    source = folder / "message.xml"
    source.write_bytes(message)
    how = [f"--pubkey-cert-pem={certificate}"] if verb == "verify" else [f"--privkey-pem={key},{certificate}"]
    command = [PROGRAM, f"--{verb}", *(part for one in how for part in one.split("=", 1)), str(source)]
    return subprocess.run(command, capture_output=True, timeout=30, check=False)


@pytest.mark.parametrize("way", WAYS)
def test_xmlsec_verifies_what_we_seal(way, pair, tmp_path):
    signer, _, key, certificate = pair
    for message in (sector.sobre(), sector.cargo(), sector.acuse(), sector.estado(), sector.respuesta()):
        said = run(way, "verify", seal(build(message), signer), key, certificate, tmp_path)
        assert said.returncode == 0, said.stderr


@pytest.mark.parametrize("way", WAYS)
def test_xmlsec_refuses_what_was_tampered_with(way, pair, tmp_path):
    signer, _, key, certificate = pair
    raw = seal(build(sector.cargo()), signer).replace(b"004512", b"004513")
    assert run(way, "verify", raw, key, certificate, tmp_path).returncode != 0


@pytest.mark.parametrize("way", WAYS)
def test_we_open_what_xmlsec_signs(way, pair, tmp_path):
    signer, method, key, certificate = pair
    template = build(sector.cargo()).replace(b"</Cargo>", TEMPLATE.format(method=method).encode() + b"</Cargo>")
    said = run(way, "sign", template, key, certificate, tmp_path)
    assert said.returncode == 0, said.stderr
    trust = trust_of({IGP: [trusted(signer)]})
    assert open_sealed(said.stdout, trust, receiver_ruc=HUB, now=NOW).message == sector.cargo()
    with pytest.raises(ContractError) as refused:
        open_sealed(said.stdout.replace(b"004512", b"004513"), trust, receiver_ruc=HUB, now=NOW)
    assert refused.value.code == "FIRMA_INVALIDA"
