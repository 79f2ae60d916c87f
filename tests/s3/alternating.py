"""A browser in front of which the proxy gives each request to another web process."""

from itertools import cycle
from urllib.parse import urlsplit

import requests

from tests.bench.giant_ways import Citizen
from tests.web.citizen import DOCUMENT, DRAFT, PERSON


class Alternating(requests.Session):
    """`urls` are the web processes, one after the other; `door` is only what a page is asked by."""

    def __init__(self, urls, cookies=None):
        super().__init__()
        self.turns = cycle([urlsplit(url).netloc for url in urls])
        if cookies is not None:
            self.cookies = cookies

    def request(self, method, url, *args, **more):
        url = urlsplit(url)._replace(netloc=next(self.turns)).geturl()
        return super().request(method, url, *args, **more)


class Walker(Citizen):
    """A citizen of the portal whose every request is answered by the next web process."""

    def __init__(self, urls, code="igp"):
        super().__init__(urls[0], code)
        self.sender.browser = self.browser = Alternating(urls, self.sender.browser.cookies)

    def types(self, subject):
        self.says("para-que", purpose="general")
        self.says("quien", **PERSON)
        self.says("contacto", phone="987654321")
        self.says("documento", **DOCUMENT | {"subject": subject})

    def piece(self, path, offset, data):
        return self.sender.piece(path, offset, data)

    def brings(self, name, content, role="annexes", piece=4 * 1024 * 1024):
        """A file in pieces, as the page's script sends it when nothing goes wrong."""
        path = self.sender.begin(name, len(content), role).headers["Location"]
        for offset in range(0, len(content), piece):
            answer = self.piece(path, offset, content[offset : offset + piece])
            assert answer.status_code == 204, (answer.status_code, answer.text)
        return path

    def presents(self):
        self.says("revisar", declaration="si")

    def get(self, path, **more):
        return self.browser.get(self.url + path, timeout=60, **more)

    def post(self, page, **typed):
        typed = {"csrf_token": self.sender.csrf} | typed
        return self.browser.post(f"{self.url}{DRAFT}/{page}", typed, timeout=60, allow_redirects=False)
