"""Who files in a made-up history, and what: drawn from a seed. Nobody of them lives."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from hub.core.directory import Directory, EntityRecord
from hub.core.messages import DocumentRole, Filer
from hub.intake import Reception, Submission, SubmittedFile
from hub.storage import Stored

SURNAMES = ("Quispe", "Flores", "Sánchez", "Rojas", "García", "Mamani", "Huamán", "Ramos", "Vásquez", "Díaz", "Ñahui",
            "Condori", "Chávez", "Torres", "Mendoza", "Castillo", "Gonzáles", "Espinoza", "Cruz", "Salazar")
GIVEN = ("Ana", "Rosa", "Luis", "José", "María", "Juan", "Elena", "Víctor", "Julia", "Carlos", "Inés", "Raúl", "Lucía")
KINDS = ("solicitud",) * 9 + ("carta",) * 4 + ("oficio",) * 3 + ("escrito", "informe", "recurso", "denuncia")
SUBJECTS = (
    "Pide los registros de un sismo", "Solicita información meteorológica", "Pide copia de un informe",
    "Presenta el levantamiento de observaciones", "Denuncia la quema de basura cerca de un río",
    "Pide opinión sobre un proyecto", "Solicita una constancia", "Remite información complementaria",
)  # fmt: skip
PLACES = ("150101",) * 9 + (
    "150131", "070101", "120101", "080101", "200101", "130101", "040101", "160101", "250101", "",
)  # fmt: skip
"""Districts in which people live; empty for who did not tell it."""


@dataclass(frozen=True)
class Arrival:
    """One filing that will be handed in at an instant."""

    at: datetime
    submission: Submission
    reception: Reception
    began_at: datetime


@dataclass(frozen=True)
class Town:
    """Everybody who may file. Doors and bodies are drawn by their weights."""

    chance: random.Random
    doors: Sequence[tuple[EntityRecord, str]]
    bodies: Sequence[EntityRecord]
    doors_weigh: Sequence[float]
    bodies_weigh: Sequence[float]
    document: Callable[[int], Stored]
    """Keeps a document of so many pages, and says where."""

    def arrives(self, at: datetime) -> Arrival:
        """Somebody with a document, online or at a counter."""
        chance = self.chance
        body = chance.choices(self.bodies, self.bodies_weigh)[0]
        if chance.random() < 0.45:
            where, takes = Reception("online", body.code, body.principal_counter.code), chance.lognormvariate(5.8, 0.5)
        else:
            door, counter = chance.choices(self.doors, self.doors_weigh)[0]
            where, takes = Reception("counter", door.code, counter), chance.lognormvariate(5.2, 0.5)
        return Arrival(at, self._submission(body), where, at - timedelta(seconds=min(takes, 7200)))

    def _submission(self, body: EntityRecord) -> Submission:
        chance = self.chance
        key = UUID(int=chance.getrandbits(128), version=4)
        pages = min(60, 1 + int(chance.expovariate(1 / 4)))
        return Submission(
            form_token=key,
            destination_code=body.code,
            filer=self._person(),
            document_type=chance.choice(KINDS),
            document_number="s/n",
            subject=chance.choice(SUBJECTS),
            folios=pages,
            files=(SubmittedFile(DocumentRole.MAIN, "documento.pdf", "application/pdf", self.document(pages), pages),),
        )

    def _person(self) -> Filer:
        chance = self.chance
        names = f"{chance.choice(SURNAMES)} {chance.choice(SURNAMES)}, {chance.choice(GIVEN)}"
        return Filer("dni", f"{chance.randrange(10_000_000, 80_000_000)}", names, ubigeo=chance.choice(PLACES))


def town_of(
    directory: Directory, chance: random.Random, today: datetime, document: Callable[[int], Stored]
) -> Town:
    """The counters and bodies of a sector, some busier than others."""
    bodies = directory.active(today.date())
    doors = [(body, counter.code) for body in bodies for counter in body.open_counters]
    return Town(
        chance, doors, bodies,
        [2.0 / (1 + place) + 0.15 for place in range(len(doors))],
        [3.0 / (1 + place) + 0.25 for place in range(len(bodies))],
        document,
    )  # fmt: skip
