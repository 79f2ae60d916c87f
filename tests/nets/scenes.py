"""What pages hang on: links of letters, second steps, books, outages. Each scene walks through its pages once."""

import re
from datetime import timedelta

from sqlalchemy import select

from hub.clock import now
from hub.core.calendar import LIMA, local_date
from hub.core.identifiers import bundle_token, receipt_token
from hub.core.monitoring import Condition, Kind
from hub.models import (
    BalanceRow,
    Comparison,
    Difference,
    DocumentLink,
    InstitutionOutage,
    OutboundMessage,
)
from hub.monitoring import beats, probes, standing
from hub.monitoring.probes import Tried
from hub.sealing import seal_batch
from hub.wire.keys import load_signer
from tests.fixtures.house import ADMIN, CLERK, OFFICER
from tests.nets.town import HERE
from tests.web.account import Holder, new_email
from tests.web.citizen import DRAFT, Filer
from tests.web.staff import make_user
from tests.web.test_casilla import ANA, holder, make_answered
from tests.web.test_certificates import a_certificate
from tests.web.test_dashboard import shown
from tests.web.test_joining import asked
from tests.web.test_own import sent
from tests.web.test_sector import fail
from tests.web.test_staff import confirmed, invite, link, opened, with_password


def play(house):
    """All of them; the pages are the gallery's, which watches."""
    clerk = house.signed_in(CLERK)
    for scene in (answers, accounts, files_online, joins, closes_a_counter):
        scene(house)
    opens_casilla(house, clerk)
    clerk.get("/mesa-de-partes/correos-no-entregados")
    runs_the_sector(house)


def opens_casilla(house, clerk):
    number, code, notice, _ = make_answered(house, clerk, house.signed_in(OFFICER), **ANA)
    secret, visitor = house.services.tracking_secret, holder(house, number, code)
    visitor.get(f"/acuse/{notice.id}/{receipt_token(secret, notice.id)}")
    opened = f"/casilla/{code}/{notice.id}"
    for path in (f"/casilla/{code}", opened, f"{opened}/documento", f"/seguimiento/{code}/expediente"):
        visitor.get(path)
    visitor.post(f"/acuse/{notice.id}/{receipt_token(secret, notice.id)}", {}, follow_redirects=True)
    visitor.post(f"/seguimiento/{code}/expediente", {})
    with house.session() as session:
        letter = session.scalars(select(OutboundMessage).order_by(OutboundMessage.created_at.desc())).first()
        token = session.scalars(select(DocumentLink.token).order_by(DocumentLink.created_at.desc())).first()
    visitor.get(f"/expediente/{letter.id}/{bundle_token(secret, letter.id)}")
    for path in (f"/d/{token}", "/d/nothing", f"/verificar/huella/{house.filing(number)[1][0].sha256}"):
        visitor.get(path)


def answers(house):
    """An officer's own oficio, and people who come in by an invitation."""
    officer = house.signed_in(OFFICER)
    officer.get(f"/documentos-propios/{sent(officer)}")
    coordinator = house.signed_in(HERE["entity_coordinator"])
    coordinator.get("/personal/nueva")
    house.visitor().get(link(house, invite(coordinator)[1]))
    email = opened(house, coordinator)
    house.visitor().get("/invitacion/not-a-link")
    confirmed(house, email)
    with_password(house, email).get("/ingresar/segundo-paso")


def accounts(house):
    person = Holder(house)
    person.send("/cuenta/crear", {"email": person.email}, follow_redirects=True)
    person.get(person.link())
    person.opens()
    for path in ("/cuenta", "/cuenta/cerrar", "/cuenta/contrasena", "/cuenta/correo", "/mis-tramites/sumar"):
        person.get(path)
    moved = new_email()
    person.send("/cuenta/correo", {"email": moved}, follow_redirects=True)
    person.get(person.link(moved))
    other = Holder(house, person.email)
    for path in ("/cuenta/ingresar", "/cuenta/recuperar", "/cuenta/cerrada", "/cuenta/crear/not-a-link"):
        other.get(path)
    other.send("/cuenta/recuperar", {"email": person.email}, follow_redirects=True)
    other.get(other.link())
    other.send("/cuenta/ingresar", {"email": person.email, "con": "codigo"}, follow_redirects=True)
    other.get("/cuenta/ingresar/codigo")


def files_online(house):
    filer = Filer(house).begins()
    filer.says("contacto", email="ana@ejemplo.pe").get(f"{DRAFT}/codigo")
    filer.get(f"{DRAFT}/sin-comprobar")
    filer = Filer(house).fills(email="ana@ejemplo.pe")
    filer.get(f"{DRAFT}/revisar")
    filer.sends()
    filer.get(filer.at)
    filer.get("/presentar/listo/constancia.pdf")


def joins(house):
    house.visitor().get("/sumarse/recibida")
    asked(house)


def closes_a_counter(house):
    """IGP's second one."""
    coordinator = house.signed_in(make_user(house, "igp", ["entity_coordinator"]))
    for path in ("/mi-formulario", "/mi-formulario/sedes/huancayo/cerrar"):
        coordinator.get(path)
    coordinator.post("/mi-formulario/sedes/huancayo/cerrar", {})


def runs_the_sector(house):
    admin, visitor = house.signed_in(ADMIN), house.visitor()
    admin.post("/incidentes", {"incident_body": "igp", "known_at": hours_ago(5), "what": "Se perdió una memoria"})
    admin.post("/indisponibilidades", {"started_at": hours_ago(3), "reason": "Se cortó la luz"})
    for path in ("/", "/presentar", "/estado-del-servicio"):
        visitor.get(path)
    ending = re.search(r"/indisponibilidades/([^/]+)/fin", admin.get("/indisponibilidades").text)
    admin.post(ending[0], {f"{ending[1]}-ended_at": hours_ago(1)})
    visitor.get(f"/estado-del-servicio/{ending[1]}")
    visitor.get(f"/estado-del-servicio/{ending[1]}.pdf")
    something_is_wrong(house, admin)
    looks_at_the_board(house, admin)
    compares(house, admin)
    administers(house, admin)
    seals(house)


def something_is_wrong(house, admin):
    """What operators are told of, and what was mended."""
    admin.get("/operacion")
    with house.session() as session:
        tried = (Tried("store"), Tried("tsa", "TIMEOUT"), Tried("antivirus", "ANTIVIRUS_DOWN"))
        probes.keep(session, "uno", tried, now())
        beats.beat(session, "uno:77", now() - timedelta(minutes=30))
        down = Condition(Kind.INSTITUTION_DOWN, "igp", details={"failures": 7})
        found = [down, Condition(Kind.ANTIVIRUS_ABSENT, "uno")]
        standing.settle(session, found, now() - timedelta(hours=1), timedelta(days=1))
        standing.settle(session, found[:1], now(), timedelta(days=1))
        session.commit()
    admin.get("/operacion")


def looks_at_the_board(house, admin):
    """With something stopped, what a remedy would do and did, and a window of maintenance."""
    cuo = fail(house, house.signed_in(CLERK).filed())
    for path in ("/tablero", "/tablero?mesa=sernanp:principal&institucion=igp", "/tablero/pendientes/stopped",
                 "/tablero/tendencias", f"/envios/{cuo}?comprobar=1"):
        admin.get(path)
    for why in ("", "Nos lo pidieron"):
        admin.post("/tablero/instituciones/oefa/pausa", {"why": why}, follow_redirects=True)
    admin.post("/tablero/instituciones/oefa/pausa/fin", {})
    window = {"since": hours_ago(1), "until": hours_ago(-2), "reason": "Cambio de servidores"}
    admin.post("/tablero/instituciones/oefa/mantenimiento", {"since": "", "until": "", "reason": ""})
    admin.post("/tablero/instituciones/oefa/mantenimiento", window, follow_redirects=True)
    for place, form in (("/tablero/pendientes/stopped/atendido", {}), ("/tablero/remedio", {"remedio": "again"})):
        form |= shown(admin.post(place, form | {"cuo": cuo})) | {"paso": "hacer"}
        for reason in ({}, {"reason": "Ya lo leen"}):
            admin.post(place, form | reason)
    admin.post("/tablero/instituciones/oefa/mantenimiento/fin", {})


def compares(house, admin):
    """With something that differs in each way, and a day on which an institution did not answer."""
    at, body = now(), house.directory.entity("igp").id
    sides = {"lacking": ("sent", ""), "unknown": ("", "held"), "differs": ("sent", "registered")}
    with house.session() as session:
        for number, (kind, (ours, theirs)) in enumerate(sides.items()):
            session.add(Difference(entity_id=body, cuo=f"999999990{number}", kind=kind, ours=ours, theirs=theirs,
                                   details={"their_number": "000077"}, found_at=at, seen_at=at))  # fmt: skip
        session.add(Comparison(entity_id=body, asked_at=at, started_at=at, finished_at=at, equal=7, differing=3))
        session.add(InstitutionOutage(entity_id=body, since=at - timedelta(hours=2), until=at, code="TIMEOUT"))
        session.add(BalanceRow(entity_id=body, day=at.date(), made_at=at, lines="[]", digest=bytes(32), jws="a.b.c"))
        session.commit()
        made = select(Difference.id).where(Difference.cuo.like("999999990%")).order_by(Difference.cuo)
        ids = [str(one) for one in session.scalars(made)]
    day, place = local_date(at), "/tablero/diferencias"
    for step in ({}, {"paso": "hacer"}, {"paso": "hacer", "reason": "Restauran su copia"}):
        admin.post(f"{place}/remedio", {"remedio": "explain", "diferencia": ids[0]} | step)
    admin.post("/tablero/instituciones/igp/comparar", {}, follow_redirects=True)
    for path in (place, f"{place}?institucion=igp", "/tablero/instituciones/igp", "/tablero/dia", f"/tablero/dia/{day}",
                 f"/tablero/dia/{day}?institucion=igp", f"/tablero/dia/{day}.csv", f"/tablero/dia/{day}.json",
                 f"/tablero/instituciones/igp/balances/{at.date()}.json"):
        admin.get(path)


def administers(house, admin):
    """Every form of what is declared, one with a fault, a change, its proposal, and a certificate's last day."""
    at, typed = "/administracion/instituciones/igp", {"name": "Sede Huancayo", "place": "El Tambo", "ubigeo": "120101"}
    for path in ("mesa-nueva", "procedimiento-nuevo", "procedimientos/DEMO-01", "certificados"):
        admin.get(f"{at}/{path}")
    for path in ("instituciones", "institucion-nueva", "sector", "sector/procedimiento-nuevo", "convenios",
                 "sector/procedimientos/acceso-informacion", "convenio-nuevo", "convenios/1", "propuestas",
                 "certificados", "personas", "roles", "motivos-y-textos"):
        admin.get(f"/administracion/{path}")
    for changes in ({"ubigeo": "99"}, {}, {"accion": "proponer"}, {"accion": "proponer", "reason": "Se mudó"}):
        answer = admin.post(f"{at}/mesas/huancayo", typed | changes, follow_redirects=True)
    number = re.search(r"propuestas/(\d+)/cambio", answer.text)[1]
    admin.get(f"/administracion/propuestas/{number}/cambio.diff")
    admin.post(f"/administracion/propuestas/{number}/retirar", {}, follow_redirects=True)
    admin.post(f"/administracion/propuestas/{number}/retirar", {})
    (held, *_) = house.directory.entity("igp").certificates
    for form in ({}, {"reason": "Cambió de sistema"}):
        admin.post(f"{at}/certificados/{held.fingerprint}/revocar", form)
    for pem in ("nada", a_certificate()):
        admin.post(f"{at}/certificados", {"pem": pem}, follow_redirects=True)
    for path in ("", "/historial.csv", "/historial.jsonl"):
        admin.get(f"/auditoria{path}")


def hours_ago(hours):
    return f"{(now() - timedelta(hours=hours)).astimezone(LIMA):%Y-%m-%dT%H:%M}"


def seals(house):
    folder = house.services.settings.keys_folder / "hub"
    with house.session() as session:
        signer = load_signer(folder / "ledger.key.pem", folder / "ledger.crt.pem")
        seal_batch(session, signer, str(house.directory.operator.ruc), now())
        session.commit()
    house.visitor().get("/libro/raices/1")

