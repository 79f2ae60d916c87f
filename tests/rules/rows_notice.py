"""Rows of docs/rules.md: notification (R-NOT)."""

from tests.rules.registry import Rule

ROWS: tuple[Rule, ...] = (
    Rule(
        "R-NOT-1",
        norm="TUO 24.1",
        does="De cada acto que se notifica se anota hasta qué día vence el plazo de cinco días hábiles desde su "
        "emisión; lo que sale después vale igual y queda señalado como tardío.",
        function="hub.casilla:notify_by",
        off="date.max",
    ),
    Rule(
        "R-NOT-2",
        norm="TUO 20.4",
        does="La notificación electrónica pide autorización expresa, aparte de todo lo demás; sin ella, sin aviso o "
        "sin acuse en dos días hábiles, pasa a la lista de las que una persona notifica por cédula.",
        function="hub.unnotified:why_by_hand",
        off="None",
    ),
    Rule(
        "R-NOT-3",
        norm="Ley 31736",
        does="Lo depositado en la casilla vale desde que se abre; si nadie lo abre en cinco días hábiles, desde el "
        "primer día hábil siguiente.",
        function="hub.casilla:deemed_on",
        off="deposited_on",
    ),
    Rule(
        "R-NOT-4",
        norm="DS 098-2025-PCM art. 55",
        does="Cada notificación lanza al momento un aviso por correo y por SMS, guarda cada intento con su hora y su "
        "resultado, y sin ningún aviso tomado no se da por notificada.",
        function="hub.alerts:queue",
        off="()",
    ),
    Rule(
        "R-NOT-5",
        norm="TUO 16 y 20",
        does="Los mensajes que cuentan cómo avanza un trámite dicen que son un aviso informativo y no una "
        "notificación, y nunca pasan por la casilla.",
        function="hub.papers.letters:as_courtesy",
        off="lines",
    ),
)
