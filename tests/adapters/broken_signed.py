"""Adapters of the signed contract broken on purpose, one for each of its cases."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime

import requests
from lxml import etree

from hub.core.errors import DeliveryFailure, PermanentFailure, TemporaryFailure
from hub.core.ports import Ack, CannotTell, Has, HasNot, News, NewsKind
from tests.adapters import signed_cases as cases

OURS = "{urn:pe:mesa-integrada:1}"


class Around:
    """Goes by the good adapter; each child spoils one thing."""

    def __init__(self, good):
        self.good = good

    def deliver(self, parcel):
        return self.good.deliver(parcel)

    def status_of(self, partner, cuo):
        return self.good.status_of(partner, cuo)


class BelievesAnything(Around):
    """Takes whatever came for what it says, as if no signature had to be verified."""

    def deliver(self, parcel):
        try:
            return self.good.deliver(parcel)
        except TemporaryFailure as failure:
            return Ack(datetime.now(UTC), failure.raw)

    def status_of(self, partner, cuo):
        report = self.good.status_of(partner, cuo)
        if not isinstance(report, CannotTell):
            return report
        return Has(tuple(cargos_in(report.raw, partner, cuo)))


def cargos_in(raw, partner, cuo):
    for element in etree.fromstring(raw).iter("{*}Mensaje", "{*}mensaje"):
        message = etree.fromstring(base64.b64decode(element.text))
        if message.tag == f"{OURS}Cargo":
            number = message.findtext(f".//{OURS}NumeroRegistro")
            yield News(NewsKind.REGISTERED, cuo, datetime.now(UTC), partner.ruc, registry_number=number)


class BelievesNobody(Around):
    def deliver(self, parcel):
        ack = self.good.deliver(parcel)
        raise TemporaryFailure("UNBELIEVED", raw=ack.raw)


class AlwaysTriesAgain(Around):
    def deliver(self, parcel):
        try:
            return self.good.deliver(parcel)
        except DeliveryFailure as failure:
            raise TemporaryFailure(failure.code, failure.detail, raw=failure.raw) from failure


class AlwaysGivesUp(Around):
    def deliver(self, parcel):
        try:
            return self.good.deliver(parcel)
        except DeliveryFailure as failure:
            raise PermanentFailure(failure.code, failure.detail, raw=failure.raw) from failure


class TakesAnyRefusalForHasNot(Around):
    def status_of(self, partner, cuo):
        report = self.good.status_of(partner, cuo)
        return HasNot() if isinstance(report, CannotTell) else report


class TakesAny404ForHasNot(Around):
    def status_of(self, partner, cuo):
        try:
            report = self.good.status_of(partner, cuo)
        except DeliveryFailure:
            return HasNot()
        return HasNot() if isinstance(report, CannotTell) else report


class FollowsRedirects(Around):
    def deliver(self, parcel):
        requests.post(parcel.partner.address, data=parcel.sealed, timeout=5)
        return self.good.deliver(parcel)


class ReadsReportsBackwards(Around):
    def status_of(self, partner, cuo):
        report = self.good.status_of(partner, cuo)
        return replace(report, news=(), held_since=None) if isinstance(report, Has) else report


class CallsItArrived(Around):
    def deliver(self, parcel):
        self.good.deliver(parcel)
        return Ack(datetime.now(UTC), json.dumps({}).encode())


_NOT_BELIEVED = (
    cases.case_an_acuse_signed_by_another_entity_is_not_believed,
    cases.case_an_acuse_in_the_name_of_another_entity_is_not_believed,
    cases.case_a_tampered_acuse_is_not_believed,
    cases.case_an_unsigned_acuse_is_not_believed,
    cases.case_an_acuse_of_another_message_is_not_believed,
    cases.case_an_acuse_of_another_content_is_not_believed,
    cases.case_an_acuse_of_another_cuo_is_not_believed,
    cases.case_an_acuse_for_another_hub_is_not_believed,
    cases.case_a_cargo_is_no_acuse,
    cases.case_a_report_with_a_cargo_of_another_entity_brings_no_registration,
    cases.case_a_report_with_a_tampered_cargo_brings_no_registration,
    cases.case_a_report_with_a_cargo_of_another_cuo_brings_no_registration,
    cases.case_a_report_about_another_cuo_tells_nothing,
)
BROKEN_SIGNED = dict.fromkeys(_NOT_BELIEVED, BelievesAnything) | {
    cases.case_a_true_acuse_is_an_ack: BelievesNobody,
    cases.case_a_refusal_marked_permanent_is_permanent: AlwaysTriesAgain,
    cases.case_a_refusal_marked_temporary_is_temporary: AlwaysGivesUp,
    cases.case_a_credential_that_is_refused_is_not_has_not: TakesAnyRefusalForHasNot,
    cases.case_only_our_own_code_says_that_it_never_arrived: TakesAny404ForHasNot,
    cases.case_no_redirect_is_followed: FollowsRedirects,
    cases.case_a_report_is_read_in_its_order: ReadsReportsBackwards,
    cases.case_what_is_taken_is_not_an_ack_and_is_known_as_incomplete: CallsItArrived,
}
