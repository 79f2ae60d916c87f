"""Rows of docs/rules.md: when a filing counts as presented (R-TIME)."""

from tests.rules.registry import Rule

ROWS: tuple[Rule, ...] = (
    Rule(
        "R-TIME-1",
        norm="LPAG 117.1, 123.2 y 123.3 (Ley 31465); Res. 0518-2024/SEL-INDECOPI",
        does="Lo presentado un día hábil cuenta ese mismo día, de 00:00:00 a 23:59:59; no existe una hora de cierre, "
        "y una política que la tenga no se puede configurar.",
        function="hub.core.calendar:considered_on",
        off="calendar.next_business_day(local_date(presented_at))",
    ),
    Rule(
        "R-TIME-2",
        norm="LPAG 117.1 y 123 (Ley 31465); DS 075-2023-PCM, art. 46.2 c); TUO 144.1",
        does="Lo presentado un día no hábil cuenta desde el primer día hábil siguiente (política B, por defecto) o "
        "lleva la fecha del envío y el plazo empieza el primer día hábil siguiente (política A), según la institución.",
        function="hub.core.calendar:considered_on",
        off="local_date(presented_at)",
    ),
    Rule(
        "R-TIME-3",
        norm="LPAG 123.2 y 123.3 (Ley 31465)",
        does="El instante que cuenta es aquel en que el servidor tiene el envío completo, con todos sus archivos "
        "guardados y su huella calculada; no el de apertura de la página ni el de la revisión posterior.",
        function="hub.web.reading:received_at",
        off="clock_now() - timedelta(minutes=3)",
    ),
    Rule(
        "R-TIME-4",
        norm="LPAG 117.1 (Ley 31465); TUO 135.2",
        does="El cargo de recepción lleva su propia hora y, aparte, la fecha y hora de presentación, que no cambia.",
        function="hub.papers.cargo:registration_facts",
        off="(('Lo registró', cargo.registered_by.name), ('Registrado', instant(cargo.presented.filing.presented_at)))",
    ),
    Rule(
        "R-TIME-5",
        norm="TUO 145.2",
        does="Las indisponibilidades se anotan y publican; si el último día del ciudadano cayó en una, su plazo pasa "
        "al primer día hábil siguiente, y se emite una constancia de indisponibilidad.",
        function="hub.recounting:days_down",
        off="frozenset()",
    ),
    Rule(
        "R-TIME-6",
        norm="TUO 149.5",
        does="Quien tomó turno antes y es atendido después queda fechado por la hora de su ticket, que se guarda.",
        function="hub.core.calendar:counted_from",
        off="presented_at",
    ),
    Rule(
        "R-TIME-7",
        norm="TUO 149.7",
        does="Toda hora que se muestra es la oficial del Perú (UTC-5), con segundos, tomada del reloj del servidor.",
        function="hub.web.dates:instant",
        off="at.strftime('%d/%m/%Y')",
    ),
)
