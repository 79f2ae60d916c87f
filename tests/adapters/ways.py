"""The ways that the contract cases go: an adapter, its partner, and the institution at the other end."""

import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from adapters.iotramite import Iotramite
from adapters.rest import Rest
from adapters.sealed import Seat
from adapters.soap import Soap
from tests.adapters.parcels import SMALL, make_parcel, partner
from tests.fixtures.hub_stub import HubStub
from tests.fixtures.sandbox import HUB_RUC, Sandbox

TIMEOUT = 1.0
PACE = {
    "rest": {"register_after": 0.1, "process_after": -1, "answer_after": -1, "retry_first": 0.1},
    "soap": {"register_after": 0.1, "process_after": -1, "answer_after": -1, "retry_first": 0.1},
    "iotramite": {"register_after": 0.1, "retry_first": 0.1},
}
CODES = {"rest": "igp", "soap": "senace", "iotramite": "oefa"}


@dataclass
class Way:
    """`adapter` as the worker has it, and a sandbox institution (its hub is `hub`) where the cases look."""

    name: str
    adapter: Any
    partner: Any
    institution: Sandbox
    hub: HubStub
    signer: Any
    timeout: float = TIMEOUT
    patience: float = 5.0

    def parcel(self, contents=(SMALL,), **header):
        return make_parcel(self.hub, self.signer, self.partner, contents, **header)

    def held(self, cuo=None):
        return self.institution.held(cuo)

    def control(self, **switches):
        self.institution.control(**switches)

    def eventually(self, find):
        """What `find()` gives once it is true; what it gives in the end where patience is over."""
        ends = time.monotonic() + self.patience
        while not (found := find()) and time.monotonic() < ends:
            time.sleep(0.05)
        return found

    def let_register(self, cuo):
        """The institution registers by itself, a moment after it took the paper."""


@contextmanager
def open_way(name, keys, folder, **options):
    """A running institution and the adapter to it. Its hub takes what it says, so that it can register in peace."""
    hub = HubStub()
    institution = Sandbox(name, CODES[name], folder, keys, hub.url, options={**PACE[name], **options})
    try:
        institution.start()
        to = partner(institution.code, name, institution.url)
        yield Way(name, ADAPTERS[name](keys), to, institution, hub, keys.hub_signer())
    finally:
        institution.stop()
        hub.close()


def iotramite(keys):
    return Iotramite(transfer_sheet=lambda parcel: SMALL, now=lambda: datetime.now(UTC), timeout=TIMEOUT)


def signed(kind):
    """One of the two adapters of our own contract, which believe what the demo keys' owners sign."""

    def make(keys):
        seat = Seat(keys.trust, keys.hub_signer("token"), lambda: HUB_RUC, lambda: datetime.now(UTC))
        return kind(seat, TIMEOUT)

    return make


ADAPTERS = {"rest": signed(Rest), "soap": signed(Soap), "iotramite": iotramite}
