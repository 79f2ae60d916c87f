"""The language of the pages for citizens: Spanish, and what people have given us of another.

A sentence that nobody has translated stays in Spanish, and the page says so. Each sentence is marked with the language
it is in (WCAG 3.1.2); a page of which everything is translated is in that language as a whole (3.1.1).
"""

import re
from functools import cache
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, Response, current_app, g, redirect, render_template, request
from flask_babel import Babel, Domain

from hub.extensions import services
from hub.guards import roles_of

SPANISH = "es"
NAMES = {SPANISH: "Castellano", "qu": "Runasimi"}
"""Each language by its own name (CLDR)."""
PLACES = frozenset({"citizen", "filing", "casilla", "guide", "observing", "evidence", "recovery"})
"""The doors of citizens whose sentences are prepared for translation."""
ASKED = "idioma"
"""The name of what the address asks for, and of the cookie that keeps it."""
KEPT_FOR = 365 * 24 * 3600
FOLDER = Path(__file__).parent / "translations"
_FROM, _TO = "\ufdd0", "\ufdd1"
_PIECE = re.compile(r"<!--.*?-->|<(script|style|title|option|textarea)\b.*?</\1>|<[^>]*>", re.DOTALL)
_MARKED = re.compile(f"{_FROM}([^{_FROM}{_TO}]*){_TO}")
NOTE = "<!--idioma-->"


@cache
def catalogue(folder: Path, language: str) -> NullTranslations:
    """What was given of a language; of none, everything stays as it is."""
    file = folder / language / "LC_MESSAGES" / "messages.po"
    if not file.is_file():
        return NullTranslations()
    given, compiled = Catalog(locale=language), BytesIO()
    with file.open("rb") as written:
        for one in read_po(written, locale=language):
            if one.id and not one.fuzzy and all([one.string] if isinstance(one.string, str) else one.string):
                given.add(one.id, one.string, context=one.context)
    write_mo(compiled, given)
    return Translations(BytesIO(compiled.getvalue()))


class _Telling(NullTranslations):
    """Says what is translated between two marks, and counts what is and what is not."""

    def __init__(self, known: NullTranslations) -> None:
        super().__init__()
        self._known = known
        self._words = getattr(known, "_catalog", {})

    def ugettext(self, message: str) -> str:
        return _told(self._known.ugettext(message), message in self._words)

    def ungettext(self, singular: str, plural: str, num: int) -> str:
        return _told(self._known.ungettext(singular, plural, num), (singular, 0) in self._words)

    gettext, ngettext = ugettext, ungettext


def _told(said: str, is_translated: bool) -> str:
    g.said = {*g.get("said", ()), is_translated}
    return f"{_FROM}{said}{_TO}" if is_translated else said


class _Sentences(Domain):
    def get_translations(self) -> NullTranslations:
        return _Telling(catalogue(_folder(), g.language)) if g and g.get("language") else NullTranslations()


def _folder() -> Path:
    folder: Path = current_app.config.get("TRANSLATIONS", FOLDER)
    return folder


def offered() -> tuple[str, ...]:
    """The languages besides Spanish: those of the setting, and those of which at least one sentence was given."""
    wanted = services().settings.languages.split()
    return tuple(one for one in NAMES if one != SPANISH and (one in wanted or _has_words(_folder(), one)))


def _has_words(folder: Path, language: str) -> bool:
    return any(key for key in getattr(catalogue(folder, language), "_catalog", {}))


def install(app: Flask, babel: Babel) -> None:
    """Call once, after Babel: its sentences come from here."""
    babel.domain_instance = _Sentences()
    app.before_request(_choose)
    app.after_request(_finish)
    app.context_processor(_switch)


def _choose():
    """Keep the language that the address asks for, and speak the one that is kept, where it is spoken."""
    if request.method == "GET" and (asked := request.args.get(ASKED)) in NAMES:
        kept = [(name, one) for name, one in request.args.items(multi=True) if name != ASKED]
        answer = redirect(request.path + (f"?{urlencode(kept)}" if kept else ""), 303)
        secure = services().settings.public_url.startswith("https://")
        answer.set_cookie(ASKED, asked, max_age=KEPT_FOR, secure=secure, httponly=True, samesite="Lax")
        return answer
    wanted = request.cookies.get(ASKED, SPANISH)
    if _is_spoken_here() and wanted != SPANISH and wanted in offered():
        g.language = wanted
    return None


def _is_spoken_here() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return request.blueprint in PLACES and roles_of(view) is None


def _switch() -> dict[str, object]:
    """What the foot of a page needs: the other languages, and the address that asks for each."""
    if request.method != "GET" or not _is_spoken_here():
        return {}
    here, kept = g.get("language", SPANISH), list(request.args.items(multi=True))
    others = [one for one in (SPANISH, *offered()) if one != here]
    links = [(one, NAMES[one], f"?{urlencode([*kept, (ASKED, one)])}") for one in others]
    return {"languages": links}


def _finish(answer: Response) -> Response:
    """Turn the marks into `lang`, and say what is not translated."""
    if g.get("language") and not answer.is_streamed and not answer.direct_passthrough:
        text = answer.get_data(as_text=True)
        answer.set_data(finished(text) if answer.mimetype == "text/html" else _bare(text))
    return answer


def finished(page: str) -> str:
    """A page with every sentence marked by its language."""
    language, said = g.language, set(g.get("said", ()))
    if False not in said:
        return _bare(page).replace('lang="es-PE"', f'lang="{language}"', 1)
    note = render_template("macros/language_note.html", is_partly=True in said)
    page, at, pieces = page.replace(NOTE, note, 1), 0, []
    for tag in _PIECE.finditer(page):
        pieces += [_in_spans(page[at : tag.start()], language), _bare(tag[0])]
        at = tag.end()
    return "".join((*pieces, _in_spans(page[at:], language)))


def _in_spans(text: str, language: str) -> str:
    return _bare(_MARKED.sub(rf'<span lang="{language}">\1</span>', text))


def _bare(text: str) -> str:
    return text.replace(_FROM, "").replace(_TO, "")
