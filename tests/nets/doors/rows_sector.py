"""What who runs the sector looks after; and the identifiers that are nobody's, or that another test asks about."""

from datetime import timedelta
from functools import partial

from hub.clock import now
from hub.core.calendar import LIMA
from tests.nets.doors.door import TRAIL, Door
from tests.nets.doors.rows_administration import ADMINISTRATION

OVER, REMEDIERS = ("admin", "operator", "auditor"), ("admin", "operator")
LEG, SEAT = "/envios/<cuo>", "/mi-formulario/sedes/<code>/cerrar"
BODY = "/tablero/instituciones/<code>"


def _ended():
    return f"{(now() - timedelta(minutes=5)).astimezone(LIMA):%Y-%m-%dT%H:%M}"


def _later():
    return f"{(now() + timedelta(hours=5)).astimezone(LIMA):%Y-%m-%dT%H:%M}"


_does = partial(Door, method="POST")
DOORS = (
    Door(LEG, "/envios/{leg}", (*OVER, "body_auditor")),
    Door(LEG, "/envios/{past}", (*OVER, "body_auditor")),
    Door(LEG, "/envios/{after}", OVER),
    _does(f"{LEG}/enviar-otra-vez", "/envios/{failed}/enviar-otra-vez", REMEDIERS, form={"reason": "Lo pide OEFA"}),
    _does(f"{LEG}/dar-el-cargo", "/envios/{stopped}/dar-el-cargo", REMEDIERS, form={"reason": "Ya lo arreglaron"}),
    _does(f"{LEG}/otro-destino", "/envios/{failed_too}/otro-destino", REMEDIERS,
          form={"to": "igp", "why": "NO_COMPETE", "why_text": "Le toca a IGP", "sure": "si"}),
    _does("/envios/apartadas/<int:message_id>", "/envios/apartadas/{parked}", REMEDIERS,
          form={"resolution": "set_aside", "reason": "Se anuló"}),
    _does("/dias-no-laborables/<int:row_id>/fin", "/dias-no-laborables/{day}/fin", ("admin",),
          form={"norm": "DS 091-2026-PCM"}, leaves=TRAIL),
    _does("/incidentes/<int:incident_id>/comunicado", "/incidentes/{incident}/comunicado", ("admin",),
          form={"told_as": "Cargo ANPD 991"}, leaves=TRAIL),
    _does("/indisponibilidades/<code>/fin", "/indisponibilidades/{outage}/fin", REMEDIERS,
          form={"ended_at": _ended}, leaves=TRAIL),
    _does("/sumarse/solicitudes/<uuid:request_id>/aprobar", "/sumarse/solicitudes/{joining}/aprobar", ("admin",),
          leaves=TRAIL),
    Door(BODY, "/tablero/instituciones/igp", OVER),
    Door("/tablero/pendientes/<kind>", "/tablero/pendientes/stopped", OVER),
    _does("/tablero/pendientes/<kind>/atendido", "/tablero/pendientes/stopped/atendido", REMEDIERS,
          form={"cuo": "{failed}"}, leaves="nothing: without `paso` it shows what would be taken off the list"),
    Door("/tablero/tendencias/<key>.csv", "/tablero/tendencias/dia.csv", OVER),
    Door("/tablero/dia/<day>", "/tablero/dia/2026-11-20", OVER),
    Door("/tablero/dia/<day>.csv", "/tablero/dia/2026-11-20.csv", OVER),
    Door("/tablero/dia/<day>.json", "/tablero/dia/2026-11-20.json", OVER),
    Door(f"{BODY}/balances/<day>.json", "/tablero/instituciones/igp/balances/{balance}.json", OVER),
    _does(f"{BODY}/comparar", "/tablero/instituciones/senamhi/comparar", REMEDIERS, leaves=TRAIL),
    _does(f"{BODY}/mantenimiento", "/tablero/instituciones/senamhi/mantenimiento", REMEDIERS,
          form={"since": _ended, "until": _later, "reason": "Cambio de servidores"}, leaves=TRAIL),
    _does(f"{BODY}/mantenimiento/fin", "/tablero/instituciones/senamhi/mantenimiento/fin", REMEDIERS, leaves=TRAIL),
    _does(f"{BODY}/pausa", "/tablero/instituciones/senamhi/pausa", REMEDIERS, form={"why": "Lo pidió"}, leaves=TRAIL),
    _does(f"{BODY}/pausa/fin", "/tablero/instituciones/senamhi/pausa/fin", REMEDIERS, leaves=TRAIL),
    _does(f"{BODY}/probar", "/tablero/instituciones/senamhi/probar", REMEDIERS,
          leaves="nothing: its breaker is closed, so there is nothing to try"),
    *ADMINISTRATION,
    Door(SEAT, "/mi-formulario/sedes/huancayo/cerrar", ("igp_coordinator",)),
    Door(SEAT, "/mi-formulario/sedes/huancayo/cerrar", ("igp_coordinator",), "POST", leaves=TRAIL),
    _does("/sumarse/solicitudes/<uuid:request_id>/rechazar", "/sumarse/solicitudes/{not_joining}/rechazar", ("admin",),
          form={"reason": "El RUC es de otra"}, leaves=TRAIL),
)  # fmt: skip

NOBODYS = {
    "/certificados/<any(ca, tsa):name>.pem": "the certificates by which anybody checks what the hub signs",
    "/estado-del-servicio/<code>": "an outage extends everybody's terms",
    "/estado-del-servicio/<code>.pdf": "an outage extends everybody's terms",
    "/instituciones/<code>": "an institution's public page",
    "/libro/raices/<int:batch>": "a root of the ledger, published to be kept by others",
    "/presentar/<code>": "an institution's public page, and the beginning of a draft",
    "/privacidad/<code>": "the privacy notice of an institution",
    "/static/<path:filename>": "style sheets, script and pictures",
}
"""Routes whose identifier names nothing that belongs to a person or to a body alone, and why."""
ELSEWHERE = {
    "/api/v1/balances/<dia>": ("tests.api.test_balances", "test_no_institution_reads_the_balance_of_another"),
    "/api/v1/documentos/<document_id>": ("tests.api.test_leaving", "test_a_digest_opens_nothing_of_another"),
    "/api/v1/mensajes/<message_id>": (
        "tests.api.test_pull", "test_another_institution_sees_and_fetches_nothing_of_it"),
    "/api/v1/mensajes/<message_id>/recibido": (
        "tests.api.test_pull", "test_another_institution_sees_and_fetches_nothing_of_it"),
    "/api/v1/sobres/<cuo>": ("tests.api.test_sent_in", "test_another_institution_asks_about_nothing_of_it"),
    "/api/v1/sobres/<cuo>/documentos/<document_id>": (
        "tests.api.test_sent_in", "test_an_answer_reaches_the_institution_that_filed"),
    "/api/v1/envios/<cuo>/documentos/<document_id>": (
        "tests.api.test_documents", "test_another_institution_gets_nothing_of_this_leg"),
    "/d/<token>": ("tests.api.test_links", "test_a_word_that_nobody_gave_out_opens_nothing"),
    "/d/<token>/<document_id>": ("tests.api.test_links", "test_it_opens_no_document_of_another_leg"),
    "/expediente/<uuid:message_id>/<token>": (
        "tests.evidence.test_pages", "test_a_link_of_another_letter_or_made_up_opens_nothing"),
}  # fmt: skip
"""Routes that machines or letters open, and the test that asks about them."""
