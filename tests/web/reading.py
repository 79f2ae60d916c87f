"""Reading a page as a person does: what stands beside a field, what stands at its top."""

from lxml import html


def beside(page, field):
    """The sentence beside a field, "" where there is none."""
    found = html.fromstring(page).xpath(f'//*[@id="{field}-error"]')
    return " ".join(found[0].text_content().split()).removeprefix("Error:").strip() if found else ""


def on_top(page):
    """The sentences of the box at the top of the page."""
    boxes = html.fromstring(page).find_class("govuk-error-summary__list")
    return [" ".join(item.text_content().split()) for box in boxes for item in box.iter("li")]


def text_of(page):
    """All that the page says."""
    return " ".join(html.fromstring(page).xpath("//main")[0].text_content().split())


def all_pages(visitor, path, page=1):
    """What a list says on all its pages: many tests file in one house. `path` has a query."""
    text = visitor.get(f"{path}&pagina={page}").text
    return text + (all_pages(visitor, path, page + 1) if f"pagina={page + 1}" in text else "")
