"""Rows of docs/rules.md: reports (R-REP)."""

from tests.rules.registry import Rule

ROWS: tuple[Rule, ...] = (
    Rule(
        "R-REP-1",
        norm="Ley 31170; DL 1412, art. 20; DS 029-2021-PCM",
        does="Cuenta por mes lo presentado, recibido, observado, no presentado y atendido por cada institución, con "
        "sus tiempos y su disponibilidad, y lo entrega como planilla y como borrador de oficio a la SGTD.",
        function="hub.reports:count_by_month",
        off="{}",
    ),
    Rule(
        "R-REP-2",
        norm="DL 1412, art. 20; Ley 31170",
        does="Escribe el texto de la página de gob.pe de cada mesa de partes con lo que se sabe de la institución; lo "
        "que no se sabe queda como un espacio marcado.",
        function="hub.papers.gob_pe:sections",
        off="()",
    ),
)
