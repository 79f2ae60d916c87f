"""Rows of docs/rules.md: days by decree (R-CAL)."""

from tests.rules.registry import Rule

ROWS: tuple[Rule, ...] = (
    Rule(
        "R-CAL-1",
        norm="TUO 148.1 y 148.3",
        does="Un día no laborable solo se anota, o se deja sin efecto, con el número de la norma que lo dispone; "
        "ninguna institución cierra un día por su cuenta.",
        function="hub.decrees:has_norm",
        off="True",
    ),
    Rule(
        "R-CAL-2",
        norm="TUO 148.1",
        does="Un día no laborable vale solo en los lugares que dice su norma (por ubigeo del INEI); en los demás es "
        "día hábil.",
        function="hub.core.bodies:DecreeDayRecord.holds_at",
        off="True",
    ),
    Rule(
        "R-CAL-3",
        norm="TUO 145.1 y 148.1",
        does="Una norma publicada después recalcula los plazos abiertos; el cambio queda en la historia del trámite "
        "con la fecha anterior, la nueva y la norma, y nunca acorta un plazo del ciudadano.",
        function="hub.recounting:recount_legs",
        off="Recounted(None, 0)",
    ),
)
