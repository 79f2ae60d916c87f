"""What people of the house do by a route without an identifier, and the acts of signing in."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

from hub.clock import now
from hub.core.calendar import LIMA
from tests.fixtures.house import typed
from tests.nets.doors.door import EVENT, TRAIL, Door
from tests.nets.doors.rows_inbox import a_document

_does = partial(Door, method="POST", leaves=TRAIL)


def _begun():
    return f"{(now() - timedelta(minutes=2)).astimezone(LIMA):%Y-%m-%dT%H:%M}"


def _mail():
    return f"{uuid4().hex[:8]}@iiap.example"


NEW = {"name": "Rosa Flores", "email": _mail, "role": "officer", "counter_code": "", "unit_id": ""}
FILED = typed(destination="iiap") | {
    "form_token": lambda: str(uuid4()), "main_document": a_document, "confirmed": "same_content"}  # fmt: skip
ACTS = (
    _does("/mesa-de-partes/recepcion", "/mesa-de-partes/recepcion", ("seat",), form=FILED, leaves=EVENT),
    _does("/mesa-de-partes/corregir", "/mesa-de-partes/corregir", ("seat",), form={"filing_number": "{observed}"},
          leaves="nothing: finds a filing and changes none"),
    _does("/personal/nueva", "/personal/nueva", ("coordinator",), form=NEW),
    _does("/personal/oficinas", "/personal/oficinas", ("coordinator",), form={"unit_name": "Ictiología"}),
    _does("/mi-formulario", "/mi-formulario", ("coordinator",),
          form={"accion": "publicar", "introduction": "Estudiamos la Amazonía.", "address-principal": "Av. Quiñones"}),
    _does("/dias-no-laborables", "/dias-no-laborables", ("admin",),
          form={"day": "2027-05-28", "norm": "DS 092-2026-PCM", "scope": "15"}),
    _does("/incidentes", "/incidentes", ("admin",),
          form={"incident_body": "igp", "known_at": _begun, "what": "Se perdió una memoria USB"}),
    _does("/tablero/remedio", "/tablero/remedio", ("admin",),
          form={"remedio": "note", "paso": "hacer", "cuo": "{failed}", "reason": "Llamé a OEFA"}),
    _does("/indisponibilidades", "/indisponibilidades", ("admin",), form={"started_at": _begun, "reason": "Corte"}),
)  # fmt: skip

SIGNING = {
    "/ingresar": "signed_in, asked by test_whoever_comes_in_is_in_the_trail",
    "/ingresar/segundo-paso": "factor_confirmed and recovery_used, asked by tests/web/test_staff.py; then signed_in",
    "/invitacion/<token>": "password_chosen, asked by tests/web/test_staff.py",
    "/salir": "nothing: a sign-in ends, and nothing else changes",
    "/sumarse": "access_asked, of nobody's account, asked by test_a_request_to_join_is_in_the_trail",
}
"""POST routes of the doors for servants of the State that are open to who is nobody yet, and what they leave."""
STAFF_DOORS = ("auth", "second_step", "invited", "staff", "joining")
