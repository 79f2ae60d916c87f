"""From the declared JSON that the tables keep to the values of the house."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from hub.core.bodies import (
    AdapterKind,
    AdapterRecord,
    AgreementRecord,
    BodyKind,
    CertificateRecord,
    Contact,
    CounterRecord,
    DataOfficer,
    EntityRecord,
    Limits,
    OpeningHours,
    SectorRecord,
    Service,
    SignerOfficial,
)
from hub.core.calendar import Policy
from hub.core.directory import Directory
from hub.core.identifiers import Ruc
from hub.core.messages import Addressee
from hub.core.statuses import Mode
from hub.entities.declared import AGREEMENT, ENTITY, SECTOR, Declared
from hub.entities.procedures import to_procedures


def to_directory(declared: Iterable[Declared], ids: Mapping[str, int] | None = None) -> Directory:
    """The directory that a set of declared JSON makes; `ids` are the rows of the bodies, by code."""
    parts = list(declared)
    sector = next(part.json for part in parts if part.kind == SECTOR)
    common = sector.get("procedures", ())
    entities = (to_entity(part.json, (ids or {}).get(part.key, 0), common) for part in parts if part.kind == ENTITY)
    agreements = (to_agreement(part.json) for part in parts if part.kind == AGREEMENT)
    return Directory(
        sector=to_sector(sector),
        entities=tuple(sorted(entities, key=lambda entity: entity.code)),
        agreements=tuple(sorted(agreements, key=lambda one: (one.from_code, one.to_code, one.valid_from))),
    )


def to_sector(declared: Mapping[str, Any]) -> SectorRecord:
    signer = declared.get("signer")
    return SectorRecord(declared["name"], declared["operator"], to_official(signer) if signer else None)


def to_official(declared: Mapping[str, Any]) -> SignerOfficial:
    """The document's check character served to check it and goes no further."""
    number = declared["document_number"].partition("-")[0]
    return SignerOfficial(declared["document_kind"], number, declared["names"], declared["job_title"])


def to_entity(
    declared: Mapping[str, Any], row_id: int = 0, common: Iterable[Mapping[str, Any]] = ()
) -> EntityRecord:
    """A body. `common` are the procedures that the sector declares for all."""
    policy = Policy(declared.get("policy", Policy.NEXT_BUSINESS_DAY))
    left_on = declared.get("left_on")
    return EntityRecord(
        code=declared["code"],
        ruc=Ruc(declared["ruc"]),
        acronym=declared["acronym"],
        name=declared["name"],
        kind=BodyKind(declared["kind"]),
        adapter=to_adapter(declared["adapter"]),
        is_verified=declared.get("verified", False),
        policy=policy,
        remittance_policy=Policy(declared.get("remittance_policy", policy)),
        counters=tuple(to_counter(one) for one in declared["counters"]),
        certificates=tuple(to_certificate(one) for one in declared.get("certificates", ())),
        limits=to_limits(declared.get("limits", {})),
        link_hosts=tuple(declared.get("link_hosts", ())),
        addressee=to_addressee(declared.get("addressee", {})),
        contact=Contact(**declared.get("contact", {})),
        procedures=to_procedures(declared.get("procedures", ()), common),
        data_officer=to_data_officer(declared.get("data_officer")),
        service=to_service(declared.get("service", {})),
        document_types=tuple(declared.get("document_types", ())),
        introduction=declared.get("introduction", ""),
        retention_class=declared.get("retention_class", ""),
        in_flight=declared.get("in_flight", EntityRecord.in_flight),
        left_on=date.fromisoformat(left_on) if left_on else None,
        successor=declared.get("successor"),
        id=row_id,
    )


def to_adapter(declared: Mapping[str, Any]) -> AdapterRecord:
    return AdapterRecord(AdapterKind(declared["kind"]), declared.get("address", ""), declared.get("options", {}))


def to_data_officer(declared: Mapping[str, Any] | None) -> DataOfficer | None:
    return DataOfficer(declared["name"], declared["email"]) if declared else None


def to_service(declared: Mapping[str, Any]) -> Service:
    since = declared.get("since")
    return Service(
        url=declared.get("url", ""),
        gob_pe_url=declared.get("gob_pe_url", ""),
        since=date.fromisoformat(since) if since else None,
        responsible=declared.get("responsible", ""),
    )


def to_addressee(declared: Mapping[str, Any]) -> Addressee:
    return Addressee(declared.get("unit", ""), declared.get("name", ""), declared.get("job_title", ""))


def to_counter(declared: Mapping[str, Any]) -> CounterRecord:
    hours = (
        OpeningHours(row["weekday"], time.fromisoformat(row["opens"]), time.fromisoformat(row["closes"]))
        for row in declared.get("hours", ())
    )
    return CounterRecord(
        code=declared["code"],
        name=declared["name"],
        place=declared["place"],
        ubigeo=declared["ubigeo"],
        address=declared.get("address", ""),
        is_principal=declared.get("principal", False),
        hours=tuple(hours),
        is_closed=declared.get("closed", False),
    )


def to_certificate(declared: Mapping[str, Any]) -> CertificateRecord:
    return CertificateRecord(
        fingerprint=declared["fingerprint"],
        pem=declared["pem"],
        valid_from=datetime.fromisoformat(declared["valid_from"]),
        valid_until=datetime.fromisoformat(declared["valid_until"]),
    )


def to_limits(declared: Mapping[str, Any]) -> Limits:
    """Sizes in bytes; lists of media types become tuples."""
    values: dict[str, Any] = {key: tuple(one) if isinstance(one, list) else one for key, one in declared.items()}
    return Limits(**values)


def to_agreement(declared: Mapping[str, Any]) -> AgreementRecord:
    ends = declared.get("valid_to")
    return AgreementRecord(
        from_code=declared["from"],
        to_code=declared["to"],
        mode=Mode(declared["mode"]),
        norm=declared["norm"],
        valid_from=date.fromisoformat(declared["valid_from"]),
        valid_until=date.fromisoformat(ends) if ends else None,
    )
