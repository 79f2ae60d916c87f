"""`mesa deliveries list | retry`: the routing board for a terminal."""

import getpass

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from hub.board import BoardFilter, board
from hub.clock import now
from hub.core.statuses import DeliveryStatus
from hub.embedded.errors import EmbeddedError
from hub.entities import load
from hub.routing import send_again
from hub.sight import Viewer

OPERATOR = Viewer(0, frozenset({"operator"}))


def list_deliveries(engine: Engine, *, entity: str = "", status: str = "") -> int:
    """Print the newest legs, one a line. Raises NotFound for an unknown entity."""
    known = [one.value for one in DeliveryStatus]
    if status and status not in known:
        raise EmbeddedError(f"No existe el estado {status}; los estados son: {', '.join(known)}.")
    with Session(engine) as session:
        found = board(session, load(session, now()), OPERATOR, BoardFilter(entity, status))
        print("CUO         estado      intentos  destino      expediente de la mesa  última respuesta")
        for row in found.rows:
            leg = row.delivery
            print(
                f"{leg.cuo:<11} {leg.status.value:<11} {row.attempts:>8}  {row.destination.code:<12} "
                f"{row.filing.filing_number:<22} {row.last_code}"
            )
        print(f"{len(found.rows)} de {found.total} envíos.")
    return 0


def retry_delivery(engine: Engine, cuo: str, reason: str) -> int:
    """Send a failed leg again. Raises Forbidden, NeedsReason."""
    with Session(engine) as session:
        leg = send_again(session, cuo.zfill(10), reason, f"operador:{getpass.getuser()}", now())
        session.commit()
        print(f"El envío {leg.cuo} vuelve a la cola.")
    return 0
