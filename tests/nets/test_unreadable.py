"""What the database cannot be asked for, put into everything that an address of any page says: no error of ours."""

from urllib.parse import parse_qsl, urljoin, urlsplit

from lxml import html

from tests.nets.crawler import HERE

TYPED = ("pagina", "persona", "dias", "desde", "hasta", "antes", "dia", "mes", "numero")
"""Names that links show only where there is more than one page holds, asked of every page that asks anything."""
NUMBERS = ("9" * 20, "9" * 4_000)
ENDLESS = {"/tablero/vivo"}


def questions(app, walks):
    """{route: (who, a path of it, the names that links and forms put behind its question mark)}."""
    router, found = app.url_map.bind("localhost"), {}
    for who, walk in walks.items():
        for came_from, source in walk.pages.items():
            for address, names in _asked(came_from, source):
                path = urlsplit(address).path
                if address.startswith(HERE) and names and path not in ENDLESS and router.test(path, "GET"):
                    endpoint = router.match(path, "GET")[0]
                    found.setdefault(endpoint, (who, path, set()))[2].update(names)
    return found


def _asked(came_from, source):
    tree, here = html.fromstring(source), HERE + came_from
    for href in tree.xpath("//a/@href"):
        yield urljoin(here, href), [name for name, _ in parse_qsl(urlsplit(href).query, keep_blank_values=True)]
    for form in tree.xpath("//form[not(translate(@method, 'POST', 'post')='post')]"):
        yield urljoin(here, form.get("action") or came_from), form.xpath(".//*[@name]/@name")


def test_no_address_asks_the_database_what_it_cannot_be_asked(town, walks, visitors):
    asked, wrong = questions(town.app, walks), []
    assert {"trail.search", "dashboard.show", "tray.list_filings", "sector.board"} <= set(asked)
    for who, path, names in asked.values():
        for name in sorted(names):
            answer = visitors[who].get(path, query_string={name: "a\0b"})
            if answer.status_code != 400 or "No entendimos" not in answer.text:
                wrong.append((path, name, answer.status_code))
        for number in NUMBERS:
            with visitors[who].get(path, query_string=dict.fromkeys({*names, *TYPED}, number)) as answer:
                if answer.status_code >= 500:
                    wrong.append((path, number[:30], answer.status_code))
    assert wrong == []
