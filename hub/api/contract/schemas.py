"""The shapes of JSON that the REST door gives and takes: JSON Schema 2020-12, as OpenAPI 3.1 has it."""

from typing import Any, Final

Table = dict[str, Any]


def shape(required: str, **properties: Table) -> Table:
    """An object with these properties and no others. `required`: their names, by spaces."""
    return {
        "type": "object",
        "properties": properties,
        "required": required.split(),
        "additionalProperties": False,
    }


def text(says: str = "", **more: Any) -> Table:
    return {"type": "string", **({"description": says} if says else {}), **more}


def number(says: str = "", **more: Any) -> Table:
    return {"type": "integer", **({"description": says} if says else {}), **more}


def many(items: Table, says: str = "") -> Table:
    return {"type": "array", "items": items, **({"description": says} if says else {})}


def ref(name: str) -> Table:
    """A shape of the components."""
    return {"$ref": f"#/components/schemas/{name}"}


def or_null(table: Table) -> Table:
    return {"anyOf": [table, {"type": "null"}]}


UUID: Final = text(format="uuid", pattern="^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
RUC: Final = text(pattern="^[0-9]{11}$")
CUO: Final = text(pattern="^[0-9]{10}$")
SHA256: Final = text(pattern="^[0-9a-f]{64}$")
INSTANT: Final = text(format="date-time")
DAY: Final = text(format="date")

PROBLEM: Final = shape(
    "type title status detail code temporary",
    type=text("urn:pe:mesa-integrada:1:error:CODIGO"),
    title=text("La frase del código, en español."),
    status=number(),
    detail=text("Para ingenieros; puede venir vacío."),
    code=text("El código de la lista cerrada de docs/contract.md."),
    temporary={"type": "boolean", "description": "Si es cierto, la misma llamada puede ir bien más tarde."},
    message_id=UUID,
)

WAITING: Final = shape(
    "id tipo creado bytes sha256 direccion",
    id=UUID,
    tipo=text("Qué mensaje es.", enum=["sobre", "acuse", "cargo", "estado", "respuesta"]),
    cuo=CUO,
    numeroTramite=text(),
    creado=INSTANT,
    bytes=number("Del mensaje firmado."),
    sha256=SHA256,
    direccion=text("Dónde se recoge.", format="uri"),
)

TRAY: Final = shape(
    "mensajes siguiente",
    mensajes=many(ref("Pendiente"), "Los más antiguos primero."),
    siguiente=or_null(text("La página siguiente, si la hay.", format="uri")),
)

HELD_DOCUMENT: Final = shape(
    "sha256 bytes recibido completo vence",
    sha256=SHA256,
    bytes=number(),
    recibido=number("Bytes que ya están en la mesa."),
    completo={"type": "boolean"},
    vence=INSTANT,
)

DAYS: Final = shape(
    "balances",
    balances=many(shape("dia sha256 direccion", dia=DAY, sha256=SHA256, direccion=text(format="uri")),
                  "El más nuevo primero. `sha256` es el de lo firmado: el balance siguiente lo lleva en `anterior`."),
)  # fmt: skip

BALANCE: Final = shape(
    "dia firmado lineas",
    dia=DAY,
    firmado=text("JWS compacto; qué dice está en docs/contract.md."),
    lineas=many(
        shape("cuo estado numero sobre", cuo=CUO, estado=text(), numero=text("El que dio la entidad, si lo dio."),
              sobre=text("ds:DigestValue del Sobre, si se firmó.")),
        "Los envíos que se movieron ese día, por su CUO.",
    ),
)  # fmt: skip

COMPONENTS: Final[dict[str, Table]] = {
    "Problema": PROBLEM,
    "Pendiente": WAITING,
    "Bandeja": TRAY,
    "DocumentoDejado": HELD_DOCUMENT,
    "Balances": DAYS,
    "Balance": BALANCE,
}
