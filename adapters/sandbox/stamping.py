"""What the sandbox's time-stamp authority does: its two certificates, and the signed answer to a request."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

POLICY = "1.3.6.1.4.1.99999.1"
ROOT, LEAF, KEY = "root.crt.pem", "leaf.crt.pem", "leaf.key.pem"


class Refusal(core.Sequence):  # type: ignore[misc]
    """A TimeStampResp without a token (RFC 3161, 2.4.2)."""

    _fields = [("status", tsp.PKIStatusInfo)]


class Refused(Exception):
    """A request that gets no stamp; `why` is a PKIFailureInfo of RFC 3161."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    def reply(self) -> bytes:
        status = {"status": "rejection", "fail_info": {self.why}}
        return Refusal({"status": tsp.PKIStatusInfo(status)}).dump()


@dataclass(frozen=True)
class Authority:
    """The key that stamps, its certificate and its root's."""

    key: ec.EllipticCurvePrivateKey
    leaf: asn1.Certificate
    root: asn1.Certificate

    def reply(self, request: bytes, at: datetime | None = None) -> bytes:
        """A granted TimeStampResp. Raises Refused for what cannot be stamped."""
        try:
            asked = tsp.TimeStampReq.load(request, strict=True)
            imprint, nonce = asked["message_imprint"], asked["nonce"].native
            algorithm = imprint["hash_algorithm"]["algorithm"].native
            digest = imprint["hashed_message"].native
        except (ValueError, TypeError) as error:
            raise Refused("bad_data_format") from error
        if algorithm != "sha256" or len(digest) != 32:
            raise Refused("bad_alg")
        info = {
            "version": "v1", "policy": POLICY, "message_imprint": imprint, "serial_number": secrets.randbits(64),
            "gen_time": (at or datetime.now(timezone.utc)).replace(microsecond=0), "accuracy": {"seconds": 1},
        }  # fmt: skip
        if nonce is not None:
            info["nonce"] = nonce
        token = self._token(tsp.TSTInfo(info))
        return tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump()

    def _token(self, info: tsp.TSTInfo) -> cms.ContentInfo:
        content = info.dump()
        attributes = self._attributes(content)
        signed = {
            "version": "v3",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {"content_type": "tst_info", "content": cms.ParsableOctetString(content)},
            "certificates": [self.leaf, self.root],
            "signer_infos": [
                {
                    "version": "v1",
                    "sid": cms.SignerIdentifier(
                        "issuer_and_serial_number",
                        {"issuer": self.leaf.issuer, "serial_number": self.leaf.serial_number},
                    ),
                    "digest_algorithm": {"algorithm": "sha256"},
                    "signed_attrs": attributes,
                    "signature_algorithm": {"algorithm": "sha256_ecdsa"},
                    "signature": self.key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256())),
                }
            ],
        }
        return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)})

    def _attributes(self, content: bytes) -> cms.CMSAttributes:
        """What is signed: the kind, the digest of the content, and the certificate that stamps (RFC 5816)."""
        own = tsp.ESSCertIDv2(
            {
                "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
                "cert_hash": hashlib.sha256(self.leaf.dump()).digest(),
            }
        )
        return cms.CMSAttributes(
            [
                {"type": "content_type", "values": ["tst_info"]},
                {"type": "message_digest", "values": [core.OctetString(hashlib.sha256(content).digest())]},
                {"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2({"certs": [own]})]},
            ]
        )


def make_authority(folder: Path, publish: Path | None = None) -> Authority:
    """Read the authority of a folder, made there at the first run; `publish` gets the root in PEM."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (folder / ROOT).exists():
        _make(folder, datetime.now(timezone.utc))
    if publish is not None:
        publish.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = publish.with_suffix(".draft")
        draft.write_bytes((folder / ROOT).read_bytes())
        draft.replace(publish)
    key = load_pem_private_key((folder / KEY).read_bytes(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return Authority(key, _read(folder / LEAF), _read(folder / ROOT))


def _read(path: Path) -> asn1.Certificate:
    return asn1.Certificate.load(x509.load_pem_x509_certificate(path.read_bytes()).public_bytes(Encoding.DER))


def _make(folder: Path, now: datetime) -> None:
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = _name("Autoridad de sellado de tiempo de prueba")
    root = _builder(root_name, root_name, root_key, now, years=10)
    root = root.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    root = root.add_extension(_usage(is_root=True), critical=True)
    leaf = _builder(_name("Sello de tiempo de prueba"), root_name, key, now, years=5)
    leaf = leaf.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    leaf = leaf.add_extension(_usage(is_root=False), critical=True)
    leaf = leaf.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    leaf = leaf.add_extension(issuer, critical=False)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / KEY).touch(mode=0o600)
    (folder / KEY).write_bytes(private)
    (folder / LEAF).write_bytes(leaf.sign(root_key, hashes.SHA256()).public_bytes(Encoding.PEM))
    (folder / ROOT).write_bytes(root.sign(root_key, hashes.SHA256()).public_bytes(Encoding.PEM))


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "PE"), x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, years: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * years))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(is_root: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_root, content_commitment=not is_root, key_cert_sign=is_root, crl_sign=is_root,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
