"""The press of a process: the seal's key, its authority's certificate, the time-stamp authority of the settings."""

from pathlib import Path

from hub.core.services import TimeStamper
from hub.evidence.building import Seals
from hub.evidence.gathering import Published
from hub.paperwork import Press
from hub.settings import Settings
from hub.storage import Store
from hub.wire.keys import load_signer
from hub.wire.pdf import Sealer

STAMP_TIMEOUT = 5.0
"""Seconds that a paper waits for its stamp; without one it is sealed all the same."""


def press_from(settings: Settings, store: Store | None = None) -> Press:
    """What papers are made with. Raises KeyFailure where the seal's key cannot be read."""
    keys = settings.keys_folder
    signer = load_signer(keys / "hub" / "seal.key.pem", keys / "hub" / "seal.crt.pem")
    return Press(
        store=store or Store(settings.documents_url, settings.s3_account),
        sealer=Sealer(signer, _chain(keys / "ca" / "crt.pem"), time_stamper(settings)),
        year_name=settings.year_name,
        tracking_secret=settings.tracking_secret.encode(),
        public_url=settings.public_url,
    )


def seals_from(settings: Settings) -> Seals:
    """What evidence bundles are sealed with. Raises KeyFailure where the seal's key cannot be read."""
    keys = settings.keys_folder
    signer = load_signer(keys / "hub" / "seal.key.pem", keys / "hub" / "seal.crt.pem")
    return Seals(signer, _chain(keys / "ca" / "crt.pem"), time_stamper(settings))


def published(settings: Settings, name: str) -> bytes:
    """A certificate (PEM) that is for everybody: `ca`, whose it is all that the hub signs, or `tsa`; empty for none."""
    path = settings.keys_folder / name / "crt.pem"
    return path.read_bytes() if path.exists() else b""


def published_from(settings: Settings) -> Published:
    """The certificates that go into every bundle."""
    own = tuple(path.read_bytes() for path in sorted((settings.keys_folder / "hub").glob("*.crt.pem")))
    return Published(published(settings, "ca"), own, published(settings, "tsa"), settings.public_url)


def time_stamper(settings: Settings) -> TimeStamper | None:
    """The time-stamp authority of the settings, or none."""
    if not settings.tsa:
        return None
    from adapters.timestamp import HttpTimeStamper  # six megabytes of a client that a web process seldom needs

    return HttpTimeStamper(settings.tsa, settings.keys_folder / "tsa" / "crt.pem", STAMP_TIMEOUT)


def _chain(authority: Path) -> tuple[bytes, ...]:
    return (authority.read_bytes(),) if authority.exists() else ()
