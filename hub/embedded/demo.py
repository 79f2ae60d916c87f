"""The accounts of the demonstration: one per role and per body that a walk through the product needs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DemoAccount:
    """`roles` are names of hub.models.users; `title` is what the terminal says of it."""

    email: str
    name: str
    title: str
    roles: tuple[str, ...]
    entity_code: str = ""
    counter_code: str = ""
    dni: str = ""
    """Of a citizen."""


ACCOUNTS = (
    DemoAccount(
        "ana@ciudadana.example",
        "Quispe Ñahui, Ana María",
        "ciudadana: presenta por internet y sigue sus trámites",
        ("citizen",),
        dni="10117410",
    ),
    DemoAccount(
        "recepcion@sernanp.example",
        "Rosa Huamán Quispe",
        "recibe en la ventanilla de SERNANP",
        ("clerk",),
        "sernanp",
        "principal",
    ),
    DemoAccount(
        "recepcion@minam.example",
        "Julio Paredes Ríos",
        "recibe en la ventanilla del MINAM",
        ("clerk",),
        "minam",
        "principal",
    ),
    DemoAccount(
        "recepcion@igp.example",
        "Teresa Chávez Rojas",
        "recibe en la ventanilla del IGP",
        ("clerk",),
        "igp",
        "principal",
    ),
    DemoAccount(
        "bandeja@iiap.example",
        "Nelly Tuesta Ruiz",
        "registra en la bandeja del IIAP, que no tiene sistema propio",
        ("officer",),
        "iiap",
    ),
    DemoAccount(
        "coordinacion@iiap.example",
        "Rocío Panduro Silva",
        "coordina el IIAP: personas, oficinas y su formulario",
        ("entity_coordinator",),
        "iiap",
    ),
    DemoAccount(
        "bandeja@inaigem.example",
        "Marco Cochachin León",
        "registra en la bandeja del INAIGEM",
        ("officer",),
        "inaigem",
    ),
    DemoAccount(
        "bandeja@sernanp.example",
        "Elena Vargas Soto",
        "registra en la bandeja de SERNANP",
        ("officer",),
        "sernanp",
    ),
    DemoAccount(
        "bandeja@minam.example",
        "Luis Ccori Mamani",
        "registra en la bandeja del MINAM",
        ("officer",),
        "minam",
    ),
    DemoAccount(
        "sector@minam.example",
        "Carmen Salas Vera",
        "administra el sector: tablero de envíos",
        ("sector_admin",),
        "minam",
    ),
    DemoAccount(
        "auditoria@minam.example",
        "Hugo Medina Campos",
        "audita el sector: mira y no cambia nada",
        ("auditor",),
    ),
)
