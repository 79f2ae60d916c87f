"""The contract of every adapter, as cases: whatever the way to an institution, this is what the worker relies on.

A case takes a `Way` (ways.py) and fails by AssertionError. COMMON holds for every adapter; OVER_THE_NETWORK for those
whose institution can be slow, broken or away.
"""

import os
import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hub.core.errors import PermanentFailure, TemporaryFailure
from hub.core.ports import Ack, CannotTell, Has, HasNot, NewsKind

PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n" + bytes(range(256)) * 500 + b"\n%%EOF\n"
UNKNOWN_CUO = "0000000000"


def outcome_of(call, *given):
    """What an adapter gives, or the failure it raises; any other error breaks the contract."""
    try:
        return call(*given)
    except (TemporaryFailure, PermanentFailure) as failure:
        return failure
    except Exception as error:
        raise AssertionError(f"{type(error).__name__} escaped: {error}") from error


def delivered(way, parcel):
    ack = outcome_of(way.adapter.deliver, parcel)
    assert isinstance(ack, Ack), repr(ack)
    return ack


def registrations(way, cuo):
    report = outcome_of(way.adapter.status_of, way.partner, cuo)
    assert isinstance(report, Has), repr(report)
    return [item for item in report.news if item.kind is NewsKind.REGISTERED]


def case_it_delivers_and_says_since_when_it_is_held(way):
    before = datetime.now(UTC) - timedelta(seconds=5)
    parcel = way.parcel()
    ack = delivered(way, parcel)
    assert ack.held_since.tzinfo is not None
    assert before <= ack.held_since <= datetime.now(UTC) + timedelta(seconds=5)
    assert len(way.held(parcel.cuo)) == 1


def case_the_same_message_twice_is_held_once(way):
    """The second time it may say nothing (the national contract's -1): then asking tells."""
    parcel, before = way.parcel(), len(way.held())
    delivered(way, parcel)
    again = outcome_of(way.adapter.deliver, parcel)
    assert len(way.held()) - before == 1
    if not isinstance(again, Ack):
        assert isinstance(again, TemporaryFailure), repr(again)
        assert isinstance(outcome_of(way.adapter.status_of, way.partner, parcel.cuo), Has)


def case_the_documents_arrive_intact(way):
    parcel = way.parcel((PDF + os.urandom(16), b"%PDF-1.4 anexo"))
    delivered(way, parcel)
    digests = sorted(document.sha256 for document in parcel.documents)
    found = way.eventually(lambda: [sorted(entry["sha256s"]) for entry in way.held(parcel.cuo)] == [digests])
    assert found, way.held(parcel.cuo)


def case_a_cuo_that_never_arrived_is_has_not(way):
    assert isinstance(outcome_of(way.adapter.status_of, way.partner, UNKNOWN_CUO), HasNot)


def case_what_was_delivered_is_has(way):
    parcel = way.parcel()
    delivered(way, parcel)
    assert isinstance(outcome_of(way.adapter.status_of, way.partner, parcel.cuo), Has)


def case_its_registration_is_news_with_the_registry_number(way):
    parcel = way.parcel()
    delivered(way, parcel)
    way.let_register(parcel.cuo)
    news = way.eventually(lambda: registrations(way, parcel.cuo))
    assert news, "registered at the institution, and never told"
    [entry] = way.held(parcel.cuo)
    assert entry["registry_number"] and news[0].registry_number == entry["registry_number"]
    assert (news[0].cuo, news[0].said_by_ruc) == (parcel.cuo, way.partner.ruc)
    assert news[0].happened_at.tzinfo is not None


def case_a_lost_answer_may_have_arrived_and_is_found_by_asking(way):
    parcel = way.parcel()
    way.control(lose_answer=1)
    failure = outcome_of(way.adapter.deliver, parcel)
    assert isinstance(failure, TemporaryFailure), repr(failure)
    assert failure.may_have_arrived
    assert isinstance(outcome_of(way.adapter.status_of, way.partner, parcel.cuo), Has)
    [entry] = way.held(parcel.cuo)
    assert entry["times_received"] == 1, "it is the worker who tries again"


def case_an_institution_that_is_down_did_not_get_it(way):
    with closed_port() as port:
        away = replace(way.partner, address=f"http://127.0.0.1:{port}")
        failure = outcome_of(way.adapter.deliver, replace(way.parcel(), partner=away))
        assert isinstance(failure, TemporaryFailure), repr(failure)
        assert not failure.may_have_arrived
        assert isinstance(outcome_of(way.adapter.status_of, away, UNKNOWN_CUO), TemporaryFailure | CannotTell)


def case_a_slow_institution_is_given_up_in_time(way):
    way.control(delay=way.timeout * 4)
    started = time.monotonic()
    failure = outcome_of(way.adapter.deliver, way.parcel())
    assert time.monotonic() - started < way.timeout * 3
    assert isinstance(failure, TemporaryFailure), repr(failure)
    assert failure.may_have_arrived


def case_a_garbage_answer_is_temporary_and_kept(way):
    way.control(garbage=1)
    failure = outcome_of(way.adapter.deliver, way.parcel())
    assert isinstance(failure, TemporaryFailure), repr(failure)
    assert failure.raw, "what came is not kept"
    assert failure.may_have_arrived


def case_an_institution_that_fails_is_temporary(way):
    way.control(fail=1)
    failure = outcome_of(way.adapter.deliver, way.parcel())
    assert isinstance(failure, TemporaryFailure), repr(failure)
    assert failure.may_have_arrived


def case_a_garbage_report_tells_nothing(way):
    parcel = way.parcel()
    delivered(way, parcel)
    for switch in ("garbage", "fail"):
        way.control(**{switch: 1})
        report = outcome_of(way.adapter.status_of, way.partner, parcel.cuo)
        assert isinstance(report, CannotTell | TemporaryFailure), repr(report)


def case_nothing_but_the_two_failures_escapes(way):
    with closed_port() as port, chatter() as noise, chatter(b"") as silence:
        addresses = [f"http://127.0.0.1:{number}/a" for number in (port, noise, silence)]
        for address in [*addresses, "", "no es una dirección", "ftp://127.0.0.1/", "http://no.existe.invalid/"]:
            there = replace(way.partner, address=address)
            sent = outcome_of(way.adapter.deliver, replace(way.parcel(), partner=there))
            assert isinstance(sent, TemporaryFailure | PermanentFailure), (address, sent)
            asked = outcome_of(way.adapter.status_of, there, UNKNOWN_CUO)
            assert isinstance(asked, TemporaryFailure | PermanentFailure | CannotTell), (address, asked)


COMMON = (
    case_it_delivers_and_says_since_when_it_is_held,
    case_the_same_message_twice_is_held_once,
    case_the_documents_arrive_intact,
    case_a_cuo_that_never_arrived_is_has_not,
    case_what_was_delivered_is_has,
    case_its_registration_is_news_with_the_registry_number,
)
OVER_THE_NETWORK = (
    case_a_lost_answer_may_have_arrived_and_is_found_by_asking,
    case_an_institution_that_is_down_did_not_get_it,
    case_a_slow_institution_is_given_up_in_time,
    case_a_garbage_answer_is_temporary_and_kept,
    case_an_institution_that_fails_is_temporary,
    case_a_garbage_report_tells_nothing,
    case_nothing_but_the_two_failures_escapes,
)


def name_of(case):
    return case.__name__.removeprefix("case_")


@contextmanager
def closed_port():
    """A port of ours at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@contextmanager
def chatter(says=b"\x00\x01SSH-2.0-nada\r\n"):
    """A server that speaks no HTTP: it says something to each caller and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_say, args=(server, says), daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def _say(server, says):
    while True:
        try:
            caller, _ = server.accept()
        except OSError:
            return
        with caller:
            caller.recv(65536)
            caller.sendall(says)
