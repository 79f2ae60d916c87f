"""What papers say, as values: gathered by a stage, drawn by the module of the paper."""

from dataclasses import dataclass

from hub.core.directory import EntityRecord
from hub.models import Delivery, Document, Filing


@dataclass(frozen=True)
class Constancia:
    """Everything that a constancia says. `clerk` is empty where the reception was automatic."""

    filing: Filing
    leg: Delivery
    documents: tuple[Document, ...]
    origin: EntityRecord
    counter: str
    destination: EntityRecord
    clerk: str
    entry_number: str
    tracking_key: str
    track_url: str
