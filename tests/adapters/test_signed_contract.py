"""The REST and the SOAP adapter keep the signed contract, and a broken one fails each case of it."""

from dataclasses import replace

import pytest

from hub.core.ports import Has, Taken
from tests.adapters.broken_signed import BROKEN_SIGNED
from tests.adapters.contract_cases import delivered, name_of, outcome_of
from tests.adapters.parcels import make_parcel, partner
from tests.adapters.signed_answers import Answers, RestScript, SoapScript
from tests.adapters.signed_cases import SIGNED, Scene
from tests.adapters.ways import ADAPTERS, CODES, open_way

SCRIPTS = {"rest": RestScript, "soap": SoapScript}


@pytest.fixture(params=["rest", "soap"])
def kind(request):
    return request.param


@pytest.fixture
def scene(kind, scripted, hub_stub, keys):
    parcel = make_parcel(hub_stub, keys.hub_signer(), partner(CODES[kind], kind, scripted.url))
    answers = Answers(keys, parcel.partner)
    return Scene(kind, ADAPTERS[kind](keys), parcel, answers, SCRIPTS[kind](scripted), scripted)


@pytest.mark.parametrize("case", SIGNED, ids=name_of)
def test_a_signed_adapter_believes_only_what_is_proved(scene, case):
    case(scene)


@pytest.mark.parametrize("case", SIGNED, ids=name_of)
def test_a_broken_adapter_fails_its_case(scene, case):
    with pytest.raises(AssertionError):
        case(replace(scene, adapter=BROKEN_SIGNED[case](scene.adapter)))


def test_large_documents_are_taken_and_the_acuse_is_there_when_asked(kind, keys, tmp_path):
    with open_way(kind, keys, tmp_path, inline_limit=10) as way:
        way.hub.are_documents_down = True
        parcel = way.parcel()
        assert isinstance(outcome_of(way.adapter.deliver, parcel), Taken)
        asked = outcome_of(way.adapter.status_of, way.partner, parcel.cuo)
        assert isinstance(asked, Has) and not asked.is_complete
        assert isinstance(outcome_of(way.adapter.deliver, parcel), Taken)
        way.hub.are_documents_down = False
        assert way.eventually(lambda: way.adapter.status_of(way.partner, parcel.cuo).is_complete)
        assert way.adapter.status_of(way.partner, parcel.cuo).held_since is not None
        delivered(way, parcel)
