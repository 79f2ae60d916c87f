"""The directory: who is connected, on what title, and with which keys, at one instant."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from hub.core.bodies import AdapterKind, AgreementRecord, DecreeDayRecord, EntityRecord, SectorRecord
from hub.core.calendar import Calendar
from hub.core.errors import NotFound
from hub.core.ports import Partner, TrustedCertificate
from hub.core.statuses import Mode

__all__ = ["AgreementRecord", "Directory", "EntityRecord", "SectorRecord"]


@dataclass(frozen=True)
class Directory:
    """Everything that is declared, at one instant. `entities` are sorted by code."""

    sector: SectorRecord
    entities: tuple[EntityRecord, ...]
    agreements: tuple[AgreementRecord, ...] = ()
    decree_days: tuple[DecreeDayRecord, ...] = ()

    @cached_property
    def _by_code(self) -> dict[str, EntityRecord]:
        return {entity.code: entity for entity in self.entities}

    @cached_property
    def _by_ruc(self) -> dict[str, EntityRecord]:
        return {entity.ruc: entity for entity in self.entities}

    @cached_property
    def _by_id(self) -> dict[int, EntityRecord]:
        return {entity.id: entity for entity in self.entities}

    @cached_property
    def _calendars(self) -> dict[str, Calendar]:
        return {}

    def entity(self, code: str) -> EntityRecord:
        """The body of that code. Raises NotFound."""
        try:
            return self._by_code[code]
        except KeyError as error:
            raise NotFound(code, code="ENTITY_UNKNOWN") from error

    def by_id(self, row_id: int) -> EntityRecord:
        """The body of that row. Raises NotFound."""
        try:
            return self._by_id[row_id]
        except KeyError as error:
            raise NotFound(str(row_id), code="ENTITY_UNKNOWN") from error

    def knows(self, ruc: str) -> bool:
        """True for the RUC of a body of this directory."""
        return ruc in self._by_ruc

    def by_ruc(self, ruc: str) -> EntityRecord:
        """The body of that RUC. Raises NotFound."""
        try:
            return self._by_ruc[ruc]
        except KeyError as error:
            raise NotFound(ruc, code="ENTITY_UNKNOWN") from error

    @property
    def operator(self) -> EntityRecord:
        """The body that runs the hub: its RUC is the hub's on the wire."""
        return self.entity(self.sector.operator)

    @property
    def gateway(self) -> EntityRecord | None:
        """The national platform, by which bodies outside the sector are reached; None while it is off, as it is at
        first. It is the body whose way is `pide` with an address of its own, switched on by its option `enabled`."""
        found = (one for one in self.entities if one.adapter.kind is AdapterKind.PIDE and one.adapter.address)
        return next((one for one in found if one.adapter.options.get("enabled") == "yes"), None)

    def agreement(self, from_code: str, to_code: str, on: date) -> AgreementRecord | None:
        """The agreement in force that day for what `from_code`'s counters take for `to_code`, or None."""
        for agreement in self.agreements:
            if (agreement.from_code, agreement.to_code) == (from_code, to_code) and agreement.is_in_force(on):
                return agreement
        return None

    def calendar(self, code: str) -> Calendar:
        """The business days of a body: those of the place of its general reception unit. Raises NotFound."""
        return self.calendar_at(self.entity(code).principal_counter.ubigeo)

    def calendar_of(self, row_id: int) -> Calendar:
        """The business days of the body of that row. Raises NotFound."""
        return self.calendar_at(self.by_id(row_id).principal_counter.ubigeo)

    def calendar_at(self, ubigeo: str) -> Calendar:
        """The business days of a place: the law's holidays and the decrees whose scope holds there (TUO 148.1)."""
        if ubigeo not in self._calendars:
            self._calendars[ubigeo] = Calendar(frozenset(d.day for d in self.decree_days if d.holds_at(ubigeo)))
        return self._calendars[ubigeo]

    def mode(self, counter_of: str, destination: str, on: date) -> Mode:
        """On what title a counter takes a filing; without an agreement it is remittance (TUO 141.1)."""
        if counter_of == destination:
            return Mode.OWN
        agreement = self.agreement(counter_of, destination, on)
        return agreement.mode if agreement else Mode.REMITTANCE

    def heir(self, code: str, on: date) -> EntityRecord | None:
        """Who answers that day for a body: itself or the last of its successors; None for nobody."""
        entity = self.entity(code)
        while entity.has_left(on):
            if entity.successor is None:
                return None
            entity = self.entity(entity.successor)
        return entity

    def active(self, on: date) -> tuple[EntityRecord, ...]:
        """The bodies to which something can be filed that day; those outside the sector while the gateway is on."""
        is_on = self.gateway is not None
        reached = (one for one in self.entities if is_on or one.adapter.kind is not AdapterKind.PIDE)
        return tuple(entity for entity in reached if not entity.has_left(on))

    def partner(self, code: str) -> Partner:
        """The body as an adapter needs it; its options name the sector's signing official too. Raises NotFound.

        A body outside the sector is reached at the gateway's address; at none while that is off.
        """
        entity = self.entity(code)
        way, signer = entity.adapter, self.sector.signer
        address = way.address
        if way.kind is AdapterKind.PIDE:
            address = self.gateway.adapter.address if self.gateway else ""
        options = dict(way.options)
        if signer is not None:
            options.setdefault("signer_document_kind", signer.document_kind)
            options.setdefault("signer_document_number", signer.document_number)
        return Partner(entity.code, entity.ruc, entity.name, way.kind.value, address, options)

    def trust(self, ruc: str) -> tuple[TrustedCertificate, ...]:
        """The certificates of a RUC, revoked ones with their instant; none for a stranger."""
        entity = self._by_ruc.get(ruc)
        return tuple(
            TrustedCertificate(one.pem.encode(), one.valid_from, one.valid_until, one.revoked_at)
            for one in (entity.certificates if entity else ())
        )

    def with_revoked(self, revoked: Mapping[str, datetime]) -> "Directory":
        """The same directory with the instants of revocation, by fingerprint."""
        return replace(self, entities=tuple(_revoke(entity, revoked) for entity in self.entities))


def _revoke(entity: EntityRecord, revoked: Mapping[str, datetime]) -> EntityRecord:
    marked = (replace(one, revoked_at=revoked.get(one.fingerprint)) for one in entity.certificates)
    return replace(entity, certificates=tuple(marked))
