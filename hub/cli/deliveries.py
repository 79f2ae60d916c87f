"""`mesa deliveries list | retry`: the routing board for a terminal."""

import getpass

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from hub.board import BoardFilter, board
from hub.cli.complaint import Complaint
from hub.clock import now
from hub.core.errors import Forbidden, NeedsReason, NotFound
from hub.core.statuses import DeliveryStatus
from hub.entities import load
from hub.papers.balance_words import STATES
from hub.routing import send_again
from hub.sight import Viewer

REFUSALS = {
    "NOT_FAILED": "no existe o no está detenido: solo se vuelve a enviar lo que falló",
    "REASON_REQUIRED": "no se vuelve a enviar sin un motivo",
    "NOTHING_TO_SEND": "ya no tiene nada por enviar: la institución respondió",
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


def retry_delivery(engine: Engine, cuo: str, reason: str) -> int:
    """Send a failed leg again. Raises Complaint for one that did not fail."""
    with Session(engine) as session:
        try:
            leg = send_again(session, cuo.zfill(10), reason, f"operador:{getpass.getuser()}", now())
        except (Forbidden, NeedsReason) as error:
            raise Complaint(f"El envío {cuo} {REFUSALS.get(error.code, error.code)}.") from error
        session.commit()
        print(f"El envío {leg.cuo} vuelve a la cola.")
    return 0
