"""What a counter took and keeps, the papers of it, and what goes on from one counter to another."""

from io import BytesIO
from uuid import uuid4

from hub.clock import now
from hub.core.calendar import local_date
from tests.fixtures.house import a_pdf
from tests.nets.doors.door import Door

SEAT = ("seat",)
DESK = "/mesa-de-partes"
SLIP = f"{DESK}/custodia/remisiones"
FOLLOWS = ("seat", "officer", "coordinator", "desk", "body_auditor")
"""The seat that took it, and the body that has or had it: its own leg, and nothing of the next one's."""
OVER = ("admin", "auditor")

TAKEN = tuple(
    Door(f"{DESK}/constancias/<number>{what}", f"{DESK}/constancias/{{number}}{what}", SEAT)
    for what in ("", ".pdf", "/tira.pdf")
)
ONLINE = tuple(
    Door(f"{DESK}/constancias/<number>{what}", f"{DESK}/constancias/{{online}}{what}", ("desk",))
    for what in ("", ".pdf", "/tira.pdf")
)
"""Filed by internet: at the counter of the body it went to."""
THINGS = (
    Door(f"{DESK}/custodia/<number>/remitir", f"{DESK}/custodia/{{kept}}/remitir", SEAT, "POST"),
    Door(f"{DESK}/custodia/<number>/devolver", f"{DESK}/custodia/{{back}}/devolver", SEAT, "POST"),
    Door(f"{SLIP}/<int:slip_id>", f"{SLIP}/{{slip}}", ("seat", "desk")),
    Door(f"{SLIP}/<int:slip_id>.pdf", f"{SLIP}/{{slip}}.pdf", ("seat", "desk")),
    Door(f"{SLIP}/<int:slip_id>/recibir", f"{SLIP}/{{slip}}/recibir", ("desk",), "POST"),
)
PAPERS = (
    Door(f"{DESK}/expedientes/<number>", f"{DESK}/expedientes/{{number}}", SEAT, "POST"),
    Door("/papeles/cargos/<cuo>.pdf", "/papeles/cargos/{moved}.pdf", (*FOLLOWS, *OVER)),
    Door("/papeles/cargos/<cuo>.pdf", "/papeles/cargos/{unit_leg}.pdf", (*FOLLOWS, "member", *OVER)),
    Door("/papeles/cargos/<cuo>.pdf", "/papeles/cargos/{past}.pdf", (*FOLLOWS, *OVER)),
    Door("/papeles/cargos/<cuo>.pdf", "/papeles/cargos/{after}.pdf", ("seat", "next_officer", *OVER)),
    Door("/notificaciones/<int:notice_id>/en-persona", "/notificaciones/{notice}/en-persona",
         ("seat", "officer", "coordinator", "desk", "admin"), "POST",
         {"on": local_date(now()).isoformat(), "note": "Cédula 1"}),
)  # fmt: skip
_BY_CODE = f"{DESK}/corregir/<code>"
CORRECTING = tuple(
    Door(_BY_CODE + what, f"{DESK}/corregir/{{{code}}}{what}", SEAT, method, form)
    for what, method, code, form in (
        ("", "GET", "observed_code", {}),
        ("", "GET", "code", {}),
        ("/mostrar", "POST", "asked_code", {}),
        ("", "POST", "observed_code", {
            "form_token": lambda: str(uuid4()), "answer-0": "Ya", "documents": lambda: (BytesIO(a_pdf()), "x.pdf")}),
        ("/retirar", "POST", "withdrawn_code", {"confirmed": "si"}),
        ("/presentar-de-nuevo", "POST", "lapsed_code", {}),
    )
)  # fmt: skip
"""At the counter that took it; at any other with its key."""
ABOUT = (Door(f"{DESK}/recepcion", f"{DESK}/recepcion?desiste={{code}}", SEAT),)
"""The form of a desistimiento says who filed: for the seat that took it, or with its key."""
DOORS = (*TAKEN, *ONLINE, *THINGS, *PAPERS, *CORRECTING, *ABOUT)
