"""The administration: what the file declares and what is proposed of it, and the certificates of a body."""

from functools import partial

from tests.nets.doors.door import TRAIL, Door
from tests.web.test_certificates import a_certificate

_IGP = ("admin", "igp_coordinator")
HERE, BODY = "/administracion", "/administracion/instituciones/<code>"
_AT = "/administracion/instituciones/igp"
COMMON, AGREEMENT = f"{HERE}/sector/procedimientos/<procedure>", f"{HERE}/convenios/<int:number>"
PROPOSAL, CERTIFICATES = f"{HERE}/propuestas/<int:number>", f"{BODY}/certificados"
REVOKE = f"{CERTIFICATES}/<fingerprint>/revocar"
_proposes = partial(Door, method="POST", leaves=TRAIL)


def _why(**typed):
    return typed | {"accion": "proponer", "reason": "Lo pidió la institución"}


_INSTITUTION = {
    "acronym": "IGP", "name": "Instituto Geofísico del Perú", "kind": "executing_body", "ruc": "20131367008",
    "adapter-kind": "rest", "adapter-address": "${{MESA_ADDRESS_IGP:-http://127.0.0.1:7101}}", "in_flight": "9",
}  # fmt: skip
_COUNTER = {"name": "Sede Huancayo", "place": "El Tambo", "ubigeo": "120101"}
_PROCEDURE = {"name": "Queja por demora", "silence": "none"}
_AGREEMENT = {"from": "igp", "to": "senace", "mode": "delegated", "norm": "CONVENIO 2-2026", "valid_from": "2026-01-01"}
ADMINISTRATION = (
    *(Door(rule, path, opens) for rule, path, opens in (
        (BODY, _AT, _IGP), (f"{BODY}/mesa-nueva", f"{_AT}/mesa-nueva", _IGP),
        (f"{BODY}/mesas/<counter>", f"{_AT}/mesas/huancayo", _IGP),
        (f"{BODY}/procedimiento-nuevo", f"{_AT}/procedimiento-nuevo", _IGP),
        (f"{BODY}/procedimientos/<procedure>", f"{_AT}/procedimientos/DEMO-01", _IGP),
        (COMMON, f"{HERE}/sector/procedimientos/acceso-informacion", ("admin",)),
        (AGREEMENT, f"{HERE}/convenios/1", ("admin",)), (PROPOSAL, f"{HERE}/propuestas/{{proposal}}", _IGP),
        (f"{PROPOSAL}/cambio.diff", f"{HERE}/propuestas/{{proposal}}/cambio.diff", _IGP),
        (CERTIFICATES, f"{_AT}/certificados", ("admin",)),
        (REVOKE, f"{_AT}/certificados/{{certificate}}/revocar", ("admin",)),
    )),
    _proposes(BODY, _AT, _IGP, form=_why(**_INSTITUTION)),
    _proposes(f"{BODY}/mesa-nueva", f"{_AT}/mesa-nueva", _IGP, form=_why(code="ica", **_COUNTER)),
    _proposes(f"{BODY}/mesas/<counter>", f"{_AT}/mesas/huancayo", _IGP, form=_why(**_COUNTER)),
    _proposes(f"{BODY}/procedimiento-nuevo", f"{_AT}/procedimiento-nuevo", _IGP, form=_why(code="Q-1", **_PROCEDURE)),
    _proposes(f"{BODY}/procedimientos/<procedure>", f"{_AT}/procedimientos/DEMO-02", _IGP, form=_why(**_PROCEDURE)),
    _proposes(COMMON, f"{HERE}/sector/procedimientos/acceso-informacion", ("admin",), form=_why(**_PROCEDURE)),
    _proposes(AGREEMENT, f"{HERE}/convenios/1", ("admin",), form=_why(**_AGREEMENT)),
    _proposes(f"{PROPOSAL}/retirar", f"{HERE}/propuestas/{{proposal}}/retirar", _IGP),
    _proposes(CERTIFICATES, f"{_AT}/certificados", ("admin",), form={"pem": a_certificate}),
    _proposes(REVOKE, f"{_AT}/certificados/{{certificate}}/revocar", ("admin",),
              form={"reason": "Cambió de sistema", "sure": "si"}),
)  # fmt: skip
ACTS = (
    _proposes(f"{HERE}/institucion-nueva", f"{HERE}/institucion-nueva", ("admin",),
              form=_why(code="ana", acronym="ANA", name="Autoridad Nacional del Agua", kind="technical_body",
                        ruc="20520711865", place="San Isidro", ubigeo="150131") | {"adapter-kind": "hosted"}),
    _proposes(f"{HERE}/sector", f"{HERE}/sector", ("admin",), form=_why(name="Ambiente y clima", operator="minam")),
    _proposes(f"{HERE}/sector/procedimiento-nuevo", f"{HERE}/sector/procedimiento-nuevo", ("admin",),
              form=_why(code="Q-2", **_PROCEDURE)),
    _proposes(f"{HERE}/convenio-nuevo", f"{HERE}/convenio-nuevo", ("admin",),
              form=_why(**_AGREEMENT | {"to": "oefa"})),
)  # fmt: skip
