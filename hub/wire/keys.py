"""Keys on disk: a key and its certificate loaded once as a Signer, and the demo keys that `mesa keys` makes."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from hub.core.errors import MesaError
from hub.wire.authority import Authority, issue, make_authority, make_crl
from hub.wire.trusted import MIN_RSA_BITS, is_strong

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class KeyFailure(MesaError):
    """A key or certificate that cannot be used: unreadable, of a kind that we do not sign with, or not a pair."""

    code = "KEY_UNUSABLE"


class FileSigner:
    """A Signer whose key was a file, read once. P-256 signs ES256; RSA of 2048 bits and up, RS256."""

    def __init__(self, key: PrivateKey, certificate_pem: bytes) -> None:
        self._key = key
        self.certificate_pem = certificate_pem

    @property
    def algorithm(self) -> str:
        return "RS256" if isinstance(self._key, rsa.RSAPrivateKey) else "ES256"

    def sign(self, data: bytes) -> bytes:
        """Signature over `data` with SHA-256: r||s of 64 bytes for ES256, PKCS#1 v1.5 for RS256."""
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), SHA256())
        r, s = decode_dss_signature(self._key.sign(data, ec.ECDSA(SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def load_signer(key_path: Path, cert_path: Path) -> FileSigner:
    """Load a key and its certificate, in PEM. Raises KeyFailure, which names the files and nothing of their content."""
    key = _load_key(key_path)
    pem = _read(cert_path)
    try:
        certificate = x509.load_pem_x509_certificate(pem)
    except ValueError as error:
        raise KeyFailure(f"{cert_path.name}: not a certificate") from error
    if key.public_key() != certificate.public_key():
        raise KeyFailure(f"{cert_path.name} is not the certificate of {key_path.name}")
    return FileSigner(key, pem)


def _load_key(path: Path) -> PrivateKey:
    try:
        key = load_pem_private_key(_read(path), password=None)
    except (ValueError, TypeError) as error:
        raise KeyFailure(f"{path.name}: not a private key without password") from error
    if isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) and is_strong(key.public_key()):
        return key
    raise KeyFailure(f"{path.name}: neither P-256 nor RSA of {MIN_RSA_BITS} bits")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise KeyFailure(f"{path.name}: {error.strerror}") from error


@dataclass
class Made:
    """What `make_demo_keys` wrote. What was there stays as it was."""

    folder: Path
    written: list[Path] = field(default_factory=list)

    def write(self, path: Path, content: bytes) -> None:
        """Write a file of mode 0600, whole or not at all; one that exists is left alone."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(draft, path)
            self.written.append(path)
        except FileExistsError:
            return
        finally:
            draft.unlink()


def make_demo_keys(folder: Path, institutions: Mapping[str, tuple[str, str]], *, operator: str, now: datetime) -> Made:
    """Make a demo authority, the hub's keys and a pair for each institution, where they are missing.

    `institutions`: code -> (RUC, name). `operator`: the code of the body that runs the hub, whose RUC the hub's own
    certificates carry. Layout: ca/{key,crt,crl}.pem, hub/{envelope,token,seal,ledger}.{key,crt}.pem,
    entities/<code>.crt.pem, sandbox/<code>.key.pem. Raises KeyFailure when a file that is there cannot be read.
    """
    made = Made(folder)
    authority = _authority(made, now)
    for purpose in ("envelope", "token", "seal", "ledger"):
        stem = folder / "hub" / purpose
        _pair(made, authority, stem.with_suffix(".key.pem"), stem.with_suffix(".crt.pem"), institutions[operator], now)
    for code, identity in institutions.items():
        key, crt = folder / "sandbox" / f"{code}.key.pem", folder / "entities" / f"{code}.crt.pem"
        _pair(made, authority, key, crt, identity, now)
    return made


def _authority(made: Made, now: datetime) -> Authority:
    key_path, crt_path, crl_path = (made.folder / "ca" / name for name in ("key.pem", "crt.pem", "crl.pem"))
    key = _key_at(made, key_path)
    if not crt_path.exists():
        made.write(crt_path, make_authority(key, now).certificate.public_bytes(Encoding.PEM))
    authority = Authority(key, x509.load_pem_x509_certificate(_read(crt_path)))
    if not crl_path.exists():
        made.write(crl_path, make_crl(authority, [], now).public_bytes(Encoding.PEM))
    return authority


def _pair(
    made: Made, authority: Authority, key_path: Path, crt_path: Path, identity: tuple[str, str], now: datetime
) -> None:
    """A certificate that is there is somebody's own, with a key that may live elsewhere: nothing to make."""
    if crt_path.exists():
        return
    ruc, name = identity
    certificate = issue(authority, _key_at(made, key_path).public_key(), ruc, name, now)
    made.write(crt_path, certificate.public_bytes(Encoding.PEM))


def _key_at(made: Made, path: Path) -> ec.EllipticCurvePrivateKey:
    if not path.exists():
        fresh = ec.generate_private_key(ec.SECP256R1())
        made.write(path, fresh.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    key = _load_key(path)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise KeyFailure(f"{path.name}: not P-256")
    return key
