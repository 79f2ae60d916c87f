"""The seal: each fraud has its own test and its own code."""

import base64
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from lxml import etree
from signxml import XMLSigner
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod

from hub.core.errors import ContractError
from hub.core.messages import CargoOutcome
from hub.wire import xml
from hub.wire.codes import BY_WIRE
from hub.wire.seal import digest_of, open_sealed, seal
from hub.wire.sobre import build
from hub.wire.trusted import leaf_of
from tests.wire import sector
from tests.wire.sector import HUB, IGP, NOW, SENACE, directory, signer_of, trust_of, trusted

DS = "{http://www.w3.org/2000/09/xmldsig#}"
OPENING = b"<Cargo xmlns"


def sealed_cargo(signer=None, **changes):
    return seal(build(sector.cargo(**changes)), signer or signer_of(IGP))


def opened(raw, trust=None, *, receiver=HUB, now=NOW):
    return open_sealed(raw, trust or directory(), receiver_ruc=receiver, now=now)


def refusal(raw, trust=None, **where):
    with pytest.raises(ContractError) as refused:
        opened(raw, trust, **where)
    assert refused.value.code in BY_WIRE
    assert refused.value.is_temporary is False
    return refused.value.code


def signed_otherwise(raw=None, *, certificate=None, key=None, references=None, **algorithms):
    """A cargo signed by IGP's key with other settings than the profile's."""
    settings = {
        "signature_algorithm": SignatureMethod.ECDSA_SHA256,
        "digest_algorithm": DigestAlgorithm.SHA256,
        "c14n_algorithm": CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
        **algorithms,
    }
    signer = signer_of(IGP)
    signing = XMLSigner(**settings)
    root = etree.fromstring(raw or build(sector.cargo()))
    leaf = leaf_of(certificate or signer.certificate_pem).x509
    return etree.tostring(signing.sign(root, key=key or signer._key, cert=[leaf], reference_uri=references))


# ------------------------------------------------------------------------------------------- what holds


@pytest.mark.parametrize("outcome", CargoOutcome)
def test_a_cargo_of_the_destination_opens(outcome):
    raw = sealed_cargo(outcome=outcome)
    found = opened(raw)
    assert found.message == sector.cargo(outcome)
    assert found.raw == raw
    assert found.signer_fingerprint == leaf_of(signer_of(IGP).certificate_pem).fingerprint.hex()


@pytest.mark.parametrize("bits", [2048, 3072])
def test_rsa_of_2048_bits_and_up_is_accepted(bits):
    signer = sector.rsa_signer(IGP, bits)
    assert opened(sealed_cargo(signer), trust_of({IGP: [trusted(signer)]})).message == sector.cargo()


def test_either_of_two_overlapping_certificates_opens():
    older, newer = sector.make_signer(IGP), signer_of(IGP)
    trust = trust_of({IGP: [trusted(older), trusted(newer)]})
    assert opened(sealed_cargo(older), trust).message == opened(sealed_cargo(newer), trust).message


def test_the_same_message_signed_again_has_the_same_digest_and_other_signature_bytes():
    first, second = sealed_cargo(), sealed_cargo()
    assert first != second
    assert opened(first).reference_digest == opened(second).reference_digest == digest_of(first)


def test_another_content_under_the_same_id_has_another_digest():
    other = sealed_cargo(unit="Otra unidad")
    assert opened(other).reference_digest != opened(sealed_cargo()).reference_digest
    assert opened(other).message.header.message_id == opened(sealed_cargo()).message.header.message_id


def test_signed_more_than_72_hours_ago_is_accepted_and_flagged():
    raw = sealed_cargo()
    assert not opened(raw, now=NOW + timedelta(hours=72)).is_stale
    assert opened(raw, now=NOW + timedelta(hours=72, seconds=1)).is_stale


def test_five_minutes_ahead_are_forgiven():
    assert opened(sealed_cargo(), now=NOW - timedelta(minutes=5)).message == sector.cargo()


def test_indented_before_signing_opens_too():
    tree = etree.fromstring(build(sector.cargo()))
    etree.indent(tree)
    assert opened(signed_otherwise(etree.tostring(tree))).message == sector.cargo()


# ------------------------------------------------------------------------------------------- the XML


@pytest.mark.parametrize("raw", [b"", b"   ", b"hola", b"<", b"<Cargo>", b"\x00" * 50, b"\xff\xfe<\x00a\x00/\x00>\x00"])
def test_what_is_not_xml_is_refused(raw):
    assert refusal(raw) == "XML_MAL_FORMADO"


def test_a_message_cut_half_way_is_refused():
    raw = sealed_cargo()
    assert {refusal(raw[: len(raw) * part // 10]) for part in range(1, 10)} == {"XML_MAL_FORMADO"}


def test_a_message_over_one_mebibyte_is_refused():
    assert refusal(sealed_cargo() + b" " * xml.MAX_BYTES) == "XML_DEMASIADO_GRANDE"


def test_a_dtd_is_refused():
    raw = sealed_cargo().replace(OPENING, b"<!DOCTYPE Cargo>\n" + OPENING, 1)
    assert refusal(raw) == "XML_CON_DTD"


def test_a_dtd_from_the_network_is_refused():
    raw = sealed_cargo().replace(OPENING, b'<!DOCTYPE Cargo SYSTEM "http://127.0.0.1:9/x.dtd">' + OPENING, 1)
    assert refusal(raw) == "XML_CON_DTD"


def test_a_dtd_behind_a_comment_that_looks_like_an_element_is_refused():
    raw = sealed_cargo().replace(OPENING, b"<!-- <a> --><!DOCTYPE Cargo>" + OPENING, 1)
    assert refusal(raw) == "XML_CON_DTD"


def test_an_entity_bomb_is_refused():
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE Cargo [<!ENTITY e0 "ja">{lines}]>'.encode()
    raw = sealed_cargo().replace(OPENING, bomb + OPENING, 1).replace(b"004512", b"&e9;")
    assert refusal(raw) == "XML_CON_ENTIDADES"


def test_an_entity_that_reads_a_file_is_refused():
    raw = sealed_cargo().replace(OPENING, b'<!DOCTYPE Cargo [<!ENTITY f SYSTEM "file:///etc/hostname">]>' + OPENING, 1)
    assert refusal(raw.replace(b"004512", b"&f;")) == "XML_CON_ENTIDADES"


@pytest.mark.parametrize("inside", [b"<!-- no va -->", b"<?php 1?>"])
def test_a_comment_or_an_instruction_is_refused_since_it_splits_what_is_read(inside):
    assert refusal(sealed_cargo().replace(b"004512", b"0045" + inside + b"12")) == "ESQUEMA_INVALIDO"
    assert refusal(sealed_cargo().replace(OPENING, inside + OPENING, 1)) == "ESQUEMA_INVALIDO"


def test_an_element_off_the_schema_is_refused():
    raw = build(sector.cargo()).replace(b"</Registrado>", b"<Extra>1</Extra></Registrado>")
    assert refusal(signed_otherwise(raw)) == "ESQUEMA_INVALIDO"


def test_an_unknown_root_is_refused():
    raw = build(sector.cargo()).replace(b"Cargo", b"Recargo")
    assert refusal(signed_otherwise(raw)) == "ESQUEMA_INVALIDO"


def test_another_version_is_refused():
    raw = build(sector.cargo()).replace(b"<Version>1.0<", b"<Version>2.0<")
    assert refusal(signed_otherwise(raw)) == "ESQUEMA_INVALIDO"


# ------------------------------------------------------------------------------------------- its signature


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

    signer = signer_of(IGP)
    for settings in ({"digest_algorithm": DigestAlgorithm.SHA1}, {"signature_algorithm": SignatureMethod.ECDSA_SHA1}):
        signing = Old(
            **{
                "signature_algorithm": SignatureMethod.ECDSA_SHA256,
                "c14n_algorithm": CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
                **settings,
            }
        )
        root = etree.fromstring(build(sector.cargo()))
        leaf = leaf_of(signer.certificate_pem).x509
        raw = etree.tostring(signing.sign(root, key=signer._key, cert=[leaf]))
        assert refusal(raw) == "ALGORITMO_NO_ADMITIDO"


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


# ------------------------------------------------------------------------------------------- who signed


def test_a_stranger_is_refused():
    stranger = sector.make_signer(IGP)  # same authority, same RUC in it, not in the directory
    assert refusal(sealed_cargo(stranger)) == "FIRMANTE_DESCONOCIDO"


def test_a_stranger_who_shows_our_certificate_is_refused():
    stranger = sector.make_signer(IGP)
    raw = signed_otherwise(key=stranger._key)  # IGP's certificate, not IGP's key
    assert refusal(raw) == "FIRMA_INVALIDA"


def test_a_sender_without_certificates_is_refused():
    assert refusal(sealed_cargo(), trust_of({})) == "FIRMANTE_DESCONOCIDO"


def test_a_certificate_that_cannot_be_parsed_is_refused():
    raw = re.sub(rb"(<ds:X509Certificate>)[^<]+", rb"\g<1>aG9sYQ==", sealed_cargo())
    assert refusal(raw) == "FIRMANTE_DESCONOCIDO"


def test_another_entity_of_the_sector_is_refused():
    assert refusal(sealed_cargo(signer_of(SENACE))) == "FIRMANTE_NO_ES_EMISOR"


def test_an_expired_certificate_is_refused():
    short = sector.make_signer(IGP, days=30)
    assert refusal(sealed_cargo(short), trust_of({IGP: [trusted(short)]})) == "CERTIFICADO_VENCIDO"


def test_a_certificate_that_the_directory_closed_earlier_is_refused():
    entry = trusted(signer_of(IGP), valid_until=NOW - timedelta(days=1))
    assert refusal(sealed_cargo(), trust_of({IGP: [entry]})) == "CERTIFICADO_VENCIDO"


def test_a_certificate_that_is_not_valid_yet_is_refused():
    entry = trusted(signer_of(IGP), valid_from=NOW + timedelta(seconds=1))
    assert refusal(sealed_cargo(), trust_of({IGP: [entry]})) == "CERTIFICADO_AUN_NO_VIGENTE"


def test_a_message_signed_while_valid_stays_good_after_the_certificate_expired():
    entry = trusted(signer_of(IGP), valid_until=NOW + timedelta(minutes=1))
    found = opened(sealed_cargo(), trust_of({IGP: [entry]}), now=NOW + timedelta(days=2))
    assert found.message == sector.cargo()


def test_a_revoked_certificate_is_refused_whatever_instant_it_writes():
    trust = trust_of({IGP: [trusted(signer_of(IGP), revoked_at=NOW)]})
    assert refusal(sealed_cargo(), trust) == "CERTIFICADO_REVOCADO"
    before = sealed_cargo(header=sector.header(issued_at=NOW - timedelta(days=3)))
    assert refusal(before, trust) == "CERTIFICADO_REVOCADO"


def test_what_came_before_the_revocation_opens_again_at_the_instant_it_came():
    trust = trust_of({IGP: [trusted(signer_of(IGP), revoked_at=NOW + timedelta(hours=1))]})
    assert opened(sealed_cargo(), trust, now=NOW).message == sector.cargo()


def test_rsa_of_1024_bits_is_refused():
    weak = sector.rsa_signer(IGP, 1024)
    assert refusal(sealed_cargo(weak), trust_of({IGP: [trusted(weak)]})) == "CLAVE_DEBIL"


def test_another_curve_is_refused():
    key = ec.generate_private_key(ec.SECP384R1())
    other = sector.make_signer(IGP, key)
    raw = signed_otherwise(certificate=other.certificate_pem, key=key)
    assert refusal(raw, trust_of({IGP: [trusted(other)]})) == "CLAVE_DEBIL"


# ------------------------------------------------------------------------------------------- what it says


def test_a_message_for_another_is_refused():
    assert refusal(sealed_cargo(), receiver=SENACE) == "RECEPTOR_EQUIVOCADO"


def test_an_instant_more_than_five_minutes_ahead_is_refused():
    assert refusal(sealed_cargo(), now=NOW - timedelta(minutes=5, seconds=1)) == "INSTANTE_ADELANTADO"


def test_a_refusal_names_the_message_once_it_is_known():
    with pytest.raises(ContractError) as refused:
        opened(sealed_cargo().replace(b"004512", b"004513"))
    assert refused.value.message_id == str(sector.header().message_id)


def test_a_signer_may_live_elsewhere():
    """What seals asks the Signer port and nothing else: no private key object crosses it."""

    class Remote:
        algorithm = "RS256"
        certificate_pem = sector.rsa_signer(IGP, 2048).certificate_pem
        asked = 0

        def sign(self, data):
            self.asked += 1
            return sector.rsa_signer(IGP, 2048)._key.sign(data, padding.PKCS1v15(), hashes.SHA256())

    remote = Remote()
    raw = sealed_cargo(remote)
    assert opened(raw, trust_of({IGP: [trusted(remote)]})).message == sector.cargo()
    assert remote.asked == 1


def test_a_filing_number_may_be_missing_only_where_the_schema_says():
    message = replace(sector.sobre(), header=sector.header(sender_ruc=IGP, filing_number=""))
    assert opened(seal(build(message), signer_of(IGP))).message == message
