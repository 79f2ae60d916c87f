"""The load: clerks in a process of their own, closed loop (as fast as answers come) or open loop (at a set rate).

python -m tests.bench.load --host H --port P --cookie C --csrf T --seconds S [--rate R] [--clients N]
Prints one JSON line: how many filings were taken, how many were refused, and the seconds that posting took.
"""

import argparse
import http.client
import json
import threading
import time
from uuid import uuid4

from tests.bench.papers import pdf_of

DESTINATIONS = ("igp", "senace")
RUN = uuid4().hex[:8]
"""Two runs hand in different papers: the same one twice would be asked about."""


class Clerk:
    """One connection, kept open. `cookie` and `csrf` are those of a clerk who has signed in."""

    def __init__(self, options):
        self.options = options
        self.connection = http.client.HTTPConnection(options.host, options.port, timeout=60)
        self.boundary = uuid4().hex
        self.headers = {
            "Content-Type": f"multipart/form-data; boundary={self.boundary}",
            "Cookie": options.cookie,
            "Accept": "text/html",
        }

    def file(self, number):
        """Post one filing; True if it was taken."""
        subject = f"Escrito de medida {RUN}-{number}"
        form = {
            "csrf_token": self.options.csrf,
            "form_token": str(uuid4()),
            "destination": DESTINATIONS[number % len(DESTINATIONS)],
            "person_type": "natural",
            "document_kind": "dni",
            "document_number_of_person": "10117410",
            "names": "Ana Quispe Ñahui",
            "phone": "987654321",
            "document_type": "solicitud",
            "document_number": "s/n",
            "subject": subject,
            "folios": "1",
        }
        parts = [
            f'--{self.boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in form.items()
        ]
        parts.append(
            f'--{self.boundary}\r\nContent-Disposition: form-data; name="main_document"; filename="solicitud.pdf"\r\n'
            "Content-Type: application/pdf\r\n\r\n".encode()
        )
        parts += [pdf_of(subject), f"\r\n--{self.boundary}--\r\n".encode()]
        try:
            self.connection.request("POST", "/mesa-de-partes/recepcion", b"".join(parts), self.headers)
            answer = self.connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            return False
        return answer.status == 303


class Tally:
    def __init__(self):
        self.lock = threading.Lock()
        self.taken, self.refused, self.waits = 0, 0, []

    def add(self, was_taken, seconds):
        with self.lock:
            self.taken += was_taken
            self.refused += not was_taken
            self.waits.append(seconds)


def closed_loop(options, tally):
    ends = time.monotonic() + options.seconds

    def work(first):
        clerk, number = Clerk(options), first
        while time.monotonic() < ends:
            began = time.monotonic()
            tally.add(clerk.file(number), time.monotonic() - began)
            number += options.clients

    _in_threads(options.clients, work)


def open_loop(options, tally):
    """Arrivals come at their instant whether or not the answer before has come; a late start counts as waiting."""
    begins, total = time.monotonic(), int(options.rate * options.seconds)
    lock, state = threading.Lock(), {"next": 0}

    def work(_):
        clerk = Clerk(options)
        while True:
            with lock:
                number = state["next"]
                state["next"] += 1
            if number >= total:
                return
            due = begins + number / options.rate
            time.sleep(max(0.0, due - time.monotonic()))
            tally.add(clerk.file(number), time.monotonic() - due)

    _in_threads(options.clients, work)


def _in_threads(count, work):
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main():
    parser = argparse.ArgumentParser()
    for name in ("host", "cookie", "csrf"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--rate", type=float, default=0.0)
    parser.add_argument("--clients", type=int, default=8)
    options = parser.parse_args()
    tally, began = Tally(), time.monotonic()
    (open_loop if options.rate else closed_loop)(options, tally)
    waits = sorted(tally.waits) or [0.0]
    print(
        json.dumps(
            {
                "taken": tally.taken,
                "refused": tally.refused,
                "seconds": time.monotonic() - began,
                "post_p50": waits[len(waits) // 2],
                "post_p95": waits[int(len(waits) * 0.95)],
            }
        )
    )


if __name__ == "__main__":
    main()
