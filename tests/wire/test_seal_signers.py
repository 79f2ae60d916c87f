"""The seal against who may not sign: strangers, neighbours, certificates out of time, weak keys."""

import re
from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric import ec

from tests.wire import sector
from tests.wire.sealed_cargos import opened, refusal, sealed_cargo, signed_otherwise
from tests.wire.sector import IGP, NOW, SENACE, signer_of, trust_of, trusted


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
