"""`mesa deliveries list | retry`: the routing board for a terminal."""

import getpass

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from hub.board import BoardFilter, board
from hub.cli.complaint import Complaint
from hub.clock import now
from hub.core.errors import Forbidden, NeedsConfirmation, NeedsReason, NotFound
from hub.core.statuses import DeliveryStatus
from hub.entities import load
from hub.models import Delivery
from hub.papers.balance_words import STATES
from hub.routing import send_again
from hub.sight import Viewer

REFUSALS = {
    "NOT_FAILED": "no existe o no está detenido: solo se vuelve a enviar lo que falló",
    "REASON_REQUIRED": "no se vuelve a enviar sin un motivo",
    "NOTHING_TO_SEND": "ya no tiene nada por enviar: la institución respondió",
    "CONFIRMATION_REQUIRED": "pudo salir en las horas que se perdieron antes de volver de la copia: pregunta a la "
    "institución y, si no lo tiene, repite con --confirmo",
}
OPERATOR = Viewer(0, frozenset({"operator"}))


def list_deliveries(engine: Engine, *, entity: str = "", status: str = "") -> int:
    """Print the newest legs, one a line. Raises Complaint for an unknown entity or status."""
    known = {STATES[one.value]: one.value for one in DeliveryStatus}
    wanted = known.get(status, status)
    if status and wanted not in known.values():
        raise Complaint(f"No existe el estado {status}; los estados son: {', '.join(known)}.")
    with Session(engine) as session:
        try:
            found = board(session, load(session, now()), OPERATOR, BoardFilter(entity, wanted))
        except NotFound as error:
            raise Complaint(f"No existe la entidad {entity} en el directorio.") from error
        print("CUO         estado                    intentos  destino      trámite                última respuesta")
        for row in found.rows:
            leg = row.delivery
            print(
                f"{leg.cuo:<11} {STATES[leg.status.value]:<25} {row.attempts:>8}  {row.destination.code:<12} "
                f"{row.filing.filing_number:<22} {row.last_code}"
            )
        print(f"{len(found.rows)} de {found.total} envíos.")
    return 0


def retry_delivery(engine: Engine, cuo: str, reason: str, *, is_confirmed: bool = False) -> int:
    """Send a failed leg again. Raises Complaint for one that did not fail, and for one of before a restore that nobody
    asked about: for others the institution is asked first, but of these the hub may not know under which number.
    """
    by, number = f"operador:{getpass.getuser()}", cuo.zfill(10)
    with Session(engine) as session:
        restored = select(Delivery.restored_at).where(Delivery.cuo == number)
        is_known = session.scalar(restored) is None
        try:
            leg = send_again(session, number, reason, by, now(), is_confirmed=is_confirmed or is_known)
        except (Forbidden, NeedsReason, NeedsConfirmation) as error:
            raise Complaint(f"El envío {cuo} {REFUSALS.get(error.code, error.code)}.") from error
        session.commit()
        print(f"El envío {leg.cuo} vuelve a la cola.")
    return 0
