"""What only our own signed contract can do, over REST and SOAP alike: a proof is checked before it is believed."""

from dataclasses import replace
from uuid import uuid4

import pytest

from hub.core.errors import DeliveryFailure, PermanentFailure, TemporaryFailure
from hub.core.ports import Ack, CannotTell, Has, HasNot, NewsKind, Taken
from tests.adapters.contract_cases import delivered, outcome_of
from tests.adapters.parcels import make_parcel, partner
from tests.adapters.signed_answers import Answers, RestScript, SoapScript
from tests.adapters.ways import ADAPTERS, CODES, open_way

SCRIPTS = {"rest": RestScript, "soap": SoapScript}


@pytest.fixture(params=["rest", "soap"])
def kind(request):
    return request.param


@pytest.fixture
def adapter(kind, keys):
    return ADAPTERS[kind](keys)


@pytest.fixture
def parcel(kind, scripted, hub_stub, keys):
    return make_parcel(hub_stub, keys.hub_signer(), partner(CODES[kind], kind, scripted.url))


@pytest.fixture
def answers(keys, parcel):
    return Answers(keys, parcel.partner)


@pytest.fixture
def script(kind, scripted):
    return SCRIPTS[kind](scripted)


def refused(adapter, parcel):
    """The failure of a delivery whose answer is not believed: it may well have arrived, and what came is kept."""
    failure = outcome_of(adapter.deliver, parcel)
    assert isinstance(failure, DeliveryFailure), repr(failure)
    assert failure.may_have_arrived and failure.raw
    return failure


def test_a_true_acuse_is_an_ack(adapter, parcel, answers, script):
    script.acuse(answers.acuse(parcel))
    assert isinstance(adapter.deliver(parcel), Ack)


def test_an_acuse_signed_by_another_entity_is_not_believed(adapter, parcel, answers, script):
    script.acuse(answers.acuse(parcel, signed_by="oefa"))
    refused(adapter, parcel)


def test_an_acuse_in_the_name_of_another_entity_is_not_believed(adapter, parcel, answers, script, keys):
    other = partner("oefa", "rest", "")
    script.acuse(Answers(keys, other).acuse(parcel))
    refused(adapter, parcel)


def test_a_tampered_acuse_is_not_believed(adapter, parcel, answers, script):
    true = answers.acuse(parcel)
    script.acuse(true.replace(parcel.cuo.encode(), b"0000000001"))
    refused(adapter, parcel)


@pytest.mark.parametrize("about", ["message", "digest", "cuo", "receiver"])
def test_an_acuse_about_another_message_is_not_believed(adapter, parcel, answers, script, about):
    changes = {
        "message": {"answers": uuid4()},
        "digest": {"digest": "A" * 43 + "="},
        "cuo": {"cuo": "0000000001"},
        "receiver": {"receiver_ruc": "20556097055"},
    }
    script.acuse(answers.acuse(parcel, **changes[about]))
    refused(adapter, parcel)


def test_a_cargo_is_no_acuse(adapter, parcel, answers, script):
    script.acuse(answers.cargo(parcel))
    refused(adapter, parcel)


def test_an_unsigned_acuse_is_not_believed(adapter, parcel, answers, script):
    true = answers.acuse(parcel)
    script.acuse(true[: true.index(b"<ds:Signature")] + b"</Acuse>")
    refused(adapter, parcel)


def test_a_refusal_marked_permanent_is_permanent(adapter, parcel, script):
    script.problem("FIRMA_INVALIDA", 422, is_temporary=False)
    failure = outcome_of(adapter.deliver, parcel)
    assert isinstance(failure, PermanentFailure)
    assert (failure.code, failure.may_have_arrived) == ("FIRMA_INVALIDA", False)
    assert b"FIRMA_INVALIDA" in failure.raw


def test_a_refusal_marked_temporary_is_temporary(adapter, parcel, script):
    script.problem("DOCUMENTO_INACCESIBLE", 503, is_temporary=True)
    failure = outcome_of(adapter.deliver, parcel)
    assert isinstance(failure, TemporaryFailure)
    assert failure.code == "DOCUMENTO_INACCESIBLE"


def test_a_credential_refused_when_asking_is_not_has_not(adapter, parcel, script):
    script.problem("CREDENCIAL_INVALIDA", 401, is_temporary=False)
    report = outcome_of(adapter.status_of, parcel.partner, parcel.cuo)
    assert isinstance(report, CannotTell | DeliveryFailure), repr(report)


def test_only_our_own_code_says_that_it_never_arrived(adapter, parcel, script, scripted):
    scripted.say(404, b"<html>Not found</html>", "text/html")
    report = outcome_of(adapter.status_of, parcel.partner, parcel.cuo)
    assert isinstance(report, CannotTell | DeliveryFailure), repr(report)
    script.problem("CUO_DESCONOCIDO", 404, is_temporary=False)
    assert isinstance(outcome_of(adapter.status_of, parcel.partner, parcel.cuo), HasNot)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed(adapter, parcel, scripted, status):
    scripted.say(status, b"", Location=f"{scripted.url}/otra/parte")
    for call in ((adapter.deliver, parcel), (adapter.status_of, parcel.partner, parcel.cuo)):
        assert isinstance(outcome_of(*call), DeliveryFailure | CannotTell)
    assert not [path for _, path, _, _ in scripted.requests if path.startswith("/otra")]


def test_a_report_is_read_in_its_order(adapter, parcel, answers, script):
    script.report(parcel.cuo, answers.acuse(parcel), answers.cargo(parcel))
    report = adapter.status_of(parcel.partner, parcel.cuo)
    assert isinstance(report, Has) and report.held_since is not None
    assert [item.kind for item in report.news][-1] is NewsKind.REGISTERED
    assert report.news[-1].registry_number == "000077"


@pytest.mark.parametrize("lie", ["by another entity", "tampered", "about another CUO"])
def test_a_report_brings_only_news_that_the_institution_signed_about_that_cuo(adapter, parcel, answers, script, lie):
    cargo = {
        "by another entity": lambda: answers.cargo(parcel, signed_by="oefa"),
        "tampered": lambda: answers.cargo(parcel).replace(b"000077", b"000078"),
        "about another CUO": lambda: answers.cargo(parcel, cuo="0000000001"),
    }[lie]()
    script.report(parcel.cuo, answers.acuse(parcel), cargo)
    report = outcome_of(adapter.status_of, parcel.partner, parcel.cuo)
    assert isinstance(report, Has | CannotTell | DeliveryFailure)
    if isinstance(report, Has):
        assert not [item for item in report.news if item.kind is NewsKind.REGISTERED]


def test_a_report_about_another_cuo_tells_nothing(kind, adapter, parcel, answers, script):
    other = replace(parcel, cuo="0000000001")
    script.report("0000000001", answers.acuse(other))
    report = outcome_of(adapter.status_of, parcel.partner, parcel.cuo)
    assert isinstance(report, CannotTell | DeliveryFailure), repr(report)


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
