"""A leg: a filing on its way to one institution, and what was observed on it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Sequence, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.core.errors import ForbiddenStep
from hub.core.statuses import DELIVERY_STEPS, DeliveryStatus, Mode, Movement, RefusalReason
from hub.models.base import Base
from hub.models.filings import Filing

cuo_seq = Sequence("cuo_seq", maxvalue=9_999_999_999, metadata=Base.metadata)


class Delivery(Base):
    """One leg: a filing on its way to one institution."""

    __tablename__ = "deliveries"
    __table_args__ = (
        Index("ix_deliveries_status_destination_id_id", "status", "destination_id", "id"),
        Index("ix_deliveries_destination_id_id", "destination_id", "id"),
        Index("ix_deliveries_rerouted", "destination_id", "filing_id", postgresql_where=text("purpose = 'rerouted'")),
        Index(
            "ix_deliveries_registry_number",
            "destination_registry_number",
            postgresql_ops={"destination_registry_number": "varchar_pattern_ops"},
            postgresql_where=text("destination_registry_number <> ''"),
        ),
        Index(
            "ix_deliveries_expediente_number",
            "expediente_number",
            postgresql_ops={"expediente_number": "varchar_pattern_ops"},
            postgresql_where=text("expediente_number <> ''"),
        ),
        Index("ix_deliveries_national_cuo", "national_cuo", postgresql_where=text("national_cuo <> ''")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    cuo: Mapped[str] = mapped_column(String(10), unique=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey(Filing.id), index=True)
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("deliveries.id"))
    purpose: Mapped[str] = mapped_column(String(12), default="first")
    """first | rerouted | correction: how it is tied to the leg before."""
    corrects_cuo: Mapped[str] = mapped_column(String(10), default="")
    """The CUO of the leg whose observation this one answers at the same institution: `vcuoref` on the national wire."""
    opened_because: Mapped[str] = mapped_column(Text, default="")
    """Why a person sent it elsewhere, in their words; the filer reads it."""
    answers: Mapped[str] = mapped_column(Text, default="")
    """What the filer answered to what was observed until then; it travels in the additional information."""
    destination_id: Mapped[int] = mapped_column(ForeignKey("entities.id"))
    status: Mapped[DeliveryStatus]
    mode: Mapped[Mode]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    """When the destination held it: its Acuse, or 0000."""
    handed_out_at: Mapped[datetime | None]
    """The first POST, or the first fetch by a pulling institution: from then on it may have arrived."""
    restored_at: Mapped[datetime | None]
    """When a restored hub found it open: it may have been handed out, or sent on, in the hours that are gone."""
    competent_body_had_it_at: Mapped[datetime | None]
    clock_start: Mapped[date | None]
    term_days: Mapped[int | None]
    due_on: Mapped[date | None]
    left_out_days: Mapped[int] = mapped_column(default=0)
    """Business days that its observations left out of the term."""
    movement: Mapped[Movement | None]
    movement_at: Mapped[datetime | None]
    destination_registry_number: Mapped[str] = mapped_column(String(14), default="")
    destination_registry_year: Mapped[str] = mapped_column(String(4), default="")
    expediente_number: Mapped[str] = mapped_column(String(40), default="")
    unit: Mapped[str] = mapped_column(String(250), default="")
    official: Mapped[str] = mapped_column(String(150), default="")
    registered_at: Mapped[datetime | None]
    refusal_reason: Mapped[RefusalReason | None]
    refusal_text: Mapped[str] = mapped_column(Text, default="")
    right_body_ruc: Mapped[str] = mapped_column(String(11), default="")
    """Whom the destination that refused it names as competent, if anybody."""
    national_cuo: Mapped[str] = mapped_column(String(10), default="")
    next_ask_at: Mapped[datetime | None] = mapped_column(index=True)
    """When the worker asks the destination about this leg, because it has said nothing since."""
    asks: Mapped[int] = mapped_column(default=0)

    filing: Mapped[Filing] = relationship(back_populates="deliveries", lazy="joined", innerjoin=True)

    @property
    def may_be_there(self) -> bool:
        """Its destination may have it: it was handed out, or may have been in hours that a restore lost."""
        return self.handed_out_at is not None or self.restored_at is not None

    def advance(self, to: DeliveryStatus) -> bool:
        """Take one step of DELIVERY_STEPS; False if it is there already. The caller writes the event.

        Raises ForbiddenStep for a step off the table; the caller parks the news.
        """
        if to is self.status:
            return False
        if to not in DELIVERY_STEPS[self.status]:
            raise ForbiddenStep(self.status, to)
        self.status = to
        return True


class Observation(Base):
    """What a body asks to be corrected: once, in one act, itemised (TUO 136)."""

    __tablename__ = "observations"
    __table_args__ = (Index("ix_observations_open", "correct_by", postgresql_where=text("closed_at is null")),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey(Filing.id), index=True)
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey(Delivery.id), index=True)
    """Empty where the counter observed it on reception: it has no leg until it is corrected."""
    source: Mapped[str] = mapped_column(String(12), default="destination")
    """counter | destination | office (the office in charge, after registration: TUO 136.5)"""
    reiterates_id: Mapped[int | None] = mapped_column(ForeignKey("observations.id"))
    """The earlier observation on whose items alone it may insist (TUO 137.2)."""
    items: Mapped[list[str]]
    text: Mapped[str] = mapped_column(Text, default="")
    allegations: Mapped[str] = mapped_column(Text, default="")
    observed_at: Mapped[datetime]
    observe_by: Mapped[date | None]
    is_late: Mapped[bool] = mapped_column(default=False)
    notified_at: Mapped[datetime | None]
    notified_how: Mapped[str] = mapped_column(String(16), default="")
    """in_person | opened | acknowledged | deemed"""
    correct_by: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_as: Mapped[str] = mapped_column(String(12), default="")
    """corrected | lapsed | withdrawn | accepted (its destination took it all the same)"""


class Subsanacion(Base):
    """The filer's answer to an observation, complete: item by item, with its documents."""

    __tablename__ = "subsanaciones"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    observation_id: Mapped[int] = mapped_column(ForeignKey(Observation.id), unique=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey(Filing.id), index=True)
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey(Delivery.id))
    """The leg by which it travels."""
    form_token: Mapped[UUID] = mapped_column(unique=True)
    submitted_at: Mapped[datetime]
    channel: Mapped[str] = mapped_column(String(8))
    clerk_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    answers: Mapped[list[str]]
    """One answer for each item, in the order of the items; an empty one where a document answers it."""


class DocumentLink(Base):
    """The address by which a leg's documents are fetched where an adapter cannot carry them."""

    __tablename__ = "document_links"

    token: Mapped[str] = mapped_column(String(43), primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey(Delivery.id), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    delivery: Mapped[Delivery] = relationship()
