"""Rows of docs/rules.md: terms and silence (R-TERM), and what a procedure may not ask for (R-PD-4)."""

from tests.rules.registry import Rule

ROWS: tuple[Rule, ...] = (
    Rule(
        "R-TERM-1",
        norm="TUO 143",
        does="Sin plazo propio rigen los máximos de la ley: 3 días un acto de mero trámite, 7 (10 con traslado o "
        "terceros) un informe, 10 lo que debe hacer el ciudadano; días hábiles.",
        function="hub.core.terms:maximum_days",
        off="30",
    ),
    Rule(
        "R-TERM-2",
        norm="TUO 33, 35.1, 38, 39 y 153",
        does="Una evaluación toma 30 días hábiles salvo ley o decreto que se cite, con silencio positivo salvo que se "
        "declare otro; lo de aprobación automática vale desde que se presenta.",
        function="hub.terms:approved_since",
        off="None",
    ),
    Rule(
        "R-TERM-3",
        norm="Ley 27806, art. 11",
        does="El acceso a la información pública es un procedimiento de todas las instituciones: 10 días hábiles.",
        function="hub.entities.procedures:to_procedures",
        off="tuple(to_procedure(one) for one in own)",
    ),
    Rule(
        "R-TERM-4",
        norm="TUO 39, 43 y 153",
        does="El plazo sale del procedimiento tal como era al presentar; sin él, 30 días solo si se pide una decisión, "
        "y ninguno para la correspondencia.",
        function="hub.core.terms:term_of",
        off="GENERAL_DAYS",
    ),
    Rule(
        "R-TERM-5",
        norm="TUO 145.1, 145.2 y 136.3",
        does="Se cuentan días hábiles consecutivos, sin feriados ni los días en que una observación estuvo pendiente; "
        "el último cae siempre en día hábil.",
        function="hub.core.terms:last_day",
        off="clock_start + __import__('datetime').timedelta(days=days + left_out - 1)",
    ),
    Rule(
        "R-TERM-6",
        norm="TUO 144.1",
        does="El plazo de la institución empieza el día hábil siguiente a aquel en que se considera presentado o, si "
        "se remite, a aquel en que lo recibe la competente.",
        function="hub.core.calendar:clock_start",
        off="considered",
    ),
    Rule(
        "R-TERM-7",
        norm="TUO 35, 36, 38, 143, 169 y 199",
        does="Cada plazo se muestra con su semáforo y su último día, y cuando vence se dice qué puede hacer el "
        "ciudadano.",
        function="hub.core.terms:standing",
        off="Standing(due_on, 9, Light.GREEN)",
    ),
    Rule(
        "R-PD-4",
        norm="DL 1246, art. 5; DL 1310; TUO 48",
        does="Un procedimiento que pide copia del DNI u otra cosa que el Estado ya tiene no se puede declarar.",
        function="hub.entities.procedures:prohibited_by",
        off="''",
    ),
)
