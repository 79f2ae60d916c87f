"""Rows of docs/rules.md: personal data (R-PD)."""

from tests.rules.registry import Rule

ROWS: tuple[Rule, ...] = (
    Rule(
        "R-PD-1",
        norm="DS 016-2024-JUS",
        does="Cada institución muestra su oficial de datos personales; cada incidente se anota con las 48 horas "
        "que hay para comunicarlo a la autoridad.",
        function="hub.incidents:due_at",
        off="known_at + timedelta(days=365)",
    ),
    Rule(
        "R-PD-2",
        norm="Ley 29733 arts. 14 y 18",
        does="Una página por institución informa qué se hace con los datos; no se pide consentimiento para recibir.",
        function="hub.web.privacy_words:notice_of",
        off="()",
    ),
    Rule(
        "R-PD-3",
        norm="Ley 29733 arts. 6 y 9",
        does="El seguimiento sin clave muestra estado y fechas, nunca contenido, dirección ni documento completo; la "
        "clave se prueba un número limitado de veces y se recupera solo en el correo registrado.",
        function="hub.web.holders:is_holder",
        off="True",
    ),
    Rule(
        "R-PD-5",
        norm="Ley 29733 art. 9; DS 016-2024-JUS",
        does="Queda anotado quién abrió o se llevó cada documento y cuándo; una institución no ve lo de otra.",
        function="hub.fetching:note_fetch",
        off="False",
    ),
)
