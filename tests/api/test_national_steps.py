"""Each step of a leg is told to its sender, also where the contract has one letter for two of them."""

import pytest

from hub import forwarder
from hub.core.messages import CargoOutcome
from hub.core.statuses import RefusalReason
from hub.models import OutboundMessage
from tests.api.returning import give_due
from tests.api.test_national_return import igp_says, sender, sent  # noqa: F401

NUMBERS = {"registry_number": "", "registry_year": ""}
REGISTERED = (CargoOutcome.REGISTERED, {})
OBSERVED = (CargoOutcome.OBSERVED, NUMBERS | {"items": ("Falta el anexo 2",)})
REFUSED = (CargoOutcome.REFUSED, NUMBERS | {"unit": "", "reason": RefusalReason.NOT_COMPETENT, "text": "De OSINERGMIN"})


def test_a_refusal_is_told_after_its_observation_was(hub, sender, sent):  # noqa: F811
    for outcome, values in (OBSERVED, REFUSED):
        igp_says(hub, sent[1], outcome, **values)
        give_due(hub, sender.tools)
    told = [(values["cflgest"], values["vobs"]) for _, values in sender.cargos]
    assert told == [("O", "Falta el anexo 2"), ("O", "De OSINERGMIN")]


@pytest.mark.parametrize("steps", [
    (OBSERVED, REFUSED), (REFUSED, REGISTERED, REFUSED), (OBSERVED, REGISTERED, OBSERVED),
])  # fmt: skip
def test_what_overtakes_a_word_that_did_not_leave_is_told(hub, sender, sent, steps):  # noqa: F811
    for outcome, values in steps:
        igp_says(hub, sent[1], outcome, **values)
    give_due(hub, sender.tools)
    assert [values["cflgest"] for _, values in sender.cargos] == ["O"]
    kept = [one for one in hub.rows(OutboundMessage, delivery_id=sent[1].id) if one.kind.value == "cargo_nacional"]
    assert sorted(one.status.value for one in kept) == ["done"] + ["void"] * (len(steps) - 1)


def test_each_word_is_given_where_it_goes_to_and_fro(hub, sender, sent):  # noqa: F811
    for outcome, values in (REFUSED, REGISTERED, REFUSED):
        igp_says(hub, sent[1], outcome, **values)
        give_due(hub, sender.tools)
    assert [values["cflgest"] for _, values in sender.cargos] == ["O", "R", "O"]


def test_an_older_word_that_was_on_its_way_is_not_given_after_the_newer(hub, sender, sent):  # noqa: F811
    igp_says(hub, sent[1], OBSERVED[0], **OBSERVED[1])
    (older,) = forwarder.due(sender.tools, sender.tools.directory.entity("oefa"), 16)
    igp_says(hub, sent[1])
    sender.says = [("-1", ""), ("0000", "")]
    older()
    while give_due(hub, sender.tools):
        pass
    assert [values["cflgest"] for _, values in sender.cargos] == ["O", "R"]
