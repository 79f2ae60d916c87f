"""A filing: one act of filing, to one destination, under one number."""

import re
import secrets
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    Sequence,
    String,
    Text,
    UniqueConstraint,
    func,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.core.statuses import FilingStatus
from hub.models.base import Base

if TYPE_CHECKING:
    from hub.models.deliveries import Delivery

filing_number_seq = Sequence("filing_number_seq", maxvalue=9_999_999, cycle=True, metadata=Base.metadata)


def new_salt() -> bytes:
    """Sixteen random bytes."""
    return secrets.token_bytes(16)


class FilerRow(Base):
    """Personal data of who files, in a table of its own so that it can be redacted (Ley 29733)."""

    __tablename__ = "filers"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    document_kind: Mapped[str] = mapped_column(String(8))
    document_number: Mapped[str] = mapped_column(String(20), index=True)
    names: Mapped[str] = mapped_column(String(250))
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    address: Mapped[str] = mapped_column(String(300), default="")
    ruc: Mapped[str] = mapped_column(String(11), default="")
    business_name: Mapped[str] = mapped_column(String(250), default="")
    ubigeo: Mapped[str] = mapped_column(String(6), default="", server_default="")
    """INEI's, of the district of the address; empty where it was not told. Its first four digits are the province."""


_MARKED, _PLAIN = "áéíóúàèìòùäëïöüâêîôûñç", "aeiouaeiouaeiouaeiounc"
NAME_WORDS: ColumnElement[Any] = literal_column(
    "to_tsvector('simple'::regconfig, translate(lower((filers.names || ' ' || filers.business_name)::text), "
    f"'{_MARKED}', '{_PLAIN}'))",
    TSVECTOR,
)
"""The words of who files, as the index ix_filers_words has them."""
SUBJECT_WORDS: ColumnElement[Any] = literal_column(
    f"to_tsvector('simple'::regconfig, translate(lower(filings.subject::text), '{_MARKED}', '{_PLAIN}'))", TSVECTOR
)
"""The words of what it is about, as the index ix_filings_words has them."""


def words_begin(typed: str) -> ColumnElement[Any] | None:
    """What finds texts in which each word typed begins a word; None where no word was typed."""
    words = re.findall(r"[a-z0-9]+", plain(typed))
    if not words:
        return None
    return func.to_tsquery(literal_column("'simple'::regconfig"), " & ".join(f"{word}:*" for word in words))


def plain(text: str) -> str:
    """A text as NAME_WORDS has it: no capitals, no marks."""
    return text.lower().translate(str.maketrans(_MARKED, _PLAIN))


class Filing(Base):
    """What a person handed in. `presented_at` is never edited (a trigger of the database holds it)."""

    __tablename__ = "filings"
    __table_args__ = (
        UniqueConstraint("received_by_id", "entry_year", "entry_sequence"),
        Index("ix_filings_received_by_id_presented_at", "received_by_id", "presented_at"),
        Index("ix_filings_destination_id_presented_at", "destination_id", "presented_at"),
        Index("ix_filings_account_id_id", "account_id", "id", postgresql_where=text("account_id is not null")),
        Index("ix_filings_held", "presented_at", postgresql_where=text("status = 'held'")),
        Index("ix_filings_presented_at", "presented_at", postgresql_using="brin"),
        Index("ix_filings_number", "filing_number", postgresql_ops={"filing_number": "varchar_pattern_ops"}),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    filing_number: Mapped[str] = mapped_column(String(14), unique=True)
    key_version: Mapped[int] = mapped_column(default=1)
    verification_code: Mapped[str] = mapped_column(String(19), unique=True)
    form_token: Mapped[UUID] = mapped_column(unique=True)
    """Made with the form and sent with it: the same form sent twice makes one filing."""
    channel: Mapped[str] = mapped_column(String(8))
    """counter | online | entity"""
    status: Mapped[FilingStatus]
    presented_at: Mapped[datetime]
    considered_on: Mapped[date]
    rule_applied: Mapped[str] = mapped_column(String(1))
    ticket_at: Mapped[datetime | None]
    """When the person took a turn, if before closing (TUO 149.5)."""
    began_at: Mapped[datetime | None]
    """When the first page of its form was opened, where that is known: how long it takes to file, of nobody."""
    received_by_id: Mapped[int] = mapped_column(ForeignKey("entities.id"))
    counter_code: Mapped[str] = mapped_column(String(32))
    entry_year: Mapped[int]
    entry_sequence: Mapped[int | None]
    """Given by the last statement of the transaction that makes the filing, so that the book has no gaps."""
    destination_id: Mapped[int] = mapped_column(ForeignKey("entities.id"))
    filer_id: Mapped[int] = mapped_column(ForeignKey(FilerRow.id), index=True)
    document_type: Mapped[str] = mapped_column(String(40))
    document_number: Mapped[str] = mapped_column(String(100))
    subject: Mapped[str] = mapped_column(String(500))
    folios: Mapped[int]
    pages_detected: Mapped[int | None]
    """Pages of its PDFs as they were counted on reception, beside the folios that were declared; empty for none."""
    related_expediente: Mapped[str] = mapped_column(String(40), default="")
    additional_information: Mapped[str] = mapped_column(Text, default="")
    addressee: Mapped[dict[str, Any]] = mapped_column(default=dict)
    accepts_notification: Mapped[bool] = mapped_column(default=False)
    declares_representation: Mapped[bool] = mapped_column(default=False)
    """Who files for a legal person stated that they represent it (TUO 126.1)."""
    clerk_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    withdrawn_at: Mapped[datetime | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    """The citizen's account in whose tray it stands; empty for what was filed without one."""
    procedure: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The preset of the destination's TUPA as it was when this was filed; empty for plain correspondence."""
    retention_class: Mapped[str] = mapped_column(String(40), default="")
    """Series of the destination's Programa de Control de Documentos."""
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("filings.id"))
    """The filing it was made from or is about: one that lapsed, one that is withdrawn, the original of a copy."""
    follows_as: Mapped[str] = mapped_column(String(12), default="")
    """after_lapse | withdrawal | copy"""
    salt: Mapped[bytes] = mapped_column(LargeBinary(16), default=new_salt)
    """Salts the commitments to personal data in its events."""

    filer: Mapped[FilerRow] = relationship(lazy="joined", innerjoin=True)
    documents: Mapped[list["Document"]] = relationship(order_by="Document.position", back_populates="filing")
    deliveries: Mapped[list["Delivery"]] = relationship(order_by="Delivery.id", back_populates="filing")


class Document(Base):
    """A file of a filing. The object key is random; what it holds is known by its SHA-256."""

    __tablename__ = "documents"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    filing_id: Mapped[int] = mapped_column(ForeignKey(Filing.id), index=True)
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("deliveries.id"))
    """The leg it came back with (a cargo, an answer); empty for what the filer handed in."""
    subsanacion_id: Mapped[int | None] = mapped_column(ForeignKey("subsanaciones.id"), index=True)
    """The subsanación it came with; empty for what came with the filing."""
    role: Mapped[str] = mapped_column(String(16))
    position: Mapped[int]
    file_name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(127))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    pages: Mapped[int | None]
    object_key: Mapped[str] = mapped_column(String(80), unique=True)

    filing: Mapped[Filing] = relationship(back_populates="documents")


class NumberSeries(Base):
    """A gap-free series: taken last in its transaction, so that a number exists only if its filing does."""

    __tablename__ = "number_series"

    entity_id: Mapped[int] = mapped_column(ForeignKey("entities.id"), primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]
