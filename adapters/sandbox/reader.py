"""Reads what comes: hardened parser, schema, signature, and only then the words that the signature covers."""

import base64
import hashlib
import threading
from collections import deque
from datetime import UTC, datetime
from typing import Any

import jwt
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, utils
from lxml import etree

from adapters.sandbox.problems import Refused
from adapters.sandbox.seal import ECDSA, ENVELOPED, EXCLUSIVE, RSA, SHA256, b64, canonical

DS = "{http://www.w3.org/2000/09/xmldsig#}"
one_compiles = threading.Lock()
"""libxml2 sets up its table of types at the first schema, unguarded: two at once crash, or refuse a good one."""


class HubCertificates:
    """The one or two certificates known for the hub: nothing else is trusted, however good its chain."""

    def __init__(self, pems: list[bytes], ruc: str) -> None:
        self.ruc = ruc
        self.by_der = {}
        for pem in pems:
            certificate = x509.load_pem_x509_certificate(pem)
            self.by_der[certificate.public_bytes(serialization.Encoding.DER)] = certificate
        self.keys: dict[bytes, Any] = {der: found.public_key() for der, found in self.by_der.items()}

    def check_token(self, token: str, own_ruc: str) -> dict[str, Any]:
        """Verify a token of the hub for us; gives its claims. Whether its jti was seen is for the caller to check."""
        if not token:
            raise Refused("CREDENCIAL_AUSENTE")
        for key in self.keys.values():
            algorithm = "ES256" if isinstance(key, ec.EllipticCurvePublicKey) else "RS256"
            try:
                claims: dict[str, Any] = jwt.decode(
                    token, key, [algorithm], audience=own_ruc, issuer=self.ruc, leeway=5,
                    options={"require": ["exp", "iat", "jti", "iss", "aud"]},
                )  # fmt: skip
            except (jwt.InvalidSignatureError, jwt.InvalidAlgorithmError):
                continue  # perhaps it is signed with the other one
            except jwt.ExpiredSignatureError as error:
                raise Refused("CREDENCIAL_VENCIDA", str(error)) from error
            except jwt.PyJWTError as error:
                raise Refused("CREDENCIAL_INVALIDA", str(error)) from error
            if claims["exp"] - claims["iat"] > 300:
                raise Refused("CREDENCIAL_VENCIDA", "good for more than 300 seconds")
            return claims
        raise Refused("CREDENCIAL_INVALIDA", "not signed by the hub")


class Reader:
    """Compiled schemas are lent, to one thread at a time."""

    def __init__(self, schema_path: str, hub: HubCertificates) -> None:
        self.schema_path, self.hub = schema_path, hub
        self._idle_schemas: deque[etree.XMLSchema] = deque()

    def read(self, data: bytes) -> tuple[Any, str, x509.Certificate]:
        """Give (root without its signature, Reference digest, signer). Raises Refused."""
        root = parse(data)
        signature = find_signature(root)
        method, digest, value, der = read_signature(signature)
        self._check_schema(root)
        if der not in self.hub.keys:
            raise Refused("FIRMANTE_DESCONOCIDO")
        check_value(self.hub.keys[der], method, value, canonical(signature.find(f"{DS}SignedInfo")))
        before = signature.getprevious()
        before.tail = (before.tail or "") + (signature.tail or "")
        root.remove(signature)
        if b64(hashlib.sha256(canonical(root)).digest()) != digest:
            raise Refused("FIRMA_INVALIDA", "the content is not what was signed")
        return root, digest, self.hub.by_der[der]

    def _check_schema(self, root: Any) -> None:
        try:
            schema = self._idle_schemas.pop()
        except IndexError:
            with one_compiles:
                schema = etree.XMLSchema(etree.parse(self.schema_path))
        is_valid, fault = schema.validate(root), schema.error_log.last_error
        self._idle_schemas.append(schema)
        if not is_valid:
            raise Refused("FIRMA_FUERA_DE_PERFIL" if DS in str(fault) else "ESQUEMA_INVALIDO", str(fault))


def parse(data: bytes) -> Any:
    """Parse a message; comments, instructions, entities and DTD are refused, inside the root and around it."""
    if b"<!ENTITY" in data:
        raise Refused("XML_CON_ENTIDADES")
    if b"<!DOCTYPE" in data:
        raise Refused("XML_CON_DTD")
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Refused("XML_MAL_FORMADO", str(error)) from error
    if root.getroottree().docinfo.doctype:
        raise Refused("XML_CON_DTD")
    is_alone = root.getprevious() is None and root.getnext() is None
    if not is_alone or next(root.iter(etree.Comment, etree.PI, etree.Entity), None) is not None:
        raise Refused("ESQUEMA_INVALIDO", "comments, processing instructions or entities")
    return root


def find_signature(root: Any) -> Any:
    found = list(root.iter(f"{DS}Signature"))
    if len(found) != 1:
        raise Refused("FIRMA_REPETIDA" if found else "FIRMA_AUSENTE")
    if len(root) < 2 or root[-1] is not found[0]:
        raise Refused("FIRMA_FUERA_DE_LUGAR")
    return found[0]


def read_signature(signature: Any) -> tuple[str, str, bytes, bytes]:
    """Give (method, digest, value, certificate in DER) of a signature of exactly the contract's form."""

    def algorithms(path: str) -> list[str | None]:
        return [found.get("Algorithm") for found in signature.findall(path)]

    info = f"{DS}SignedInfo"
    references = signature.findall(f"{info}/{DS}Reference")
    transforms = algorithms(f"{info}/{DS}Reference/{DS}Transforms/{DS}Transform")
    method = algorithms(f"{info}/{DS}SignatureMethod")
    if len(references) != 1 or references[0].get("URI") != "":
        raise Refused("REFERENCIA_NO_ADMITIDA")
    has_our_algorithms = (
        transforms == [ENVELOPED, EXCLUSIVE]
        and algorithms(f"{info}/{DS}CanonicalizationMethod") == [EXCLUSIVE]
        and algorithms(f"{info}/{DS}Reference/{DS}DigestMethod") == [SHA256]
        and method in ([ECDSA], [RSA])
    )
    if not has_our_algorithms:
        raise Refused("ALGORITMO_NO_ADMITIDO")
    value = unwrap(signature.findtext(f"{DS}SignatureValue"))
    der = unwrap(signature.findtext(f"{DS}KeyInfo/{DS}X509Data/{DS}X509Certificate"))
    return method[0] or "", b64(unwrap(references[0].findtext(f"{DS}DigestValue"))), value, der


def unwrap(text: str | None) -> bytes:
    """Bytes of a base64 text, whatever its line breaks."""
    try:
        return base64.b64decode("".join((text or "").split()), validate=True)
    except ValueError as error:
        raise Refused("FIRMA_FUERA_DE_PERFIL", "base64") from error


def check_value(key: Any, method: str, value: bytes, data: bytes) -> None:
    """Verify a signature value; the method must be of the kind of the key that we hold."""
    is_elliptic = isinstance(key, ec.EllipticCurvePublicKey)
    if is_elliptic != (method == ECDSA) or (is_elliptic and len(value) != 64):
        raise Refused("FIRMA_INVALIDA", "key and method do not match")
    try:
        if is_elliptic:
            r, s = int.from_bytes(value[:32], "big"), int.from_bytes(value[32:], "big")
            key.verify(utils.encode_dss_signature(r, s), data, ec.ECDSA(hashes.SHA256()))
        else:
            key.verify(value, data, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature as error:
        raise Refused("FIRMA_INVALIDA", "signature value") from error


def check_instant(issued_at: datetime, signer: x509.Certificate, message_id: str) -> None:
    """Refuse an instant of issue more than five minutes ahead, or outside the validity of the signer's certificate."""
    if (issued_at - datetime.now(UTC)).total_seconds() > 300:
        raise Refused("INSTANTE_ADELANTADO", issued_at.isoformat(), message_id)
    if issued_at < signer.not_valid_before_utc:
        raise Refused("CERTIFICADO_AUN_NO_VIGENTE", issued_at.isoformat(), message_id)
    if issued_at > signer.not_valid_after_utc:
        raise Refused("CERTIFICADO_VENCIDO", issued_at.isoformat(), message_id)
