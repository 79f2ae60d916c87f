"""Rows of docs/rules.md: observations (R-OBS)."""

from tests.rules.registry import Rule

ROWS: tuple[Rule, ...] = (
    Rule(
        "R-OBS-1",
        norm="TUO 136.1",
        does="Cada mesa de partes observa una sola vez y en un solo acto; una segunda observación no se aplica y la ve "
        "una persona.",
        function="hub.observations:check_once",
        off="None",
    ),
    Rule(
        "R-OBS-2",
        norm="TUO 136.2",
        does="Lo observado al recibir se anota punto por punto en la copia de quien presenta, con sus alegatos, quién "
        "lo recibió y la advertencia de que sin corregir se tiene por no presentado.",
        function="hub.observations:observe_at_counter",
        off="session.add(Observation(filing_id=filing.id, source='counter', items=list(asked.items), observed_at=now))",
    ),
    Rule(
        "R-OBS-3",
        norm="TUO 136.3",
        does="Mientras hay una observación pendiente nada sale hacia la oficina competente y los días no se cuentan.",
        function="hub.registry:holds_back",
        off="False",
    ),
    Rule(
        "R-OBS-4",
        norm="TUO 136.4",
        does="Pasado el plazo sin corregir, el documento queda como no presentado, con la nota de devolución de la "
        "tasa; una corrección completa dentro del plazo siempre gana.",
        function="hub.lapses:lapse",
        off="False",
    ),
    Rule(
        "R-OBS-5",
        norm="TUO 136.6; DS 029-2021-PCM art. 46, modificado por DS 075-2023-PCM",
        does="La institución observa dentro de dos días hábiles; lo que observa después se guarda y se señala, pero no "
        "tiene plazo ni hace perder la presentación.",
        function="hub.core.observing:observe_by",
        off="date(2999, 12, 31)",
    ),
    Rule(
        "R-OBS-6",
        norm="TUO 137.1",
        does="Corregido a tiempo, el documento conserva su fecha de presentación y el inicio de su plazo; los días en "
        "que estuvo observado no se cuentan.",
        function="hub.corrections:inherited",
        off="{'corrects_cuo': ''}",
    ),
    Rule(
        "R-OBS-7",
        norm="TUO 137.2",
        does="Después de la primera observación la institución solo puede insistir en lo que ya pidió.",
        function="hub.core.observing:only_raised_before",
        off="True",
    ),
    Rule(
        "R-OBS-8",
        norm="TUO 136.5",
        does="La oficina que lo atiende puede observar una vez lo que la recepción no podía ver, con los mismos "
        "efectos.",
        function="hub.observations:source_of",
        off="Source.DESTINATION",
    ),
    Rule(
        "R-OBS-9",
        norm="TUO 136.1, 144.1, 145.1",
        does="El plazo para corregir vence a las 23:59:59 del segundo día hábil después de la notificación.",
        function="hub.core.observing:correct_by",
        off="notified_at",
    ),
)
