"""Floor 1. Tables: SQLAlchemy alone, one noun a file, no Flask. Importing this package makes the metadata whole."""

from hub.models.base import Base
from hub.models.deliveries import Delivery, DocumentLink, Observation
from hub.models.directory import Declaration, EntityRow, InstitutionState, Revocation
from hub.models.events import Event
from hub.models.filings import Document, FilerRow, Filing, NumberSeries
from hub.models.inbound import InboundMessage, RawMessage, SeenToken
from hub.models.outbound import Attempt, OutboundMessage
from hub.models.papers import Paper
from hub.models.users import RoleRow, SignInThrottle, User

__all__ = [
    "Attempt",
    "Base",
    "Declaration",
    "Delivery",
    "Document",
    "DocumentLink",
    "EntityRow",
    "Event",
    "FilerRow",
    "Filing",
    "InboundMessage",
    "InstitutionState",
    "NumberSeries",
    "Observation",
    "OutboundMessage",
    "Paper",
    "RawMessage",
    "Revocation",
    "RoleRow",
    "SeenToken",
    "SignInThrottle",
    "User",
]
