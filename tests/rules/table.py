"""Writes docs/rules.md, the table that a lawyer reads: `python -m tests.rules.table`."""

import sys
from pathlib import Path

from tests.rules.marks import marked_tests
from tests.rules.registry import CODES, FAMILIES, UNTESTABLE, Rule, rules

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"
TITLES = {
    "R-TIME": "Cuándo se considera presentado",
    "R-REC": "Recepción, derivación y reencauzamiento",
    "R-CARGO": "Constancia y cargo",
    "R-OBS": "Observaciones y «no presentado»",
    "R-TERM": "Plazos y silencio administrativo",
    "R-NOT": "Notificación",
    "R-PD": "Datos personales",
    "R-SIG": "Firmas y sellos",
    "R-CAL": "Calendario",
    "R-ID": "Identidad",
    "R-REP": "Informes y publicación",
}
HEAD = """\
# Las reglas de la ley, una por una

Esta página se genera con `python -m tests.rules.table` a partir de `tests/rules/`; no se edita a mano.

Cada fila dice qué norma se aplica, qué hace el sistema, qué función lo hace y qué pruebas lo comprueban. La orden
`make rules-mutate` apaga cada función, una por una, y exige que alguna de las pruebas de su propia fila falle: una
prueba que solo lleve el nombre de la regla queda al descubierto.

Los artículos se citan por el Texto Único Ordenado de la Ley 27444 (TUO, DS 004-2019-JUS) o por la propia ley (LPAG);
en el tramo que se usa aquí, el artículo del TUO es el de la LPAG más once.
"""
CAVEATS = """\
## Lo que un abogado debe confirmar

El sistema se escribió con material público. Lo que sigue no pudo leerse en su texto oficial completo, y por eso está
en la configuración o lleva un valor por defecto que se puede cambiar:

1. **Días no hábiles y hora de cierre.** No se leyeron completos los artículos 123.2 y 123.3 de la LPAG según la
   Ley 31465, ni los artículos 45 a 48 del reglamento (DS 029-2021-PCM) después del DS 098-2025-PCM. No consta si ese
   decreto retiró la regla del «fin del horario». Por eso cada institución elige entre la política A (vale el día del
   envío) y la B (vale el primer día hábil siguiente, por defecto); una hora de cierre no se puede configurar.
2. **Artículos citados sin su texto delante.** TUO 20.4, 24, 33, 35, 38, 39, 48, 126, 132, 133, 135.2, 136.6, 137,
   144, 145, 148, 149, 161 y 164, salvo fragmentos. Conviene cotejarlos antes de usar el sistema con efectos legales.
3. **Días no laborables por decreto.** Se conocen los publicados hasta el 2 de enero de 2026; los demás se registran
   cuando salen, con su norma. Que un día declarado no laborable deje de contar para un plazo es una lectura, apoyada
   en los artículos 145.1 y 148.1 del TUO, que en otras materias se discute.
4. **RUC sin confirmar.** Los de IGP, IIAP, INAIGEM, IPEN, MINSA, SIS, SUSALUD e INEN solo tienen verificado su dígito
   de control; en el directorio figuran como no verificados.
5. **Direcciones.** Las de la mayoría de sedes descentralizadas no se conocen: quedan en blanco, nunca se inventan.
6. **Contrato de la plataforma nacional.** Se conoce por programas públicos de terceros de 2024 y 2025, que coinciden
   entre sí; la especificación oficial de 2024 no pudo leerse.
7. **Sello de accesibilidad, plantilla de Facilita y estilo de gob.pe.** Sus criterios completos no se encontraron.
8. **Retención.** Ningún trámite registrado se borra. Los años que se guarda cada serie los fija el Programa de Control
   de Documentos de cada institución (normas del AGN); aquí solo se anota la serie.

El sello que llevan los documentos del sistema es un sello de integridad: no es una firma digital.
"""


def page() -> str:
    """The whole page."""
    table, tests = rules(), marked_tests()
    parts = [HEAD]
    for family in FAMILIES:
        parts.append(f"## {TITLES[family]} ({family})\n")
        parts.append("| Regla | Norma | Qué hace el sistema | Función | Pruebas |\n|---|---|---|---|---|")
        rows = [_row(rule, tests.get(code, ())) for code, rule in table.items() if code.rpartition("-")[0] == family]
        parts.append("\n".join(rows) + "\n")
    parts.append(_untestable())
    parts.append(CAVEATS)
    return "\n".join(parts)


def _row(rule: Rule, tests: tuple[str, ...]) -> str:
    module, _, name = rule.function.partition(":")
    cells = (rule.code, rule.norm, rule.does, f"`{name}`<br>en `{module}`", "<br>".join(_by_file(tests)))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _by_file(tests: tuple[str, ...]) -> list[str]:
    """Each file, and under it the names of its tests."""
    files: dict[str, list[str]] = {}
    for file, _, name in (test.partition("::") for test in tests):
        files.setdefault(file, []).append(f"`{name}`")
    return [f"en `{file}`:<br>{'<br>'.join(names)}" for file, names in files.items()]


def _untestable() -> str:
    if not UNTESTABLE:
        return f"## Lo que un programa no puede comprobar\n\nNada: las {len(CODES)} reglas tienen su prueba.\n"
    lines = ["## Lo que un programa no puede comprobar\n", "| Regla | Norma | Qué hace el sistema | Por qué |",
             "|---|---|---|---|"]  # fmt: skip
    lines += [f"| {row.code} | {row.norm} | {row.does} | {row.reason} |" for row in UNTESTABLE]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    missing = sorted(set(CODES) - set(rules()) - {row.code for row in UNTESTABLE}, key=CODES.index)
    print(f"{PAGE}: {len(rules())} reglas; faltan {len(missing)}: {', '.join(missing)}")
    sys.exit(1 if missing else 0)
