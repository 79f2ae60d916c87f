"""Dresses the application: language, templates and their filters, headers, forged forms refused, error pages."""

import json
from pathlib import Path

from flask import Flask, url_for
from flask_babel import Babel
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from hub.clock import now
from hub.core.grammar import begun, of, the, to
from hub.core.identifiers import mask
from hub.web import dates, declared_words, languages, sentences, templating, term_words
from hub.web.errors import register_error_pages
from hub.web.journey import is_delayed, places
from hub.web.packing import pack
from hub.web.security import guard_answers
from hub.web.status_words import DELAYED
from hub.web.whereabouts import whereabouts

STATIC = Path(__file__).parent / "static"
TEMPLATES = Path(__file__).parent / "templates"

babel = Babel()


def dress(app: Flask) -> None:
    """Give `app` (made with STATIC as its static folder) what its pages need. Call once, before the blueprints."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "es_PE")
    app.config.setdefault("BABEL_DEFAULT_TIMEZONE", "America/Lima")
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # a clerk may leave the form open all morning
    app.jinja_environment = templating.Templates
    babel.init_app(app, locale_selector=lambda: "es_PE")  # days and numbers stay Peru's
    languages.install(app, babel)
    guard_answers(app)
    pack(app)
    register_error_pages(app)
    _teach_templates(app)


def _teach_templates(app: Flask) -> None:
    jinja = app.jinja_env
    app.jinja_loader = ChoiceLoader((  # type: ignore[assignment]
        PackageLoader("hub.web", "templates"),
        PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
    ))
    templating.teach(jinja)
    jinja.trim_blocks = jinja.lstrip_blocks = True
    jinja.filters.update(
        instant=dates.instant, instant_short=dates.instant_short, instant_exact=dates.instant_exact,
        time_tag=dates.time_tag, day=dates.day, ago=dates.ago, span=dates.span,
        label=sentences.label, words=sentences.words, size=size, limit=rounded,
        way=declared_words.way, declared_thing=declared_words.thing,
        document_type=sentences.document_type, document_kind=sentences.document_kind,
        message_kind=sentences.message_kind, attempt_words=sentences.attempt_words,
        mask=mask, as_text=as_text, channel=sentences.channel, step=sentences.step,
    )
    names = json.loads((STATIC / "manifest.json").read_text(encoding="utf-8"))
    jinja.globals.update(
        asset=lambda name: url_for("static", filename=names.get(name, name)),
        say=sentences.say, begun=begun, of=of, the=the, to=to,
        term_tag=term_words.standing_words, term_brief=term_words.brief_words,
        term_today=term_words.today, term_of=term_words.term_of, what_follows=term_words.what_follows,
        delayed_words=DELAYED, is_delayed=is_delayed, places=places, whereabouts=whereabouts,
    )
    app.context_processor(lambda: {"now": now()})


SHOWN_BYTES = 100_000


def as_text(raw: bytes) -> str:
    """A partner's bytes to be read on a page: what is not UTF-8 shows as a mark, what is long is cut."""
    text = raw[:SHOWN_BYTES].decode("utf-8", errors="replace")
    return text if len(raw) <= SHOWN_BYTES else f"{text}\n[…] {size(len(raw))}"


def size(length: int) -> str:
    """Bytes as trays of documents show them: "562.47 kB", "3.10 MB" (thousands; Peru writes a decimal point)."""
    if length < 1000:
        return f"{length} bytes"
    value, unit = length / 1000, "kB"
    for unit in ("kB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            break
        value /= 1000
    return f"{value:.2f} {unit}"


def rounded(length: int) -> str:
    """A limit as it is published, "10 MB": its megabytes are those of a computer, 1024 times 1024."""
    megabytes = length / 1024**2
    if megabytes >= 1024:
        return f"{megabytes / 1024:g} GB"
    return f"{megabytes:g} MB" if megabytes >= 1 else size(length)
