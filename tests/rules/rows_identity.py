"""Rows of docs/rules.md: identity (R-ID)."""

from tests.rules.registry import Rule

ROWS: tuple[Rule, ...] = (
    Rule(
        "R-ID-1",
        norm="DL 943; RS 210-2004/SUNAT",
        does="Si el RUC empieza con 10 y no lleva el DNI de quien representa, se advierte y se puede recibir igual.",
        function="hub.core.identifiers:is_ruc_of",
        off="True",
    ),
    Rule(
        "R-ID-2",
        norm="DL 1246 art. 2",
        does="Los nombres se escriben a mano; un registro del Estado, si se conecta, solo llena lo que quedó en "
        "blanco.",
        function="hub.identities:complete",
        off="filer",
    ),
    Rule(
        "R-ID-3",
        norm="TUO 126.1",
        does="Por una persona jurídica se piden RUC, razón social, documento de quien la representa y que declare "
        "representarla.",
        function="hub.cautions:representation_not_stated",
        off="()",
    ),
)
