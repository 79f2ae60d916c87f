"""What the hub refuses for good is not sent for ever: the institution says so, and sends it when a person lets it."""

import time

import pytest
import requests

from tests.adapters.institution import FAST, post
from tests.adapters.national import an_adapter
from tests.adapters.test_iotramite_entity import at
from tests.adapters.test_soap_sandbox import BINDING
from tests.fixtures.parcels import a_parcel
from tests.fixtures.sandbox import ROOT, wait_until

RETRIES = 0.5
"""Seconds in which several would have been made."""


def delivered(institution, parcel_for):
    """A document that the institution took; gives its CUO."""
    if institution.kind == "iotramite":
        parcel = a_parcel(partner=at(institution))
        an_adapter().deliver(parcel)
        return parcel.cuo
    parcel = parcel_for(institution)
    if institution.kind == "rest":
        post(institution, parcel.sealed).raise_for_status()
    else:
        import zeep

        client = zeep.Client(str(ROOT / "schemas" / "mesadepartes.wsdl"))
        client.create_service(BINDING, f"{institution.url}/mesadepartes").recibirSobre(mensaje=parcel.sealed)
    return parcel.cuo


def refused(institution):
    return requests.get(f"{institution.url}/control/refused", timeout=5).json()


def let_go(institution, cuo):
    return requests.post(f"{institution.url}/control/again", json={"cuo": cuo}, timeout=5).json()["done"]


@pytest.mark.parametrize(("kind", "code", "word"), [
    ("rest", "igp", "FIRMANTE_DESCONOCIDO"), ("soap", "senace", "FIRMANTE_DESCONOCIDO"), ("iotramite", "oefa", "0003"),
])  # fmt: skip
def test_what_is_refused_for_good_waits_for_a_person(sandbox, parcel_for, hub_stub, kind, code, word):
    one = sandbox(kind, code, **(FAST | {"answer_after": -1}))
    hub_stub.refuse_for_good = True
    cuo = delivered(one, parcel_for)
    [told] = wait_until(lambda: refused(one))
    assert (told["cuo"], told["kind"], told["code"]) == (cuo, "cargo", word) and told["said"]
    wait_until(lambda: "refused for good" in (one.data / "log.txt").read_text())
    one.kill()
    one.start()
    time.sleep(RETRIES)
    assert hub_stub.refused == 1 and refused(one) == [told]
    hub_stub.refuse_for_good = False
    assert let_go(one, cuo) and not let_go(one, cuo) and refused(one) == []
    if kind != "iotramite":
        wait_until(lambda: hub_stub.of_kind("Cargo") and hub_stub.of_kind("Estado"))


def test_a_pause_of_the_hub_is_no_refusal(sandbox, parcel_for, hub_stub):
    igp = sandbox("rest", "igp", **FAST)
    hub_stub.refuse_messages = 3
    delivered(igp, parcel_for)
    wait_until(lambda: len(hub_stub.messages) == 3)
    assert refused(igp) == []
