"""What a body without a system has in its hands, what it writes, and its people."""

from functools import partial
from io import BytesIO
from uuid import uuid4

from hub.clock import now
from hub.core.calendar import local_date
from tests.fixtures.house import a_pdf
from tests.nets.doors.door import TRAIL, Door
from tests.web.test_own import typed

INBOX = ("officer", "coordinator", "desk", "body_auditor")
ANSWERERS = ("officer", "coordinator", "desk")
TODAY = local_date(now()).isoformat()
MANAGERS = ("coordinator", "admin")


def a_document():
    return BytesIO(a_pdf()), "oficio.pdf"


def _reading(leg, document, opens):
    return (
        Door("/bandeja/<cuo>", f"/bandeja/{leg}", opens),
        Door("/bandeja/<cuo>/documentos/<uuid:document_id>", f"/bandeja/{leg}/documentos/{document}", opens),
        Door("/bandeja/<cuo>/documentos/<uuid:document_id>/ver", f"/bandeja/{leg}/documentos/{document}/ver", opens),
    )


def _saying(what, leg, opens=ANSWERERS, rule="", **form):
    return Door(rule or f"/bandeja/<cuo>{what}", f"/bandeja/{leg}{what}", opens, "POST", form)


READING = (
    *_reading("{leg}", "{document}", INBOX),
    *_reading("{unit_leg}", "{unit_document}", (*INBOX, "member")),
    *_reading("{past}", "{past_document}", ()),
    *_reading("{gone}", "{past_document}", ()),
    *_reading("{away}", "{document}", ()),
    *_reading("{next}", "{past_document}", ("next_officer",))[:1],
    Door("/bandeja/<cuo>/documentos/<uuid:document_id>", "/bandeja/{leg}/documentos/{unit_document}"),
    Door("/bandeja/<cuo>/documentos/<uuid:document_id>/ver", "/bandeja/{leg}/documentos/{unit_document}/ver"),
    Door("/bandeja/<cuo>/notificar", "/bandeja/{noted}/notificar", ANSWERERS),
)
SAYING = (
    _saying("", "{leg}", answer="register"),
    _saying("", "{past}", (), answer="register"),
    _saying("", "{next}", ("next_officer",), answer="register"),
    _saying("/movimiento", "{moved}", movement="in_process", movement_unit="Botánica"),
    _saying("/movimiento", "{unit_leg}", (*ANSWERERS, "member"), movement="in_process"),
    _saying("/notificar", "{noted}", act_subject="Carta 7", issued_on=TODAY, act_document=a_document),
    _saying("/pasar", "{passed}", to_unit="{unit}", pass_note="urge"),
    _saying("/archivar", "{closed}"),
    _saying("/desarchivar", "{put_away}"),
    *(_saying(what, "{gone}", ()) for what in ("/movimiento", "/notificar", "/pasar", "/archivar", "/desarchivar")),
)
OWN = (
    Door("/documentos-propios/<number>", "/documentos-propios/{own}", ("officer", "coordinator", "body_auditor")),
    Door("/documentos-propios/<number>/constancia.pdf", "/documentos-propios/{own}/constancia.pdf",
         ("officer", "coordinator", "body_auditor")),
    Door("/documentos-propios/<number>", "/documentos-propios/{own_of_unit}",
         ("member", "officer", "coordinator", "body_auditor")),
    Door("/documentos-propios/nuevo", "/documentos-propios/nuevo?por={unit_leg}", (*ANSWERERS, "member")),
    Door("/documentos-propios/nuevo", "/documentos-propios/nuevo", (*ANSWERERS, "member"), "POST",
         typed(destination="oefa", email="bandeja@iiap.example")
         | {"por": "{unit_leg}", "form_token": lambda: str(uuid4()), "main_document": a_document}),
)  # fmt: skip
MEMBER = {"name": "Rosa Flores Inga", "role": "collaborator", "counter_code": "", "unit_id": ""}
_person = partial(Door, method="POST", opens=MANAGERS, leaves=TRAIL)
PEOPLE = (
    Door("/personal/<int:user_id>", "/personal/{user}?entidad=iiap", MANAGERS),
    _person("/personal/<int:user_id>", "/personal/{user}?entidad=iiap", form=MEMBER),
    _person("/personal/<int:user_id>/contrasena", "/personal/{user}/contrasena?entidad=iiap"),
    _person("/personal/<int:user_id>/desactivar", "/personal/{user}/desactivar?entidad=iiap"),
    _person("/personal/<int:user_id>/activar", "/personal/{user}/activar?entidad=iiap"),
    _person("/personal/oficinas/<int:unit_id>/cerrar", "/personal/oficinas/{spare_unit}/cerrar?entidad=iiap"),
)
DOORS = (*READING, *SAYING, *OWN, *PEOPLE)
