"""What papers say, as values: gathered by a stage, drawn by the module of the paper."""

from dataclasses import dataclass
from datetime import datetime

from hub.core.directory import EntityRecord
from hub.models import Delivery, Document, Filing, Observation


@dataclass(frozen=True)
class Constancia:
    """Everything that a constancia says. `clerk` is empty where the reception was automatic.

    `leg` is None while the counter's observation waits for its correction.
    """

    filing: Filing
    leg: Delivery | None
    documents: tuple[Document, ...]
    origin: EntityRecord
    counter: str
    destination: EntityRecord
    clerk: str
    entry_number: str
    tracking_key: str
    track_url: str
    observation: Observation | None = None
    """What the counter observed on reception: it stands on the citizen's copy, with what they alleged (TUO 136.2)."""
    verify_url: str = ""
    """The page that says whether the paper is authentic: what its QR opens."""
    sector: str = ""
    kept: tuple[str, ...] = ()
    """Originals and media that stayed at the counter, in the words of who took them."""


@dataclass(frozen=True)
class Cargo:
    """What a cargo de recepción adds: the leg that was registered and the body that did."""

    presented: Constancia
    leg: Delivery
    registered_by: EntityRecord
    observation: Observation | None
    """The observation that is open on the leg."""


@dataclass(frozen=True)
class NotPresented:
    """A filing that is held not presented: what was observed and not corrected in time (TUO 136.4)."""

    presented: Constancia
    observation: Observation
    observed_by: EntityRecord
    lapsed_at: datetime


Receipt = Constancia | Cargo | NotPresented
