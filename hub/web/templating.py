"""How templates are rendered: as Flask and its Babel do, with less work for each import and each sentence.

A list says hundreds of sentences and imports dozens of macros; what is the same for all of them is done once.
"""

from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any

from flask import g
from flask.templating import Environment
from flask_babel import get_translations
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup


class Templates(Environment):
    """The environment of the pages. Its globals are set before the first template is loaded, and not by template."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """One dictionary for all: each import compares its names with those of the page, which a chain does slowly."""
        return super().make_globals(d) if d else self.globals


def teach(jinja: Environment) -> None:
    """Let templates say sentences. Call once, after Babel was installed."""
    jinja.globals.update(_=_said, gettext=_said, ngettext=_said_of)


@pass_context
def _said(context: Context, message: str, /, **values: Any) -> str:
    """A sentence with its values, escaped where the template is; the sentence itself is ours."""
    told = get_translations().ugettext(message) if _is_translated() else message
    if not context.eval_ctx.autoescape:
        return told % values
    return Markup(told) % values if values else _plain(told)  # noqa: S704


@pass_context
def _said_of(context: Context, singular: str, plural: str, num: int, /, **values: Any) -> str:
    """The same of a number of things, which is the value `num`."""
    told = get_translations().ungettext(singular, plural, num) if _is_translated() else _numbered(singular, plural, num)
    values.setdefault("num", num)
    return Markup(told) % values if context.eval_ctx.autoescape else told % values  # noqa: S704


def _is_translated() -> bool:
    """The page speaks another language than the one that its sentences are written in."""
    return bool(g and g.get("language"))


def _numbered(singular: str, plural: str, num: int) -> str:
    return singular if num == 1 else plural


@lru_cache(maxsize=4096)
def _plain(told: str) -> Markup:
    """A sentence without values; "%%" in it is a "%"."""
    return Markup(told) % {}  # noqa: S704
