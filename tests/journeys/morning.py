"""A sector in the middle of its morning, for the pictures: people of every kind, papers in every state."""

from dataclasses import dataclass, field

from sqlalchemy import select

from hub import rerouting
from hub.clock import now
from hub.core.ports import NewsKind
from hub.core.statuses import Author, Movement, RefusalReason
from hub.models import Filing
from hub.rerouting import Person, Why
from tests.fixtures.house import ADMIN, CLERK, OFFICER, a_pdf
from tests.web.account import Holder
from tests.web.citizen import DOCUMENT, PERSON, Filer

COORDINATOR = "coordinacion@iiap.example"
TAKEN = (
    ("senace", "Pide copia de la certificación ambiental de una línea", "Paredes Luque, Jorge", "08123457"),
    ("senamhi", "Pide las lluvias de Piura de enero y febrero", "Castro Neira, Luz", "02845516"),
    ("igp", "Pide el mapa de peligro sísmico de Matucana", "Huamán Rojas, Iván", "09711836"),
    ("oefa", "Denuncia vertimientos en la quebrada Honda", "Flores Ticona, Saúl", "40117728"),
    ("iiap", "Pide los datos del río Nanay", "Pinedo Ríos, Carla", "05214403"),
    ("iiap", "Pide permiso para visitar el jardín botánico", "Tuesta Vargas, Nelly", "05381122"),
    ("iiap", "Pide la lista de peces del Amazonas", "Inga Poma, Delia", "20034417"),
)
"""(destination, subject, who, DNI) of what SERNANP's counter took."""
SISMO = "Pide los registros del sismo de Lomas"


@dataclass
class Morning:
    """`codes`: name of a filing -> the code of its page. `people`: name -> a visitor who is signed in, or is nobody."""

    house: object
    codes: dict = field(default_factory=dict)
    people: dict = field(default_factory=dict)
    cuos: dict = field(default_factory=dict)

    def keep(self, name, number):
        self.codes[name] = self.house.filing(number)[0].verification_code
        self.cuos[name] = self.house.leg(number).cuo
        return number


def a_morning(house):
    """Live it; gives what the pictures need to find their pages."""
    made = Morning(house)
    clerk = house.signed_in(CLERK)
    numbers = [clerk.filed(destination=to, subject=subject, names=who, document_number_of_person=dni)
               for to, subject, who, dni in TAKEN]  # fmt: skip
    _go_on(house, numbers)
    made.keep("inbox", numbers[4])
    made.keep("sent_on", _sent_on(house, clerk))
    made.people |= {
        "clerk": clerk, "officer": house.signed_in(OFFICER), "coordinator": house.signed_in(COORDINATOR),
        "admin": house.signed_in(ADMIN), "nobody": house.visitor(),
    }  # fmt: skip
    _holder(made)
    _drafts(made)
    return made


def _go_on(house, numbers):
    """What the institutions said of what the counter took."""
    legs = [house.leg(number).cuo for number in numbers]
    for cuo in legs[1:]:
        house.say(cuo)
    house.say(legs[2], NewsKind.REGISTERED, registry_number="004512", registry_year="2026", expediente_number="EXP-77",
              unit="Mesa de Partes")  # fmt: skip
    house.say(legs[3], NewsKind.OBSERVED, items=("Falta señalar el lugar exacto y la fecha de los hechos.",))
    house.say(legs[5], NewsKind.REGISTERED, registry_number="00087", registry_year="2026", unit="Jardín botánico")


def _sent_on(house, clerk):
    """Handed in for IGP, which sent it to SENAMHI, whose office has it now."""
    number = clerk.filed(subject="Pide las lluvias del día del sismo de Lomas", names="Quispe Ñahui, Ana")
    first = house.leg(number).cuo
    house.say(first)
    house.say(first, NewsKind.REFUSED, reason=RefusalReason.NOT_COMPETENT, text="Las lluvias las mide el SENAMHI.")
    with house.session() as session:
        why = Why(RefusalReason.NOT_COMPETENT, "Las lluvias las mide el SENAMHI.")
        by = Person("igp", Author.OFFICER)
        rerouting.reroute(session, house.directory, first, "senamhi", why, by, now(), is_confirmed=True)
        session.commit()
    second = house.leg(number).cuo
    house.say(second)
    house.say(second, NewsKind.REGISTERED, registry_number="007781", registry_year="2026", unit="Mesa de Partes")
    house.say(second, NewsKind.MOVEMENT, movement=Movement.IN_PROCESS, unit="Dirección de Hidrología")
    return number


def _holder(made):
    """Ana, with an account and four papers: one was answered, one observed, two are on their way."""
    house, ana = made.house, Holder(made.house, "ana.quispe@ejemplo.pe").opens()
    made.people["ana"] = ana.visitor
    told = (
        ("igp", "Pide el catálogo de sismos de Arequipa", _answered),
        ("oefa", "Denuncia ruido de una planta en Chilca", _observed),
        ("senamhi", "Pide el caudal del río Santa en Condorcerro", None),
        ("igp", SISMO, None),
    )
    for to, subject, then in told:
        ana.begins(to).says("para-que", purpose="correspondencia").says("quien", **PERSON)
        ana.says("contacto", email=ana.email).says("documento", **DOCUMENT | {"subject": subject})
        ana.attaches(("solicitud.pdf", a_pdf(7)), annexes=[("Plano de ubicación.dwg", b"AC1032" * 90_000)])
        assert ana.sends(accepts_notification="si").status_code == 303
        number = _newest(house)
        if then:
            house.say(house.leg(number).cuo)
            then(house, house.leg(number).cuo)
            made.keep(then.__name__.strip("_"), number)


def _answered(house, cuo):
    house.say(cuo, NewsKind.REGISTERED, registry_number="004498", registry_year="2026", unit="Mesa de Partes")
    house.say(cuo, NewsKind.MOVEMENT, movement=Movement.ANSWERED)


def _observed(house, cuo):
    house.say(cuo, NewsKind.OBSERVED, items=("Falta decir en qué horas ocurre.", "La foto 2 no se ve."))


def _newest(house):
    with house.session() as session:
        return session.scalar(select(Filing.filing_number).order_by(Filing.id.desc()).limit(1))


def _drafts(made):
    """One who has just begun, and one who has everything but the sending."""
    begun = Filer(made.house)
    begun.begins().says("para-que", purpose="general").says("quien", **PERSON)
    ready = Filer(made.house).begins().says("para-que", purpose="general").says("quien", **PERSON)
    ready.proves("ana@ejemplo.pe").says("documento", **DOCUMENT)
    ready.attaches(("Solicitud.pdf", a_pdf(7)), annexes=[("Plano de ubicación.dwg", b"AC1032" * 90_000)])
    made.people |= {"begun": begun.visitor, "ready": ready.visitor}
