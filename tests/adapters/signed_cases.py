"""What our own signed contract asks of an adapter besides, over REST and SOAP alike: no proof is believed unchecked.

A case takes a `Scene`: an adapter, a parcel, and an institution that answers what the case writes for it.
"""

from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from hub.core.errors import DeliveryFailure, PermanentFailure, TemporaryFailure
from hub.core.ports import Ack, CannotTell, Has, HasNot, NewsKind
from tests.adapters.contract_cases import outcome_of
from tests.adapters.parcels import partner
from tests.adapters.signed_answers import Answers


@dataclass
class Scene:
    """`script` says what an institution would say; `scripted` is the server behind it, for what none would."""

    kind: str
    adapter: Any
    parcel: Any
    answers: Answers
    script: Any
    scripted: Any

    def deliver(self):
        return outcome_of(self.adapter.deliver, self.parcel)

    def ask(self):
        return outcome_of(self.adapter.status_of, self.parcel.partner, self.parcel.cuo)


def not_believed(scene, answer):
    """It may well have arrived, and what came is kept; but it is no Ack."""
    scene.script.acuse(answer)
    failure = scene.deliver()
    assert isinstance(failure, DeliveryFailure), repr(failure)
    assert failure.may_have_arrived and failure.raw


def case_a_true_acuse_is_an_ack(scene):
    scene.script.acuse(scene.answers.acuse(scene.parcel))
    assert isinstance(scene.deliver(), Ack)


def case_an_acuse_signed_by_another_entity_is_not_believed(scene):
    not_believed(scene, scene.answers.acuse(scene.parcel, signed_by="oefa"))


def case_an_acuse_in_the_name_of_another_entity_is_not_believed(scene):
    other = Answers(scene.answers.keys, partner("oefa", "rest", ""))
    not_believed(scene, other.acuse(scene.parcel))


def case_a_tampered_acuse_is_not_believed(scene):
    true = scene.answers.acuse(scene.parcel)
    year = str(scene.parcel.sobre.presented_at.year).encode()
    not_believed(scene, true.replace(b"<EnPoderDesde>" + year, b"<EnPoderDesde>2001"))


def case_an_unsigned_acuse_is_not_believed(scene):
    true = scene.answers.acuse(scene.parcel)
    not_believed(scene, true[: true.index(b"<ds:Signature")] + b"</Acuse>")


def case_an_acuse_of_another_message_is_not_believed(scene):
    not_believed(scene, scene.answers.acuse(scene.parcel, answers=uuid4()))


def case_an_acuse_of_another_content_is_not_believed(scene):
    not_believed(scene, scene.answers.acuse(scene.parcel, digest="A" * 43 + "="))


def case_an_acuse_of_another_cuo_is_not_believed(scene):
    not_believed(scene, scene.answers.acuse(scene.parcel, cuo="0000000001"))


def case_an_acuse_for_another_hub_is_not_believed(scene):
    not_believed(scene, scene.answers.acuse(scene.parcel, receiver_ruc="20556097055"))


def case_a_cargo_is_no_acuse(scene):
    not_believed(scene, scene.answers.cargo(scene.parcel))


def case_a_refusal_marked_permanent_is_permanent(scene):
    scene.script.problem("FIRMA_INVALIDA", 422, is_temporary=False)
    failure = scene.deliver()
    assert isinstance(failure, PermanentFailure), repr(failure)
    assert (failure.code, failure.may_have_arrived) == ("FIRMA_INVALIDA", False)
    assert b"FIRMA_INVALIDA" in failure.raw


def case_a_refusal_marked_temporary_is_temporary(scene):
    scene.script.problem("DOCUMENTO_INACCESIBLE", 503, is_temporary=True)
    failure = scene.deliver()
    assert isinstance(failure, TemporaryFailure), repr(failure)
    assert failure.code == "DOCUMENTO_INACCESIBLE"


def case_a_credential_that_is_refused_is_not_has_not(scene):
    scene.script.problem("CREDENCIAL_INVALIDA", 401, is_temporary=False)
    assert isinstance(scene.ask(), CannotTell | DeliveryFailure)


def case_only_our_own_code_says_that_it_never_arrived(scene):
    scene.scripted.say(404, b"<html>Not found</html>", "text/html")
    assert isinstance(scene.ask(), CannotTell | DeliveryFailure)
    scene.script.problem("CUO_DESCONOCIDO", 404, is_temporary=False)
    assert isinstance(scene.ask(), HasNot)


def case_no_redirect_is_followed(scene):
    for status in (301, 302, 303, 307, 308):
        scene.scripted.say(status, b"", Location=f"{scene.scripted.url}/otra/parte")
        assert isinstance(scene.deliver(), DeliveryFailure)
        assert isinstance(scene.ask(), DeliveryFailure | CannotTell)
    assert not [path for _, path, _, _ in scene.scripted.requests if path.startswith("/otra")]


def case_a_report_is_read_in_its_order(scene):
    acuse, cargo = scene.answers.acuse(scene.parcel), scene.answers.cargo(scene.parcel)
    scene.script.report(scene.parcel.cuo, acuse, cargo)
    report = scene.ask()
    assert isinstance(report, Has) and report.held_since is not None, repr(report)
    assert (report.news[-1].kind, report.news[-1].registry_number) == (NewsKind.REGISTERED, "000077")
    assert report.news[-1].raw == cargo


def a_report_with(scene, cargo):
    """A report whose cargo is a lie brings no registration."""
    scene.script.report(scene.parcel.cuo, scene.answers.acuse(scene.parcel), cargo)
    report = scene.ask()
    news = report.news if isinstance(report, Has) else ()
    assert not [item for item in news if item.kind is NewsKind.REGISTERED]


def case_a_report_with_a_cargo_of_another_entity_brings_no_registration(scene):
    a_report_with(scene, scene.answers.cargo(scene.parcel, signed_by="oefa"))


def case_a_report_with_a_tampered_cargo_brings_no_registration(scene):
    a_report_with(scene, scene.answers.cargo(scene.parcel).replace(b"000077", b"000078"))


def case_a_report_with_a_cargo_of_another_cuo_brings_no_registration(scene):
    a_report_with(scene, scene.answers.cargo(scene.parcel, cuo="0000000001"))


def case_a_report_about_another_cuo_tells_nothing(scene):
    other = replace(scene.parcel, cuo="0000000001")
    scene.script.report(other.cuo, scene.answers.acuse(other))
    assert isinstance(scene.ask(), CannotTell | DeliveryFailure)


def case_what_is_taken_is_not_an_ack_and_is_known_as_incomplete(scene):
    scene.script.taken("deliver")
    taken = scene.deliver()
    assert not isinstance(taken, Ack | DeliveryFailure), repr(taken)
    scene.script.taken("ask")
    asked = scene.ask()
    assert isinstance(asked, Has) and not asked.is_complete, repr(asked)


SIGNED = tuple(value for name, value in list(globals().items()) if name.startswith("case_"))
