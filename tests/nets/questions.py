"""What the pages of a walk ask by what stands behind a question mark: of their links, and of their forms that look."""

from urllib.parse import parse_qsl, urljoin, urlsplit

from lxml import html

from tests.nets.crawler import HERE

TYPED = ("pagina", "persona", "dias", "desde", "hasta", "antes", "dia", "mes", "numero")
"""Names that links show only where there is more than one page holds, or that people type by hand."""
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
