"""A bucket of an S3 server: where it is, in whose name it is asked, and for how long it is waited for."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from obstore.store import ObjectStore, S3Store, from_url

CONNECTING: Final = timedelta(seconds=3)
ANSWERING: Final = timedelta(seconds=30)
"""For one request, its bytes included: a part, or one reading."""
COPYING: Final = timedelta(minutes=15)
"""The server copies a document inside itself, and some give no sign until they have done."""
PAUSE, LONGEST_PAUSE, TRIES = timedelta(seconds=0.2), timedelta(seconds=2), 20


@dataclass(frozen=True)
class Account:
    """How a bucket is reached. What is empty comes from the environment that AWS's own tools read (AWS_...).

    `patience`: seconds for which a server that is down is tried again before whoever waits is told so.
    """

    endpoint: str = ""
    region: str = ""
    key: str = ""
    secret: str = field(default="", repr=False)
    patience: float = 5.0


def connect(address: str, account: Account, answering: timedelta = ANSWERING) -> ObjectStore:
    """The store behind a URL such as `s3://bucket/prefix`; nothing is asked of it yet."""
    if not address.startswith("s3://"):
        return from_url(address)
    where = urlsplit(address)
    retrying: Any = {
        "max_retries": TRIES,
        "retry_timeout": timedelta(seconds=account.patience),
        "backoff": {"init_backoff": PAUSE, "max_backoff": LONGEST_PAUSE, "base": 2},
    }
    client: Any = {"connect_timeout": CONNECTING, "timeout": answering, "allow_http": is_plain(account.endpoint)}
    return S3Store(
        where.netloc,
        prefix=where.path.strip("/") or None,
        client_options=client,
        retry_config=retrying,
        **_given(account),
    )


def is_plain(endpoint: str) -> bool:
    """Without TLS: for a server on this machine or behind a network of one's own."""
    return endpoint.startswith("http://")


def _given(account: Account) -> Any:
    """What is set, by obstore's names. A server of one's own has its buckets in the path, not in the host's name."""
    named = {
        "endpoint": account.endpoint,
        "region": account.region or ("us-east-1" if account.endpoint else ""),
        "access_key_id": account.key,
        "secret_access_key": account.secret,
    }
    given: dict[str, object] = {name: value for name, value in named.items() if value}
    if account.endpoint:
        given["virtual_hosted_style_request"] = False
    return given
