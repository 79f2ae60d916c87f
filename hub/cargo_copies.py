"""The cargo of a leg as bytes, for whoever is given it by a contract: its destination's own PDF, else the hub's."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub import paperwork
from hub.consulted import own_cargo
from hub.core.directory import Directory
from hub.models import Delivery, PaperOrder
from hub.paper_orders import CARGO, CONSTANCIA
from hub.paperwork import Press, Want


def cargo_copy(session: Session, directory: Directory, press: Press, leg: Delivery, now: datetime) -> bytes:
    """The PDF; the hub's is made now if nobody has yet. Commits: no transaction is open while its stamp is asked.

    Before its registration it is the constancia, the only proof there is. Raises StorageFailure.
    """
    if leg.registered_at is None:
        return _ready(session, directory, press, Want(CONSTANCIA, leg.filing_id), now)
    if theirs := own_cargo(session, leg):
        return theirs
    ordered = select(func.max(PaperOrder.version)).where(PaperOrder.delivery_id == leg.id, PaperOrder.kind == CARGO)
    want = Want(CARGO, leg.filing_id, leg.id, session.scalar(ordered) or 1)
    return _ready(session, directory, press, want, now)


def _ready(session: Session, directory: Directory, press: Press, want: Want, now: datetime) -> bytes:
    made = paperwork.paper_bytes(session, press.store, want)
    if made is None:
        receipt = paperwork.gather(session, directory, press, want)
        session.commit()
        paper = paperwork.record(session, press, want, paperwork.make(press, receipt, now), now)
        session.commit()
        with press.store.open(paper.object_key) as stream:
            return stream.read()
    return made
