"""What was begun in a bucket and never ended: its parts stay, unseen and paid for, until somebody asks for them.

The library that we write with cannot list them, so the two calls are made here, signed as AWS signs (SigV4):
https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html. A bucket reached without a key of ours,
by a role, is left to its own rule (AbortIncompleteMultipartUpload).
"""

import hashlib
import hmac
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final
from urllib.parse import quote, urlencode, urlsplit
from xml.etree import ElementTree

from hub.core.errors import StorageFailure
from hub.storage.bucket import Account

SECONDS: Final = 30
MOST: Final = 1024 * 1024
PAGES: Final = 1000
Call = Callable[[str, str, dict[str, str]], bytes]
"""(method, key, query) -> the answer's body."""


@dataclass(frozen=True)
class Begun:
    """One upload in parts."""

    key: str
    upload_id: str
    at: datetime


def abandon(address: str, account: Account, before: datetime, now: datetime) -> int:
    """Drop the uploads that were begun before an instant; gives how many. Raises StorageFailure."""
    if not address.startswith("s3://") or not account.key:
        return 0
    where = urlsplit(address)
    prefix = where.path.strip("/")
    call = partial(_call, account, where.netloc, now)
    old = [one for one in _begun(call, f"{prefix}/" if prefix else "") if one.at < before]
    for one in old:
        call("DELETE", one.key, {"uploadId": one.upload_id})
    return len(old)


def _begun(call: Call, prefix: str) -> Iterator[Begun]:
    asked = {"uploads": "", "prefix": prefix}
    for _ in range(PAGES):
        page = ElementTree.fromstring(call("GET", "", asked))  # noqa: S314  the operator's own server
        for one in page.iterfind("{*}Upload"):
            at = datetime.fromisoformat(one.findtext("{*}Initiated", ""))
            yield Begun(one.findtext("{*}Key", ""), one.findtext("{*}UploadId", ""), at)
        if page.findtext("{*}IsTruncated") != "true":
            return
        asked |= {
            "key-marker": page.findtext("{*}NextKeyMarker", ""),
            "upload-id-marker": page.findtext("{*}NextUploadIdMarker", ""),
        }


def _call(account: Account, bucket: str, now: datetime, method: str, key: str, asked: dict[str, str]) -> bytes:
    region = account.region or "us-east-1"
    if account.endpoint:
        root, path = account.endpoint.rstrip("/"), f"/{bucket}/{quote(key)}"
    else:
        root, path = f"https://{bucket}.s3.{region}.amazonaws.com", f"/{quote(key)}"
    query = urlencode(sorted(asked.items()), quote_via=quote)
    headers = signed(account, region, method, urlsplit(root).netloc, path, query, now)
    request = urllib.request.Request(f"{root}{path}?{query}", method=method, headers=headers)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310  the operator's own address
            return bytes(answer.read(MOST * 8))
    except urllib.error.HTTPError as error:
        if method == "DELETE" and error.code == 404:  # another worker was first
            return b""
        raise StorageFailure(f"{method} {path}: {error.code}") from error
    except OSError as error:
        raise StorageFailure(f"{method} {path}") from error


def signed(
    account: Account, region: str, method: str, host: str, path: str, query: str, at: datetime
) -> dict[str, str]:
    """The headers of a request without a body, by AWS Signature Version 4; `at` is aware, in UTC."""
    stamp, nothing = at.strftime("%Y%m%dT%H%M%SZ"), hashlib.sha256(b"").hexdigest()
    headers = {"host": host, "x-amz-content-sha256": nothing, "x-amz-date": stamp}
    names = ";".join(headers)
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    asked = "\n".join((method, path, query, lines, names, nothing))
    scope = f"{stamp[:8]}/{region}/s3/aws4_request"
    said = "\n".join(("AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(asked.encode()).hexdigest()))
    secret = f"AWS4{account.secret}".encode()
    for part in scope.split("/"):
        secret = hmac.digest(secret, part.encode(), "sha256")
    signature = hmac.digest(secret, said.encode(), "sha256").hex()
    proof = f"AWS4-HMAC-SHA256 Credential={account.key}/{scope},SignedHeaders={names},Signature={signature}"
    return {**headers, "Authorization": proof}
