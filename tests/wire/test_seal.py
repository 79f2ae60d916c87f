"""The seal: what opens, and what it must say to be taken."""

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from lxml import etree

from hub.core.errors import ContractError
from hub.core.messages import CargoOutcome
from hub.wire.seal import digest_of, seal
from hub.wire.sobre import build
from hub.wire.trusted import leaf_of
from tests.wire import sector
from tests.wire.sealed_cargos import opened, refusal, sealed_cargo, signed_otherwise
from tests.wire.sector import IGP, NOW, SENACE, signer_of, trust_of, trusted


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
