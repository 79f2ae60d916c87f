"""The catalogue of a language: `python -m tests.nets.words` writes what the citizen's screens say into each .po.

What people gave stays; a sentence that is new, or that changed, waits for its translation.
"""

from datetime import UTC, datetime

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from hub.web.languages import FOLDER, NAMES, SPANISH

DOORS = ("citizen", "filing", "casilla", "guide", "evidence", "macros", "errors")
"""Folders of templates that a citizen reads without an account."""
MODULES = (
    "auth", "citizen", "dates", "districts", "evidence", "evidence_fields", "journey", "notice_fields",
    "observing_fields", "problems", "recovery", "sentences", "status_words", "term_words", "timeline", "whereabouts",
)  # fmt: skip
METHODS = [
    *((f"templates/{door}/**.html", "jinja2") for door in DOORS),
    ("templates/base.html", "jinja2"), ("templates/observing/filer.html", "jinja2"),
    ("templates/observing/parts.html", "jinja2"),
    *((f"{module}.py", "python") for module in MODULES), ("filing/**.py", "python"),
]  # fmt: skip
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None, "say": None, "_l": None}
OPTIONS = {"templates/**": {"trimmed": "false", "silent": "false"}}
HEAD = """\
# What the screens for citizens say, for whoever translates it.
# Leave a sentence empty where you are not sure: it is shown in Spanish, and the page says so."""


def said():
    """Everything that the citizen's screens say, untranslated."""
    found = Catalog(charset="utf-8", fuzzy=False)
    for _file, _line, message, comments, context in extract_from_dir(
        FOLDER.parent, method_map=METHODS, options_map=OPTIONS, keywords=KEYWORDS
    ):
        found.add(message, auto_comments=comments, context=context)
    return found


def kept(language):
    """The catalogue of a language as it stands."""
    with (FOLDER / language / "LC_MESSAGES" / "messages.po").open("rb") as written:
        return read_po(written, locale=language)


def _write(language):
    file = FOLDER / language / "LC_MESSAGES" / "messages.po"
    known = kept(language) if file.exists() else Catalog(locale=language)
    known.header_comment, known.charset, known.fuzzy = HEAD, "utf-8", False
    known.project, known.version = "Mesa Integrada", "1"
    known.msgid_bugs_address = known.last_translator = known.language_team = ""
    known.update(said(), no_fuzzy_matching=True)
    known.creation_date = known.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as out:
        write_po(out, known, no_location=True, sort_output=True, width=100, ignore_obsolete=False)


if __name__ == "__main__":
    for one in NAMES:
        if one != SPANISH:
            _write(one)
