"""Floor 1. Tables: SQLAlchemy alone, one noun a file, no Flask. Importing this package makes the metadata whole."""

from hub.models.balances import BalanceRow, Comparison, Difference, DifferenceAct, InstitutionOutage
from hub.models.base import Base
from hub.models.board import AttendedNeed, BoardFlow, BoardShare, BoardSpan, BoardWait, LegNote
from hub.models.citizens import AccountLink, Citizen, SignInIdentity
from hub.models.custody import CustodyItem, TransferSlip
from hub.models.deliveries import Delivery, DocumentLink, Observation, Subsanacion
from hub.models.directory import Declaration, EntityRow, InstitutionState, Proposal, Revocation
from hub.models.drafts import Draft, DraftFile, EmailCode, FilePart, FileUpload
from hub.models.events import Event
from hub.models.exchange import (
    Activation,
    CallRate,
    ConformanceReport,
    DirectoryVersion,
    LeftDocument,
    LeftPart,
    ReceivedSobre,
)
from hub.models.filings import Document, FilerRow, Filing, NumberSeries
from hub.models.inbound import InboundMessage, RawMessage, SeenToken
from hub.models.law import DecreeDay, Incident, Outage
from hub.models.ledger import Batch, EventHead, Leaf, Stamp, StampTrouble, Unsealed
from hub.models.monitoring import BackupRound, Heartbeat, OperatorAlert, Probe
from hub.models.notices import Notice
from hub.models.outbound import Attempt, OutboundMessage
from hub.models.papers import Paper, PaperOrder
from hub.models.scans import FileScan
from hub.models.sendings import Sending
from hub.models.signatures import DocumentSignature, SignatureReading
from hub.models.staff import (
    AccessRequest,
    Archived,
    Assignment,
    AuditEntry,
    Invitation,
    Membership,
    OwnDocument,
    SecondFactor,
    Unit,
)
from hub.models.users import RoleRow, SignInThrottle, User

__all__ = [
    "AccessRequest",
    "AccountLink",
    "Activation",
    "Archived",
    "Assignment",
    "Attempt",
    "AttendedNeed",
    "AuditEntry",
    "BackupRound",
    "BalanceRow",
    "Base",
    "Batch",
    "BoardFlow",
    "BoardShare",
    "BoardSpan",
    "BoardWait",
    "CallRate",
    "Citizen",
    "Comparison",
    "ConformanceReport",
    "CustodyItem",
    "Declaration",
    "DecreeDay",
    "Delivery",
    "Difference",
    "DifferenceAct",
    "DirectoryVersion",
    "Document",
    "DocumentLink",
    "DocumentSignature",
    "Draft",
    "DraftFile",
    "EmailCode",
    "EntityRow",
    "Event",
    "EventHead",
    "FilePart",
    "FileScan",
    "FileUpload",
    "FilerRow",
    "Filing",
    "Heartbeat",
    "InboundMessage",
    "Incident",
    "InstitutionOutage",
    "InstitutionState",
    "Invitation",
    "Leaf",
    "LeftDocument",
    "LeftPart",
    "LegNote",
    "Membership",
    "Notice",
    "NumberSeries",
    "Observation",
    "OperatorAlert",
    "Outage",
    "OutboundMessage",
    "OwnDocument",
    "Paper",
    "PaperOrder",
    "Probe",
    "Proposal",
    "RawMessage",
    "ReceivedSobre",
    "Revocation",
    "RoleRow",
    "SecondFactor",
    "SeenToken",
    "Sending",
    "SignInIdentity",
    "SignInThrottle",
    "SignatureReading",
    "Stamp",
    "StampTrouble",
    "Subsanacion",
    "TransferSlip",
    "Unit",
    "Unsealed",
    "User",
]
