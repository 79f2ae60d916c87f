"""The report of a run: as JSON, which is what is signed, and as a page for people."""

from html import escape
from typing import Any

from adapters.conformance.values import Judged, Report, Result
from hub.core.calendar import LIMA

_PAGE = """<!doctype html>
<html lang="es">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Informe de conformidad de {name}</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #0b0c0c; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ border-bottom: 1px solid #b1b4b6; padding: .5rem; text-align: left; vertical-align: top; }}
caption {{ text-align: left; font-weight: bold; padding: .5rem 0; }}
.no {{ font-weight: bold; color: #b10e1e; }}
dd {{ margin-left: 0; overflow-wrap: anywhere; }}
dt {{ font-weight: bold; }}
@media (max-width: 40rem) {{
  thead {{ position: absolute; width: 1px; height: 1px; overflow: hidden; }}
  tr, th, td {{ display: block; border: 0; padding: .125rem 0; overflow-wrap: anywhere; }}
  tr {{ border-bottom: 1px solid #b1b4b6; padding: .5rem 0; }}
  td:empty {{ display: none; }}
}}
pre {{ white-space: pre-wrap; overflow-wrap: anywhere; }}
</style>
<h1>Informe de conformidad de {name}</h1>
<p><strong>{verdict}</strong></p>
<dl>
<dt>RUC</dt><dd>{ruc}</dd>
<dt>Medio y dirección</dt><dd>{way}, {address}</dd>
<dt>Fecha</dt><dd><time datetime="{at}">{shown}</time></dd>
</dl>
<table>
<caption>Casos</caption>
<thead><tr><th scope="col">Caso</th><th scope="col">Qué se prueba</th><th scope="col">Resultado</th>
<th scope="col">Qué pasó</th><th scope="col">Dónde lo dice el contrato</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
<h2>Firma</h2>
<p>Un JWS compacto (typ mesa-conformidad+jws) sobre el mismo contenido en JSON, con el certificado de la mesa.</p>
<details><summary>Ver la firma</summary>
<pre>{signature}</pre>
</details>
</html>
"""


def to_json(report: Report) -> dict[str, Any]:
    """What is signed: whom it is about, what was judged and what came of it."""
    return {
        "v": 1,
        "entidad": {"codigo": report.entity_code, "ruc": report.ruc, "nombre": report.name},
        "medio": report.way,
        "direccion": report.address,
        "fecha": report.made_at.isoformat(),
        "aprobado": report.has_passed,
        "casos": [
            {
                "caso": one.case.number, "titulo": one.case.title, "clausula": one.case.clause,
                "resultado": one.result.value, "detalle": one.said, "segundos": one.seconds,
            }
            for one in report.judged
        ],
    }  # fmt: skip


def to_html(report: Report, signature: str) -> str:
    """The same for people; it stands alone, with its signature at the end."""
    return _PAGE.format(
        name=escape(report.name),
        verdict=verdict(report),
        ruc=escape(report.ruc),
        way=escape(report.way),
        address=escape(report.address),
        at=report.made_at.isoformat(timespec="seconds"),
        shown=f"{report.made_at.astimezone(LIMA):%d/%m/%Y, %H:%M} (hora de Lima)",
        rows="\n".join(_row(one) for one in report.judged),
        signature=escape(signature),
    )


def verdict(report: Report) -> str:
    """One sentence."""
    if report.has_passed:
        return "Cumple: su sistema puede conectarse."
    return f"Todavía no cumple: {', '.join(report.failed) or 'hay casos que no se probaron'}."


def _row(one: Judged) -> str:
    shown = f'<span class="no">{one.result}</span>' if one.result is Result.FAILED else str(one.result)
    cells = (escape(one.case.title), shown, escape(one.said), escape(one.case.clause))
    return f'<tr><th scope="row">{one.case.number}</th>' + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def line(one: Judged) -> str:
    """One case for a terminal."""
    said = f": {one.said}" if one.said else ""
    return f"{one.case.number}  {one.result:<15} {one.case.title}{said}"
