"""A small sector for the tests of the wire: an authority, the hub, two institutions and a stranger."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from hub.core.messages import (
    Acuse,
    Addressee,
    Cargo,
    CargoOutcome,
    DocumentRef,
    DocumentRole,
    Estado,
    Filer,
    Header,
    Respuesta,
    Sobre,
)
from hub.core.ports import TrustedCertificate
from hub.core.statuses import Mode, Movement, RefusalReason
from hub.wire.authority import issue, make_authority
from hub.wire.keys import FileSigner

NOW = datetime(2026, 11, 23, 14, 5, 9, 120000, tzinfo=UTC)
HUB, IGP, SENACE = "20492966658", "20131367008", "20556097055"
DIGEST = "q0k6bFvV5cJ0k4m1u2l0sV6h9yqQwq6c2b8m0o1x5yI="
_MADE = datetime(2026, 1, 1, tzinfo=UTC)


@cache
def authority():
    return make_authority(ec.generate_private_key(ec.SECP256R1()), _MADE)


def make_signer(ruc, key=None, *, days=730):
    """A signer of our authority for a RUC; P-256 unless a key is given."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    certificate = issue(authority(), key.public_key(), ruc, "Institución de prueba", _MADE, days=days)
    return FileSigner(key, certificate.public_bytes(Encoding.PEM))


@cache
def signer_of(ruc):
    return make_signer(ruc)


@cache
def rsa_signer(ruc, bits):
    return make_signer(ruc, rsa.generate_private_key(65537, bits))


def trusted(signer, **changes):
    """The directory's entry for a signer."""
    certificate = x509.load_pem_x509_certificate(signer.certificate_pem)
    values = {"valid_from": certificate.not_valid_before_utc, "valid_until": certificate.not_valid_after_utc}
    return TrustedCertificate(signer.certificate_pem, **{**values, **changes})


def trust_of(entries):
    """A Trust from {RUC: [entries]}."""
    return lambda ruc: tuple(entries.get(ruc, ()))


def directory():
    """The directory as it usually is: one certificate for each body."""
    return trust_of({ruc: [trusted(signer_of(ruc))] for ruc in (HUB, IGP, SENACE)})


def header(**changes):
    values = {
        "message_id": UUID("5f0c1c1e-0f4b-4d55-9a53-0c54b1f8e7a1"),
        "sender_ruc": IGP,
        "receiver_ruc": HUB,
        "filing_number": "2026-0001234-6",
        "cuo": "0000012345",
        "issued_at": NOW,
    }
    return Header(**{**values, **changes})


def document(**changes):
    values = {
        "role": DocumentRole.MAIN,
        "file_name": "Solicitud Ñaña.pdf",
        "media_type": "application/pdf",
        "size": 48213,
        "sha256": "6b" * 32,
        "pages": 3,
        "address": "https://mesa.example.pe/api/v1/envios/0000012345/documentos/1",
    }
    return DocumentRef(**{**values, **changes})


def sobre(**changes):
    values = {
        "header": header(sender_ruc=HUB, receiver_ruc=IGP),
        "filer": Filer("dni", "10117410", "Rosa Ñahui Quispe", email="rosa@example.pe"),
        "addressee": Addressee(unit="Dirección Científica"),
        "document_type": "solicitud",
        "document_number": "",
        "subject": "Solicita registros sísmicos de la estación de Ñaña",
        "folios": 3,
        "presented_at": NOW - timedelta(seconds=1),
        "considered_on": date(2026, 11, 23),
        "mode": Mode.REMITTANCE,
        "counter": "sernanp/central",
        "documents": (document(), document(role=DocumentRole.ANNEX, pages=None, address="")),
    }
    return Sobre(**{**values, **changes})


def acuse(**changes):
    values = {
        "header": header(answers=UUID("5f0c1c1e-0f4b-4d55-9a53-0c54b1f8e7a1")),
        "sobre_digest": DIGEST,
        "held_since": NOW,
    }
    return Acuse(**{**values, **changes})


def cargo(outcome=CargoOutcome.REGISTERED, **changes):
    said = {
        CargoOutcome.REGISTERED: {"registry_number": "004512", "registry_year": "2026", "unit": "Dirección"},
        CargoOutcome.OBSERVED: {"text": "Faltan requisitos", "items": ("Falta la firma", "Falta el poder")},
        CargoOutcome.REFUSED: {
            "reason": RefusalReason.NOT_COMPETENT,
            "text": "Corresponde a SENACE",
            "right_body_ruc": SENACE,
        },
    }
    return Cargo(**{"header": header(), "outcome": outcome, "registered_at": NOW, **said[outcome], **changes})


def estado(**changes):
    values = {"header": header(), "movement": Movement.IN_PROCESS, "happened_at": NOW, "unit": "Redes"}
    return Estado(**{**values, **changes})


def respuesta(**changes):
    values = {
        "header": header(),
        "document_type": "oficio",
        "document_number": "0123-2026-IGP",
        "subject": "Remite registros",
        "issued_on": date(2026, 11, 24),
        "documents": (document(role=DocumentRole.ANSWER),),
    }
    return Respuesta(**{**values, **changes})
