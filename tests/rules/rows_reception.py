"""Rows of docs/rules.md: reception and re-routing (R-REC)."""

from tests.rules.registry import Rule

ROWS: tuple[Rule, ...] = (
    Rule(
        "R-REC-1",
        norm="LPAG 124.1; TUO 135.1",
        does="Toda mesa de partes recibe y da número a lo que se le presenta; lo que falta se observa, "
        "nunca se rechaza.",
        function="hub.intake:receive",
        off="registry.register(session, directory, _new_filing(directory, submission, reception), now)",
    ),
    Rule(
        "R-REC-2",
        norm="TUO 136.1",
        does="Solo detienen una presentación el archivo que nadie puede leer, la persona que no se puede identificar y "
        "el número imposible; la falta de requisitos no.",
        function="hub.intake:check",
        off="[]",
    ),
    Rule(
        "R-REC-3",
        norm="LPAG 117; TUO 128.1",
        does="Cada institución tiene una unidad general de recepción y un solo registro; cada asiento dice en qué sede "
        "se recibió.",
        function="hub.registry:_enter",
        off="None",
    ),
    Rule(
        "R-REC-4",
        norm="TUO 128.2",
        does="El registro de entradas sigue el orden de llegada, sin huecos, con número, fecha, remitente y "
        "destinatario; lo registrado no se borra ni se cambia.",
        function="hub.registers:entries",
        off="()",
    ),
    Rule(
        "R-REC-5",
        norm="LPAG 119; TUO 130, 141.1",
        does="Una mesa de partes actúa por otra institución solo con un acuerdo vigente; sin acuerdo, solo remite.",
        function="hub.core.directory:Directory.mode",
        off="Mode.OWN",
    ),
    Rule(
        "R-REC-6",
        norm="LPAG 121; TUO 132",
        does="Lo recibido para otra institución se entrega dentro de las 24 horas; si no, hay alarma roja y queda "
        "anotado.",
        function="hub.alarms:overdue",
        off="()",
    ),
    Rule(
        "R-REC-7",
        norm="LPAG 122; TUO 133",
        does="Con delegación, el sello de la mesa que recibe es la recepción: el plazo corre desde el día "
        "hábil siguiente.",
        function="hub.routing:start_at_presentation",
        off="None",
    ),
    Rule(
        "R-REC-8",
        norm="LPAG 130.1; TUO 141.1",
        does="Lo que compete a otra institución se le envía, se avisa el mismo día con el motivo, y se muestran dos "
        "fechas: cuándo se presentó y cuándo lo recibió la competente.",
        function="hub.rerouting:reroute",
        off="lock_leg(session, cuo)",
    ),
    Rule(
        "R-REC-9",
        norm="TUO 141.1",
        does="Los motivos de rechazo son una lista cerrada, siempre con explicación; la cadena de envíos se conserva y "
        "lo que da vueltas pasa a una persona.",
        function="hub.rerouting:check_reason",
        off="None",
    ),
    Rule(
        "R-REC-10",
        norm="TUO 143.1",
        does="Lo presentado antes del cierre y no derivado al cerrar aparece en la lista de pendientes de la "
        "ventanilla y de quien la supervisa.",
        function="hub.alarms:unrouted",
        off="[]",
    ),
)
