"""What papers say, as values: gathered by a stage, drawn by the module of the paper."""

from dataclasses import dataclass

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
