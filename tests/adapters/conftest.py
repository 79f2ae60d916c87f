"""Institutions to knock at, and parcels for them."""

import pytest

from tests.adapters.institution import NEVER
from tests.adapters.parcels import make_parcel, partner
from tests.fixtures.hub_stub import HubStub
from tests.fixtures.sandbox import Sandbox


@pytest.fixture
def signer(keys):
    return keys.hub_signer()


@pytest.fixture(scope="module")
def calm(keys, tmp_path_factory):
    """One institution for the tests that only knock: (institution, make a parcel for it)."""
    hub = HubStub()
    igp = Sandbox("rest", "igp", tmp_path_factory.mktemp("igp"), keys, hub.url, options=NEVER).start()
    to, signer = partner("igp", "rest", igp.url), keys.hub_signer()
    yield igp, lambda **changes: make_parcel(hub, signer, to, **changes)
    igp.stop()
    hub.close()


@pytest.fixture
def parcel_for(hub_stub, signer):
    """parcel_for(institution, ...) -> a Parcel signed by the hub, its documents at the stub."""

    def make(institution, *contents, **changes):
        to = partner(institution.code, institution.kind, institution.url)
        return make_parcel(hub_stub, signer, to, contents or (b"%PDF-1.4 uno",), **changes)

    return make
