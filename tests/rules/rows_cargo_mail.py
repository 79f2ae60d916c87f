"""Rows of docs/rules.md: the receipts by mail, and filing twice (R-CARGO-4, R-CARGO-5)."""

from tests.rules.registry import Rule

ROWS: tuple[Rule, ...] = (
    Rule(
        "R-CARGO-4",
        norm="TUO 125 y 35.2",
        does="La constancia está en pantalla, en PDF y por correo; si un correo no se puede entregar, queda anotado y "
        "lo ven la mesa de partes y quien lo presentó.",
        function="hub.notices:mail_failed",
        off="None",
    ),
    Rule(
        "R-CARGO-5",
        norm="TUO 135.1",
        does="Si la misma persona presenta el mismo archivo a la misma institución en diez minutos, se advierte y se "
        "pide confirmar; nada se descarta.",
        function="hub.cautions:same_content",
        off="()",
    ),
)
