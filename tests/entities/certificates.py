"""Certificates and keys folders for these tests, from the demo authority."""

from datetime import datetime, timedelta, timezone

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from hub.wire.authority import issue, make_authority

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=timezone.utc)
RUCS = {"igp": "20131367008", "senamhi": "20131366028", "senace": "20556097055"}
_authority = make_authority(ec.generate_private_key(ec.SECP256R1()), NOW - timedelta(days=900))


def certificate(ruc, *, key=None, days=365, issued=NOW - timedelta(days=30)):
    """A certificate in PEM text."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    return issue(_authority, key.public_key(), ruc, ruc, issued, days=days).public_bytes(Encoding.PEM).decode()


def expired(ruc):
    return certificate(ruc, days=10)


def weak(ruc):
    return certificate(ruc, key=rsa.generate_private_key(65537, 1024))


def private_key():
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def write_keys(folder):
    """The keys folder that the demo sector reads."""
    (folder / "entities").mkdir(parents=True)
    for code, ruc in RUCS.items():
        (folder / "entities" / f"{code}.crt.pem").write_text(certificate(ruc))
    return folder
