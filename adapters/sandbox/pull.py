"""An institution without an open port: `python -m adapters.sandbox.pull --help`. It fetches what waits for it.

The port that it prints is for a person of this machine to look at (/control/held); the hub never calls it.
"""

import json
import logging
import threading
from urllib.parse import urlsplit

from adapters.sandbox.calls import CREDENTIAL, NotTaken, Unreachable, no_good
from adapters.sandbox.door import run
from adapters.sandbox.institution import Institution
from adapters.sandbox.options import institution_from
from adapters.sandbox.problems import Refused
from adapters.sandbox.rest import RestDoor, carry_over_rest

EVERY = 1.0
"""Seconds between two looks at the list."""
log = logging.getLogger("sandbox")


class Fetcher:
    """Asks for the list, takes each message as if it had been brought, and says that it has it."""

    def __init__(self, institution: Institution) -> None:
        self.institution, self.etag, self.stopping = institution, "", threading.Event()
        self.refused: set[str] = set()
        self.api = f"{institution.who.hub_url}/api/v1"

    def work(self) -> None:
        while not self.stopping.wait(EVERY):
            try:
                self.look()
            except (Unreachable, Refused) as error:
                self.etag = ""
                log.warning("again in %s s: %s", EVERY, error)

    def look(self) -> None:
        """One look: nothing to do where the list is as it was. Raises Unreachable, and Refused by us for a message."""
        refused = self.institution.refusals.names()
        is_same = self.etag and refused == self.refused
        headers = self._credential() | ({"If-None-Match": self.etag} if is_same else {})
        with self.institution.caller.exchange("GET", f"{self.api}/mensajes", headers) as response:
            body, etag = response.read(), response.headers.get("ETag", "")
            if response.status == 304:
                return
            if response.status != 200:
                raise Unreachable(f"{response.status} {body[:500]!r}")
        is_whole = self.go_through(json.loads(body), refused)
        self.etag, self.refused = etag if is_whole else "", self.institution.refusals.names()

    def go_through(self, page: dict, refused: set[str]) -> bool:
        """Take what waits, page after page; True where it was one page, of which its ETag says everything.

        What is refused for good stays at the head of the list: whoever read the first page alone would see nothing
        else one day.
        """
        is_whole = not page["siguiente"]
        while True:
            for waiting in page["mensajes"]:
                if waiting["id"] not in refused:
                    self.take_or_leave(waiting)
            if not page["siguiente"]:
                return is_whole
            following = urlsplit(page["siguiente"]).query  # at the address that we were given, not at another
            page = json.loads(self._call("GET", f"{self.api}/mensajes?{following}", 200))

    def take_or_leave(self, waiting: dict) -> None:
        """What can never be settled, refused by the hub or by us, waits for a person and holds up nothing else."""
        try:
            self.take(waiting)
        except (NotTaken, Refused) as error:
            if isinstance(error, Refused) and error.problem.is_temporary:
                raise
            refusal = error if isinstance(error, NotTaken) else NotTaken(error.code, error.detail)
            self.institution.refusals.note(waiting["id"], waiting.get("cuo", ""), waiting["tipo"], refusal)
            log.error("%s of %s is refused for good, not taken again: %s", waiting["tipo"], waiting["id"], error)

    def take(self, waiting: dict) -> None:
        """A Sobre is confirmed with its Acuse, once its documents are here; what is told about ours, with a PUT."""
        place = f"{self.api}/mensajes/{waiting['id']}"
        message = self._call("GET", place, 200)
        if waiting["tipo"] == "sobre":
            acuse = self.institution.receive(message)
            if acuse:
                carry_over_rest(self.institution, acuse)
        else:
            self.institution.told_of(message)
            self._call("PUT", f"{place}/recibido", 204)

    def _call(self, method: str, url: str, expected: int) -> bytes:
        status, body = self.institution.caller.call(method, url, self._credential())
        if status == CREDENTIAL:
            raise Unreachable(f"{method} {url}: {status} {body[:500]!r}")
        if status != expected:
            raise no_good(f"{method} {url}", status, body)
        return body

    def _credential(self) -> dict[str, str]:
        who = self.institution.who
        return {"Authorization": f"Bearer {self.institution.own.token(who.ruc, who.hub_ruc)}"}


def main() -> None:
    port, institution = institution_from(__doc__)
    fetcher = Fetcher(institution)
    threading.Thread(target=fetcher.work, daemon=True).start()
    run(port, RestDoor, institution, lambda message: carry_over_rest(institution, message))


if __name__ == "__main__":
    main()
