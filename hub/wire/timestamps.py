"""RFC 3161: the words of a time-stamp authority, and the check of what it says; no network.

A token is believed when it is over our bytes, its signature holds, its signer's certificate is for time-stamping
alone, was good at that instant, and is or descends from a certificate that the hub was given as the authority's.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from asn1crypto import algos, cms, core, pem, tsp, x509

from hub.core.errors import ContractError
from hub.core.services import TimeStamp
from hub.wire.running import run

REQUEST_TYPE = "application/timestamp-query"
REPLY_TYPE = "application/timestamp-reply"
_BROKEN = (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError)
"""What asn1crypto and pyHanko raise over bytes that are no token."""


class _Reply(core.Sequence):  # type: ignore[misc]
    """TimeStampResp: a refusal has no token (RFC 3161, 2.4.2)."""

    _fields = [("status", tsp.PKIStatusInfo), ("time_stamp_token", cms.ContentInfo, {"optional": True})]


def request_for(sha256: bytes, nonce: int) -> bytes:
    """A TimeStampReq (DER) for 32 bytes of SHA-256; asks for the authority's certificate too."""
    imprint = {"hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}), "hashed_message": sha256}
    request = {"version": 1, "message_imprint": tsp.MessageImprint(imprint), "nonce": nonce, "cert_req": True}
    return bytes(tsp.TimeStampReq(request).dump())


def token_in(reply: bytes, nonce: int) -> bytes:
    """The token (DER) of a TimeStampResp that answers our request.

    Raises ContractError STAMP_UNREADABLE, STAMP_REFUSED, or STAMP_OF_ANOTHER_REQUEST when the nonce is not ours.
    """
    try:
        response = _Reply.load(reply, strict=True)
        status = str(response["status"]["status"].native)
        if status not in ("granted", "granted_with_mods"):
            raise ContractError("STAMP_REFUSED", status)
        token = response["time_stamp_token"]
        said = token["content"]["encap_content_info"]["content"].parsed["nonce"].native
    except _BROKEN as error:
        raise ContractError("STAMP_UNREADABLE", type(error).__name__) from error
    if said != nonce:
        raise ContractError("STAMP_OF_ANOTHER_REQUEST")
    return bytes(token.dump())


def check_token(token: bytes, sha256: bytes, trusted: Sequence[bytes]) -> TimeStamp:
    """A token (DER) over the 32 bytes of `sha256`, checked against the authority's certificates (PEM).

    Gives its instant (UTC) and the name of its signer. Raises ContractError STAMP_UNREADABLE, STAMP_OF_OTHER_BYTES,
    STAMP_BROKEN (the signature does not hold), STAMP_UNTRUSTED (not the authority's, expired, not for stamping) or
    TSA_CERTIFICATE_UNREADABLE (what we hold as the authority's is no certificate in PEM).
    """
    data, info = _signed_data(token)
    imprint = info["message_imprint"]
    if (imprint["hash_algorithm"]["algorithm"].native, imprint["hashed_message"].native) != ("sha256", sha256):
        raise ContractError("STAMP_OF_OTHER_BYTES")
    at: datetime = info["gen_time"].native
    status = run(_validated(data, sha256, at, trusted))
    if not (status["intact"] and status["valid"]):
        raise ContractError("STAMP_BROKEN")
    if status.get("trust_problem_indic") is not None or status.get("validation_path") is None:
        raise ContractError("STAMP_UNTRUSTED")
    return TimeStamp(token, at, _name(status["signing_cert"]))


def _signed_data(token: bytes) -> tuple[Any, Any]:
    """The SignedData of a token and its TSTInfo."""
    try:
        content = cms.ContentInfo.load(token, strict=True)
        if content["content_type"].native != "signed_data":
            raise ContractError("STAMP_UNREADABLE", "no signed data")
        data = content["content"]
        info = data["encap_content_info"]["content"].parsed
        info.native  # noqa: B018  asn1crypto parses when asked: a broken value shows here
    except _BROKEN as error:
        raise ContractError("STAMP_UNREADABLE", type(error).__name__) from error
    if not isinstance(info, tsp.TSTInfo):
        raise ContractError("STAMP_UNREADABLE", "no TSTInfo")
    return data, info


async def _validated(data: Any, sha256: bytes, at: datetime, trusted: Sequence[bytes]) -> dict[str, Any]:
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
    from pyhanko_certvalidator import ValidationContext
    from pyhanko_certvalidator.errors import PathError, ValidationError

    roots = _roots(trusted)
    try:
        others = [one.chosen for one in data["certificates"] if one.name == "certificate"]
        context = ValidationContext(
            trust_roots=roots, other_certs=others, moment=at, allow_fetching=False, revocation_mode="soft-fail"
        )
        return dict(await validate_tst_signed_data(data, context, lambda _: sha256))
    except (SignatureValidationError, PathError, ValidationError, *_BROKEN) as error:
        raise ContractError("STAMP_BROKEN", type(error).__name__) from error


def _roots(trusted: Sequence[bytes]) -> list[Any]:
    try:
        found = [x509.Certificate.load(pem.unarmor(armoured)[2]) for armoured in trusted]
        for one in found:
            one.native  # noqa: B018  asn1crypto parses when asked
    except _BROKEN as error:
        raise ContractError("TSA_CERTIFICATE_UNREADABLE", type(error).__name__) from error
    return found


def _name(certificate: Any) -> str:
    subject = certificate.subject.native
    return str(subject.get("common_name") or subject.get("organization_name") or certificate.subject.human_friendly)
