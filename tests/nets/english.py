"""The English that the kit says where nobody gives it words: none of it may reach a page."""

from lxml import html

WORDS = frozenset({
    "back", "breadcrumb", "cookie banner", "support links", "success", "important", "pagination", "show", "hide",
    "show password", "hide password", "menu", "contents", "warning", "skip to main content", "change", "error summary",
    "previous", "next", "search", "choose file", "choose files", "no file chosen", "enter date", "day", "month", "year",
    "service information", "exit this page", "success notification", "information", "loading", "submit",
})  # fmt: skip
"""A whole text or label that is one of these."""
PHRASES = (
    "there is a problem", "characters remaining", "you have ", "or drop file", "drop files", "drop zone", "optional)",
    "your password is", "show all sections", "hide all sections", "page 1 of", "previous page", "next page",
    "crown copyright", "gov.uk",
)  # fmt: skip
ATTRIBUTES = ("aria-label", "title", "alt", "placeholder", "data-i18n", "value")
SILENT = frozenset({"script", "style", "template"})


def english_in(page):
    """What is English in a page's source: its texts, its labels, its language and the kit's own colour."""
    tree = html.fromstring(page)
    found = [text for text in _texts(tree) if is_english(text)]
    if tree.get("lang") != "es-PE":
        found.append(f"lang={tree.get('lang')}")
    return found + [colour for colour in tree.xpath("//meta[@name='theme-color']/@content") if colour == "#1d70b8"]


def is_english(text):
    said = " ".join(text.split()).lower().strip(" :.")
    return said in WORDS or any(phrase in said for phrase in PHRASES)


def _texts(tree):
    for element in tree.iter():
        if not isinstance(element.tag, str) or element.tag in SILENT:
            continue
        yield from (text for text in (element.text, element.tail) if text and text.strip())
        for name, value in element.items():
            if name in ATTRIBUTES and value and element.get("type") not in ("hidden", "text", "search"):
                yield value
