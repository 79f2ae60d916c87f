"""A house in which something of everything happened, so that every page has something to say."""

from hub import custody
from hub.clock import now
from hub.core.ports import NewsKind
from hub.core.statuses import Movement
from hub.sight import Viewer
from tests.fixtures.house import ADMIN, AUDITOR, CLERK, IGP_CLERK, OFFICER
from tests.web.account import Holder
from tests.web.staff import make_user
from tests.web.test_tray import files

LANDS = {
    "": "/", "citizen": "/mis-tramites", "clerk": "/mesa-de-partes", "igp": "/mesa-de-partes", "officer": "/bandeja",
    "entity_coordinator": "/bandeja", "seat_coordinator": "/mesa-de-partes", "collaborator": "/bandeja",
    "sector_admin": "/envios", "auditor": "/envios", "operator": "/envios",
}  # fmt: skip
"""Where each begins to walk: nobody in particular, somebody with an account, each role, another body's clerk."""
HERE = {
    "clerk": CLERK, "igp": IGP_CLERK, "officer": OFFICER, "sector_admin": ADMIN, "auditor": AUDITOR,
    "entity_coordinator": "coordinacion@iiap.example",
}  # fmt: skip
MADE = {"seat_coordinator": ("sernanp", "principal"), "collaborator": ("iiap", ""), "operator": ("minam", "")}
"""Roles that the demonstration has nobody for: body and counter of who is made."""


DRAFT = ("para-que", "quien", "contacto", "documento", "archivos", "revisar")


def live_in(house):
    """Filings that were answered, observed, refused, are on their way, and lie in a hosted inbox; gives their numbers.

    One has originals in custody and a slip.
    """
    clerk = house.signed_in(CLERK)
    made = {
        "answered": clerk.filed(subject="Pide registros sísmicos", email="ana@ejemplo.pe"),
        "refused": clerk.filed(destination="oefa"),
        "hosted": clerk.filed(destination="iiap", accepts_notification="si", email="ana@ejemplo.pe"),
        "kept": clerk.filed(originals="Título de propiedad, 4 folios", media="Una memoria USB", folios="9"),
        "sent_on": clerk.filed(originals="Plano original"),
        "observed": _observed(clerk),
    }
    _answer(house, made)
    with house.session() as session:
        sernanp = house.directory.entity("sernanp")
        seat = Viewer(1, frozenset({"clerk"}), sernanp.id, "principal")
        custody.send_on(session, house.directory, seat, made["sent_on"], now())
        session.commit()
    return made


def _observed(clerk):
    answer = clerk.file(accion="observar", observed_items="Falta la firma")
    return answer.location.rpartition("/")[2].partition("?")[0]


def arrive(house, who, made):
    """Somebody with a browser, and the pages from which they walk on."""
    if who == "":
        return _anybody(house, made)
    if who == "citizen":
        holder = Holder(house).opens()
        number = files(holder)
        return holder.visitor, [LANDS[who], f"/mis-tramites/{number}", "/cuenta"]
    entity, counter = MADE.get(who, ("", ""))
    email = HERE.get(who) or make_user(house, entity, [who], counter_code=counter)
    return house.signed_in(email), [LANDS[who]]


def _anybody(house, made):
    """Has begun a document, and holds the codes of the QRs."""
    visitor, codes = house.visitor(), [house.filing(number)[0].verification_code for number in made.values()]
    assert visitor.post("/presentar/igp", {}).status_code == 303
    found = [f"/{place}/{code}" for code in codes for place in ("seguimiento", "casilla", "verificar")]
    asked = [f"/seguimiento/{code}/{what}" for code in codes for what in ("observacion", "expediente")]
    return visitor, ["/", "/presentar/borrador", *(f"/presentar/borrador/{one}" for one in DRAFT), *found, *asked]


def _answer(house, made):
    cuo = house.leg(made["answered"]).cuo
    house.say(cuo)
    house.say(cuo, NewsKind.REGISTERED, registry_number="004512", registry_year="2026", expediente_number="EXP-77",
              unit="Mesa de Partes")  # fmt: skip
    house.say(cuo, NewsKind.MOVEMENT, movement=Movement.ANSWERED)
    house.say(house.leg(made["refused"]).cuo, NewsKind.OBSERVED, items=("Falta el anexo 2",))
    house.say(house.leg(made["hosted"]).cuo)


