"""pyHanko, fitted to our ports: a key that is held and a time-stamp authority behind the port."""

import asyncio
from datetime import datetime
from typing import Any

from asn1crypto import cms, pem, x509
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from pyhanko.sign.signers.pdf_cms import Signer as PadesSigner
from pyhanko.sign.timestamps import TimeStamper as PadesStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from hub.core.ports import Signer
from hub.core.services import TimeStamper
from hub.wire.running import run

_OPEN = b"\xa5" * 32
"""Stands for the digest in the signed attributes until there is one."""


class _Pades(PadesSigner):
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


class Held:
    """Our key and all of a seal that never changes, made once: only the digest and the signature are new."""

    def __init__(self, signer: PadesSigner) -> None:
        self._signer = signer
        attributes = run(signer.signed_attrs(_OPEN, "sha256", use_pades=True))
        self._before, self._after = bytes(attributes.dump()).split(_OPEN)

    @classmethod
    def of(cls, signer: Signer, chain: tuple[bytes, ...]) -> "Held":
        """For a key of ours; `chain` (PEM) goes along in every seal."""
        store = SimpleCertificateStore()
        store.register_multiple([certificate(one) for one in chain])
        return cls(_Pades(signer, signing_cert=certificate(signer.certificate_pem), cert_registry=store))

    def seal(self, digest: bytes, timestamper: TimeStamper | None) -> tuple[bytes, datetime | None]:
        """The CMS (DER) over a SHA-256, and the instant of its stamp. Raises what the time-stamp port raises."""
        stamps = Stamps.of(timestamper)
        attributes = cms.CMSAttributes.load(self._before + digest + self._after)
        made = run(self._signer.async_sign_prescribed_attributes("sha256", attributes, timestamper=stamps))
        return bytes(made.dump()), stamps.at if stamps else None


def certificate(armoured: bytes) -> x509.Certificate:
    """A certificate in PEM, as pyHanko knows it."""
    _, _, der = pem.unarmor(armoured)
    return x509.Certificate.load(der)
