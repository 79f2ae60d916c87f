"""The institution's own signature: messages sealed as enveloped XMLDSig, and bearer tokens."""

import base64
import hashlib
import time
import uuid
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, utils
from lxml import etree

EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
ECDSA = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
RSA = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"

# Already in canonical form, so that what is hashed is what is written.
SIGNED_INFO = (
    '<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">'
    f'<ds:CanonicalizationMethod Algorithm="{EXCLUSIVE}"></ds:CanonicalizationMethod>'
    '<ds:SignatureMethod Algorithm="%s"></ds:SignatureMethod>'
    '<ds:Reference URI=""><ds:Transforms>'
    f'<ds:Transform Algorithm="{ENVELOPED}"></ds:Transform>'
    f'<ds:Transform Algorithm="{EXCLUSIVE}"></ds:Transform>'
    f'</ds:Transforms><ds:DigestMethod Algorithm="{SHA256}"></ds:DigestMethod>'
    "<ds:DigestValue>%s</ds:DigestValue></ds:Reference></ds:SignedInfo>"
)
SIGNATURE = (
    '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">%s<ds:SignatureValue>%s</ds:SignatureValue>'
    "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>%s</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>"
)


def canonical(element: Any) -> bytes:
    written: bytes = etree.tostring(element, method="c14n", exclusive=True, with_comments=False)
    return written


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


class OwnKey:
    """A private key and its certificate: they sign messages, and tokens for calls without a message."""

    def __init__(self, key_pem: bytes, certificate_pem: bytes) -> None:
        self.key: Any = serialization.load_pem_private_key(key_pem, None)
        der = x509.load_pem_x509_certificate(certificate_pem).public_bytes(serialization.Encoding.DER)
        self.certificate = b64(der)
        self.thumbprint = base64.urlsafe_b64encode(hashlib.sha256(der).digest()).rstrip(b"=").decode()
        self.is_elliptic = isinstance(self.key, ec.EllipticCurvePrivateKey)

    def _sign(self, data: bytes) -> bytes:
        if not self.is_elliptic:
            return bytes(self.key.sign(data, padding.PKCS1v15(), hashes.SHA256()))
        r, s = utils.decode_dss_signature(self.key.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def seal(self, root: Any) -> bytes:
        """Give the message as bytes, with its signature as last child of the root."""
        body = canonical(root)
        digest = b64(hashlib.sha256(body).digest())
        signed_info = SIGNED_INFO % (ECDSA if self.is_elliptic else RSA, digest)
        signature = SIGNATURE % (signed_info, b64(self._sign(signed_info.encode())), self.certificate)
        end = body.rindex(b"</")
        return body[:end] + signature.encode() + body[end:]

    def token(self, issuer: str, audience: str) -> str:
        """A bearer token for one call: `issuer` and `audience` are RUCs; good for four minutes."""
        now = int(time.time())
        claims = {"iss": issuer, "aud": audience, "iat": now, "exp": now + 240, "jti": str(uuid.uuid4())}
        algorithm = "ES256" if self.is_elliptic else "RS256"
        return jwt.encode(claims, self.key, algorithm, headers={"x5t#S256": self.thumbprint})
