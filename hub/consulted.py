"""As the national platform: what is said of a CUO to the institutions at either end of its leg."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.core.directory import Directory
from hub.models import Delivery, Observation
from hub.wire.iotramite.answers import Known


def consulted(session: Session, directory: Directory, cuo: str, rucs: Collection[str]) -> Known | None:
    """What is known of a leg whose origin or destination is one of these RUCs; None for any other, or no leg.

    The state is the filing's: a later refusal or withdrawal shows under the CUO that went out first.
    """
    delivery = session.scalar(select(Delivery).where(Delivery.cuo == cuo))
    if delivery is None:
        return None
    ends = (delivery.destination_id, delivery.filing.received_by_id)
    if not any(directory.by_id(end).ruc in rucs for end in ends):
        return None
    return Known(
        cuo=delivery.cuo,
        status=delivery.filing.status,
        registry_number=delivery.destination_registry_number,
        registry_year=delivery.destination_registry_year,
        registered_at=delivery.registered_at,
        unit=delivery.unit,
        official=delivery.official,
        remark=delivery.refusal_text or _observed(session, delivery),
    )


def _observed(session: Session, delivery: Delivery) -> str:
    query = select(Observation).where(Observation.delivery_id == delivery.id).order_by(Observation.id.desc())
    observation = session.scalars(query.limit(1)).first()
    return observation.text or "; ".join(observation.items) if observation else ""
