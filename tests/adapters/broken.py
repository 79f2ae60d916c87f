"""Adapters broken on purpose, one for each case: a case that lets its own pass proves nothing."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

from hub.core.errors import DeliveryFailure, PermanentFailure, TemporaryFailure
from hub.core.ports import Ack, Has, HasNot
from tests.adapters import contract_cases as cases


class Around:
    """Goes to the institution by the good adapter of a way; each child spoils one thing."""

    def __init__(self, way):
        self.way, self.good = way, way.adapter

    def deliver(self, parcel):
        return self.good.deliver(parcel)

    def status_of(self, partner, cuo):
        return self.good.status_of(partner, cuo)


class AcksWithoutSending(Around):
    def deliver(self, parcel):
        return Ack(datetime.now(UTC))


class AcksInLocalTime(Around):
    def deliver(self, parcel):
        return replace(self.good.deliver(parcel), held_since=datetime.now())


class SendsUnderANewNumberEachTime(Around):
    def deliver(self, parcel):
        fresh = self.way.parcel([document.open().thing.read() for document in parcel.documents])
        self.good.deliver(fresh)
        return self.good.deliver(parcel)


class ChangesADocument(Around):
    def deliver(self, parcel):
        contents = [document.open().thing.read() + b"\n" for document in parcel.documents]
        header = {"cuo": parcel.cuo, "message_id": parcel.message_id}
        return self.good.deliver(self.way.parcel(contents, **header))


class HasEverything(Around):
    def status_of(self, partner, cuo):
        return Has()


class HasNothing(Around):
    def status_of(self, partner, cuo):
        return HasNot()


class ForgetsTheNews(Around):
    def status_of(self, partner, cuo):
        report = self.good.status_of(partner, cuo)
        return replace(report, news=()) if isinstance(report, Has) else report


class TakesItsCuoForTheRegistryNumber(Around):
    def status_of(self, partner, cuo):
        report = self.good.status_of(partner, cuo)
        return replace(report, news=tuple(replace(item, registry_number=cuo) for item in report.news))


class SaysThatNothingArrived(Around):
    def deliver(self, parcel):
        try:
            return self.good.deliver(parcel)
        except TemporaryFailure as failure:
            failure.may_have_arrived = False
            raise


class SaysThatItMayHaveArrived(Around):
    def deliver(self, parcel):
        try:
            return self.good.deliver(parcel)
        except TemporaryFailure as failure:
            failure.may_have_arrived = True
            raise


class TriesAgainByItself(Around):
    def deliver(self, parcel):
        try:
            return self.good.deliver(parcel)
        except TemporaryFailure:
            return self.good.deliver(parcel)


class WaitsForEver(Around):
    def deliver(self, parcel):
        time.sleep(self.way.timeout * 3.5)
        return self.good.deliver(parcel)


class ThrowsTheAnswerAway(Around):
    def deliver(self, parcel):
        try:
            return self.good.deliver(parcel)
        except DeliveryFailure as failure:
            failure.raw = b""
            raise


class TakesAnythingForAnAck(Around):
    def deliver(self, parcel):
        try:
            return self.good.deliver(parcel)
        except TemporaryFailure as failure:
            return Ack(datetime.now(UTC), failure.raw)


class GivesUpForEver(Around):
    def deliver(self, parcel):
        try:
            return self.good.deliver(parcel)
        except TemporaryFailure as failure:
            raise PermanentFailure(failure.code, failure.detail, raw=failure.raw) from failure


class TakesNoAnswerForHasNot(Around):
    def status_of(self, partner, cuo):
        try:
            return self.good.status_of(partner, cuo)
        except DeliveryFailure:
            return HasNot()


class LetsErrorsThrough(Around):
    def deliver(self, parcel):
        try:
            return self.good.deliver(parcel)
        except DeliveryFailure as failure:
            raise ConnectionError(failure.detail) from failure


class LetsErrorsOfAskingThrough(Around):
    def status_of(self, partner, cuo):
        try:
            return self.good.status_of(partner, cuo)
        except DeliveryFailure as failure:
            raise KeyError(str(uuid4())) from failure


BROKEN = {
    cases.case_it_delivers_and_says_since_when_it_is_held: (AcksWithoutSending, AcksInLocalTime),
    cases.case_the_same_message_twice_is_held_once: (SendsUnderANewNumberEachTime, AcksWithoutSending),
    cases.case_the_documents_arrive_intact: (ChangesADocument,),
    cases.case_a_cuo_that_never_arrived_is_has_not: (HasEverything,),
    cases.case_what_was_delivered_is_has: (HasNothing,),
    cases.case_its_registration_is_news_with_the_registry_number: (ForgetsTheNews, TakesItsCuoForTheRegistryNumber),
    cases.case_a_lost_answer_may_have_arrived_and_is_found_by_asking: (SaysThatNothingArrived, TriesAgainByItself),
    cases.case_an_institution_that_is_down_did_not_get_it: (SaysThatItMayHaveArrived, GivesUpForEver),
    cases.case_a_slow_institution_is_given_up_in_time: (WaitsForEver,),
    cases.case_a_garbage_answer_is_temporary_and_kept: (ThrowsTheAnswerAway, TakesAnythingForAnAck),
    cases.case_an_institution_that_fails_is_temporary: (GivesUpForEver,),
    cases.case_a_garbage_report_tells_nothing: (TakesNoAnswerForHasNot, HasNothing),
    cases.case_nothing_but_the_two_failures_escapes: (LetsErrorsThrough, LetsErrorsOfAskingThrough),
}
