"""pyHanko, fitted to our ports: a key that is held and a time-stamp authority behind the port."""

import asyncio
from datetime import datetime
from typing import Any

from asn1crypto import cms, pem, x509
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from pyhanko.sign.signers.pdf_cms import Signer as PadesSigner
from pyhanko.sign.timestamps import TimeStamper as PadesStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from hub.core.ports import Signer, TimeStamper


class _Held(PadesSigner):
    """A signer of PDFs whose key is behind our Signer port."""

    def __init__(self, signer: Signer, **options: Any) -> None:
        super().__init__(**options)
        self._own = signer

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if dry_run:
            return bytes(512)
        raw = self._own.sign(data)
        if self._own.algorithm != "ES256":
            return raw
        return encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))


class Stamps(PadesStamper):
    """Stamps for one seal; `at` is the instant of the last. What the port raises goes through."""

    def __init__(self, timestamper: TimeStamper) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._port = timestamper
        self.at: datetime | None = None

    @classmethod
    def of(cls, timestamper: TimeStamper | None) -> "Stamps | None":
        return cls(timestamper) if timestamper else None

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        stamp = await asyncio.to_thread(self._port.stamp, message_digest)  # it asks over the network and checks
        self.at = stamp.at
        return cms.ContentInfo.load(stamp.token)


def cms_signer(signer: Signer, chain: tuple[bytes, ...]) -> PadesSigner:
    """A signer of PDFs for our key; `chain` (PEM) goes along."""
    store = SimpleCertificateStore()
    store.register_multiple([certificate(one) for one in chain])
    return _Held(signer, signing_cert=certificate(signer.certificate_pem), cert_registry=store)


def certificate(armoured: bytes) -> x509.Certificate:
    """A certificate in PEM, as pyHanko knows it."""
    _, _, der = pem.unarmor(armoured)
    return x509.Certificate.load(der)
