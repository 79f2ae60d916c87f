"""What a check says of the certificates that a file declares: taken, narrowed, or named with what is wrong."""

from datetime import timedelta

import pytest

from tests.entities import certificates
from tests.entities.certificates import NOW
from tests.entities.conftest import codes


def inline(demo, *pems):
    """The demo sector with other certificates for IGP, written in the file."""
    rows = "".join(f"\n      - pem: |\n{_indent(pem)}" for pem in pems)
    return demo.replace("    certificates: [{file: entities/igp.crt.pem}]\n", f"    certificates:{rows}")


def _indent(pem):
    return "".join(f"          {line}\n" for line in pem.strip().splitlines())


def test_a_certificate_may_stand_in_the_file_itself(look, demo):
    pem = certificates.certificate("20131367008")
    directory = look(inline(demo, pem)).directory
    assert directory.trust("20131367008")[0].pem.decode().split() == pem.split()


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: certificates.expired("20131367008"), "CERTIFICATE_EXPIRED"),
        (lambda: certificates.weak("20131367008"), "CERTIFICATE_WEAK"),
        (lambda: certificates.certificate("20521286769"), "CERTIFICATE_OTHER_RUC"),
        (certificates.private_key, "CERTIFICATE_PRIVATE_KEY"),
        (lambda: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "CERTIFICATE_UNREADABLE"),
        (lambda: "no soy un certificado", "CERTIFICATE_UNREADABLE"),
        (lambda: certificates.certificate("20131367008", days=40), "CERTIFICATE_ENDS_SOON"),
        (lambda: certificates.certificate("20131367008", issued=NOW + timedelta(days=9)), "CERTIFICATE_NOT_YET"),
    ],
)
def test_a_certificate_that_cannot_be_used_is_named(look, demo, make, code):
    assert codes(look(inline(demo, make()))) == {code}


def test_the_same_certificate_twice_is_a_fault(look, demo):
    pem = certificates.certificate("20131367008")
    assert codes(look(inline(demo, pem, pem))) == {"CERTIFICATE_TWICE"}


def test_two_overlapping_certificates_are_taken(look, demo):
    pems = [certificates.certificate("20131367008") for _ in range(2)]
    assert len(look(inline(demo, *pems)).directory.trust("20131367008")) == 2


def test_the_declared_days_narrow_the_certificates_own(look, demo):
    row = "{file: entities/igp.crt.pem, valid_from: 2026-11-20, valid_to: 2026-12-31}"
    directory = look(demo.replace("{file: entities/igp.crt.pem}", row)).directory
    held = directory.trust("20131367008")[0]
    assert held.valid_from.isoformat() == "2026-11-20T05:00:00+00:00"
    assert held.valid_until.isoformat() == "2027-01-01T04:59:59+00:00"
