"""A filing in whose casilla something is notified, and an SMS gateway that really answers over HTTP."""

import json
from uuid import uuid4

from hub import acts
from hub.core.messages import Filer
from hub.core.statuses import DeliveryStatus, MessageKind
from hub.models import OutboundMessage
from hub.storage import Stored
from tests.stages.legs import put
from tests.stages.observed import lima
from tests.stages.sector import a_submission, take

FRIDAY = lima("2026-11-20", 16, 20)
ANA = Filer("dni", "10117410", "Ana Quispe Ñahui", email="ana@ejemplo.pe", phone="987 654 321")


def registered(session, sector, filer=ANA, consents=True, now=FRIDAY):
    """A filing that IGP registered; gives its leg."""
    submission = a_submission(filer=filer, accepts_notification=consents)
    _, leg = take(session, sector, submission, now)
    put(session, leg, DeliveryStatus.REGISTERED)
    return leg


def an_act(**changes):
    values = {
        "subject": "Carta 123-2026: entrega la información pedida",
        "issued_on": FRIDAY.date(),
        "file_name": "carta.pdf",
        "media_type": "application/pdf",
        "stored": Stored(uuid4().hex, uuid4().hex * 2, 900),
        "pages": 1,
    }
    return acts.NewAct(**values | changes)


def notify_act(session, sector, leg, at=FRIDAY, **changes):
    notice = acts.deposit_act(session, sector, leg.cuo, an_act(**changes), at)
    session.flush()
    return notice


def alerts_of(session, notice):
    """{kind: message} of a notice's alerts."""
    rows = session.query(OutboundMessage).filter_by(notice_id=notice.id).all()
    assert len({row.kind for row in rows}) == len(rows)
    return {MessageKind(row.kind): row for row in rows}


class Gateway:
    """What an SMS gateway does: keeps texts, or answers what `says` holds next."""

    def __init__(self):
        self.texts, self.tokens, self.says = [], [], []

    def __call__(self, environ, start_response):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        self.tokens.append(environ.get("HTTP_AUTHORIZATION", ""))
        status = self.says.pop(0) if self.says else "202 Accepted"
        if status.startswith("2"):
            self.texts.append(json.loads(body))
        start_response(status, [("Content-Type", "application/json")])
        return [b'{"dijo": "algo"}']
