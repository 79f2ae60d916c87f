"""The seal against a signature outside the profile or over something else: each fraud has its own code."""

import base64
import re

import pytest
from lxml import etree
from signxml import XMLSigner
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod

from hub.wire.seal import digest_of
from hub.wire.sobre import build
from tests.wire import sector
from tests.wire.sealed_cargos import DS, refusal, sealed_cargo, signed_otherwise
from tests.wire.sector import HUB, IGP, SENACE, signer_of


def test_an_unsigned_message_is_refused():
    assert refusal(build(sector.cargo())) == "FIRMA_AUSENTE"


def test_two_signatures_are_refused():
    root = etree.fromstring(sealed_cargo())
    root.append(etree.fromstring(sealed_cargo())[-1])
    assert refusal(etree.tostring(root)) == "FIRMA_REPETIDA"


def test_a_signature_that_is_not_last_is_refused():
    root = etree.fromstring(sealed_cargo())
    root.insert(0, root[-1])
    assert refusal(etree.tostring(root)) == "FIRMA_FUERA_DE_LUGAR"


def test_a_signed_message_moved_inside_another_root_is_refused():
    inner = etree.fromstring(sealed_cargo())
    outer = etree.fromstring(build(sector.cargo(registry_number="999999")))
    outer.append(inner)
    assert refusal(etree.tostring(outer)) == "FIRMA_FUERA_DE_LUGAR"


def test_a_message_wrapped_around_its_own_signature_is_refused():
    """The forged root takes the signature as its last child and keeps what was signed inside an element of its own."""
    signed = etree.fromstring(sealed_cargo())
    forged = etree.fromstring(build(sector.cargo(registry_number="999999")))
    signature = signed[-1]
    holder = etree.SubElement(forged, "Contenedor")
    holder.append(signed)
    forged.append(signature)
    assert refusal(etree.tostring(forged)) == "ESQUEMA_INVALIDO"


def test_what_was_signed_hidden_inside_the_signature_is_refused():
    signed = etree.fromstring(sealed_cargo())
    forged = etree.fromstring(build(sector.cargo(registry_number="999999")))
    signature = signed[-1]
    forged.append(signature)
    etree.SubElement(signature, f"{DS}Object").append(signed)
    assert refusal(etree.tostring(forged)) == "FIRMA_FUERA_DE_PERFIL"


def test_a_tampered_message_is_refused():
    assert refusal(sealed_cargo().replace(b"004512", b"004513")) == "FIRMA_INVALIDA"


def test_a_changed_receiver_is_refused_as_tampering():
    raw = sealed_cargo().replace(HUB.encode(), SENACE.encode())
    assert refusal(raw, receiver=SENACE) == "FIRMA_INVALIDA"


def test_a_recomputed_digest_does_not_help_who_tampers():
    tampered = sealed_cargo().replace(b"004512", b"004513")
    right = digest_of(sealed_cargo(registry_number="004513"))
    forged = re.sub(rb"(<ds:DigestValue>)[^<]+", rb"\g<1>" + right.encode(), tampered)
    assert refusal(forged) == "FIRMA_INVALIDA"


def test_a_signature_of_nothing_is_refused():
    raw = re.sub(rb"(<ds:SignatureValue>)[^<]+", rb"\g<1>", sealed_cargo())
    assert refusal(raw) == "FIRMA_FUERA_DE_PERFIL"
    raw = re.sub(rb"(<ds:SignatureValue>)[^<]+", rb"\g<1>" + base64.b64encode(b"\0" * 64), sealed_cargo())
    assert refusal(raw) == "FIRMA_INVALIDA"


def test_sha1_is_refused_in_the_digest_and_in_the_signature():
    class Old(XMLSigner):
        def check_deprecated_methods(self):
            """Sign as a stack of twenty years ago does."""

    for settings in ({"digest_algorithm": DigestAlgorithm.SHA1}, {"signature_algorithm": SignatureMethod.ECDSA_SHA1}):
        assert refusal(signed_otherwise(stack=Old, **settings)) == "ALGORITMO_NO_ADMITIDO"


@pytest.mark.parametrize(
    "c14n",
    [
        CanonicalizationMethod.CANONICAL_XML_1_0,
        CanonicalizationMethod.CANONICAL_XML_1_1,
        CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0_WITH_COMMENTS,
    ],
)
def test_another_canonicalisation_is_refused(c14n):
    assert refusal(signed_otherwise(c14n_algorithm=c14n)) == "ALGORITMO_NO_ADMITIDO"


def test_an_hmac_with_the_public_certificate_as_its_secret_is_refused():
    raw = signed_otherwise(signature_algorithm=SignatureMethod.HMAC_SHA256, key=signer_of(IGP).certificate_pem)
    assert refusal(raw) == "ALGORITMO_NO_ADMITIDO"


def test_a_signature_without_references_is_refused():
    root = etree.fromstring(sealed_cargo())
    reference = root.find(f".//{DS}Reference")
    reference.getparent().remove(reference)
    assert refusal(etree.tostring(root)) == "REFERENCIA_NO_ADMITIDA"


def test_an_extra_reference_is_refused():
    root = etree.fromstring(sealed_cargo())
    reference = root.find(f".//{DS}Reference")
    reference.addnext(etree.fromstring(etree.tostring(reference)))
    assert refusal(etree.tostring(root)) == "REFERENCIA_NO_ADMITIDA"


def test_a_reference_to_a_part_of_the_message_is_refused():
    raw = build(sector.cargo()).replace(b"<Cabecera>", b'<Cabecera Id="c">')
    assert refusal(signed_otherwise(raw, references=["#c"])) == "REFERENCIA_NO_ADMITIDA"


def test_a_transform_beyond_the_two_of_the_profile_is_refused():
    root = etree.fromstring(sealed_cargo())
    transforms = root.find(f".//{DS}Transforms")
    etree.SubElement(transforms, f"{DS}Transform", Algorithm="http://www.w3.org/2000/09/xmldsig#base64")
    assert refusal(etree.tostring(root)) == "ALGORITMO_NO_ADMITIDO"


def test_a_key_value_beside_the_certificate_is_refused():
    root = etree.fromstring(sealed_cargo())
    etree.SubElement(etree.SubElement(root.find(f".//{DS}KeyInfo"), f"{DS}KeyValue"), f"{DS}RSAKeyValue")
    assert refusal(etree.tostring(root)) == "FIRMA_FUERA_DE_PERFIL"


def test_an_rsa_signature_under_an_elliptic_certificate_is_refused():
    rsa_key = sector.rsa_signer(IGP, 2048)._key
    raw = signed_otherwise(signature_algorithm=SignatureMethod.RSA_SHA256, key=rsa_key)
    assert refusal(raw) == "FIRMA_INVALIDA"
