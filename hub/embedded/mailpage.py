"""The pages of the demonstration's mail: a list, and a letter with its links to click. No scripts."""

import html
import re
from collections.abc import Iterable
from datetime import datetime
from email.utils import parsedate_to_datetime

from hub.core.calendar import LIMA
from hub.embedded.mailbox import Letter
from hub.embedded.smsbox import Sms

DAY_AND_HOUR = "%d/%m/%Y, %H:%M:%S"
_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")

STYLE = """
body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:0 auto;padding:1rem;color:#1b1b1b;background:#fff}
h1{font-size:1.4rem}a{color:#0b5c46}a:focus{outline:3px solid #ffbf47;outline-offset:2px}
ul{list-style:none;padding:0}li{border-top:1px solid #b9c4bf;padding:.7rem 0}
.quien,dt{color:#4a5551;font-size:.9rem}dd{margin:0 0 .4rem}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit;border:1px solid #b9c4bf;padding:1rem}
"""


def list_page(letters: Iterable[Letter]) -> str:
    """Every letter: subject, to whom, when."""
    rows = "".join(
        f'<li><a href="/mensajes/{letter.id}">{html.escape(letter.subject)}</a>'
        f'<div class="quien">Para {html.escape(letter.recipients)} · {html.escape(_written(letter))}</div></li>'
        for letter in letters
    )
    body = f"<ul>{rows}</ul>" if rows else "<p>Todavía no ha llegado ningún correo.</p>"
    intro = (
        "<p>Aquí llega todo el correo que envía esta demostración. Nada sale de esta máquina.</p>"
        '<p><a href="/sms">Ver los SMS de prueba</a></p>'
    )
    return _page("Correo de prueba", f"<h1>Correo de prueba</h1>{intro}{body}")


def sms_page(texts: Iterable[Sms]) -> str:
    """Every SMS: to whom, when, its text with the links made clickable."""
    rows = "".join(
        f'<li><div class="quien">Para {html.escape(sms.to)} · {_when(sms.at)}</div>'
        f"<pre>{_with_links(sms.text)}</pre></li>"
        for sms in texts
    )
    body = f"<ul>{rows}</ul>" if rows else "<p>Todavía no ha llegado ningún SMS.</p>"
    intro = (
        "<p>Aquí llega todo SMS que envía esta demostración. Nada sale de esta máquina.</p>"
        '<p><a href="/">Ver el correo de prueba</a></p>'
    )
    return _page("SMS de prueba", f"<h1>SMS de prueba</h1>{intro}{body}")


def _when(at: float) -> str:
    return datetime.fromtimestamp(at, LIMA).strftime(DAY_AND_HOUR)


def _written(letter: Letter) -> str:
    """When a letter says it was written, in the hour of Peru; as it stands where it is no date."""
    try:
        return parsedate_to_datetime(letter.date).astimezone(LIMA).strftime(DAY_AND_HOUR)
    except ValueError:
        return letter.date


def letter_page(letter: Letter) -> str:
    """One letter, its text with the links made clickable, its attachments to download."""
    heads = (("De", letter.sender), ("Para", letter.recipients), ("Fecha", _written(letter)))
    fields = "".join(f"<dt>{name}</dt><dd>{html.escape(value)}</dd>" for name, value in heads)
    files = "".join(
        f'<li><a href="/mensajes/{letter.id}/adjuntos/{number}">{html.escape(one.name)}</a> '
        f"({len(one.content)} bytes)</li>"
        for number, one in enumerate(letter.attachments)
    )
    attached = f"<h2>Adjuntos</h2><ul>{files}</ul>" if files else ""
    return _page(
        letter.subject,
        f'<p><a href="/">Todos los correos</a></p><h1>{html.escape(letter.subject)}</h1>'
        f"<dl>{fields}</dl><pre>{_with_links(letter.text)}</pre>{attached}",
    )


def missing_page() -> str:
    return _page("No existe", '<h1>Esa página no existe</h1><p><a href="/">Todos los correos</a></p>')


def _with_links(text: str) -> str:
    """Escape everything, and wrap what looks like an http address in a link."""
    pieces, end = [], 0
    for match in _LINK.finditer(text):
        address = html.escape(match[0])
        pieces += [html.escape(text[end : match.start()]), f'<a href="{address}" rel="noreferrer">{address}</a>']
        end = match.end()
    return "".join([*pieces, html.escape(text[end:])])


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="es"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{html.escape(title)}</title><link rel="stylesheet" href="/estilo.css"></head>'
        f"<body><main>{body}</main></body></html>"
    )
