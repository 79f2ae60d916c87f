"""The operators' webhook: a real receiver, an alert that waits while it is away, and whose it is."""

import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from werkzeug import Request, Response

from adapters.webhook import Webhook
from hub import letters
from hub.core.errors import PermanentFailure, TemporaryFailure
from hub.core.services import Hook
from hub.core.statuses import MessageKind
from tests.monitoring.overseer import ROUND


class Receiver:
    """A machine of the operators': says `status`, keeps what it is told."""

    def __init__(self):
        self.status, self.posts, self.asked = 200, [], []

    def __call__(self, environ, start_response):
        request = Request(environ)
        self.asked.append(environ["REQUEST_URI"])
        if self.status == 200:
            self.posts.append((request.headers.get("X-Mesa-Signature", ""), request.get_data()))
        return Response("", self.status)(environ, start_response)


@pytest.fixture
def receiver():
    return Receiver()


def test_an_alert_waits_for_the_webhook_and_is_posted_signed(overseer, receiver, serve):
    hook = Webhook(serve(receiver), "clave", 3)
    overseer.set(warn_webhook="set")
    overseer.look(2)
    receiver.status = 503
    letters.send_due(overseer.tools, None, None, hook)
    assert overseer.told("antivirus_absent", MessageKind.WEBHOOK) == ["opened"]
    receiver.status = 200
    overseer.at += ROUND
    letters.send_due(overseer.tools, None, None, hook)
    ((signature, body),) = receiver.posts
    assert signature == f"sha256={hmac.new(b'clave', body, hashlib.sha256).hexdigest()}"
    said = json.loads(body)
    assert (said["event"], said["kind"], said["closed_at"]) == ("opened", "antivirus_absent", None)
    assert said["meaning"] and said["remedy"] and said["screen"].endswith("/operacion")
    assert said["guide"] == "docs/operate/antivirus-absent.md"


LASTING = {410: PermanentFailure, 401: TemporaryFailure, 302: TemporaryFailure}


@pytest.mark.parametrize(("status", "error"), LASTING.items())
def test_what_a_receiver_says_is_lasting_or_not(receiver, serve, status, error):
    receiver.status = status
    with pytest.raises(error, match="WEBHOOK|" + str(status)):
        Webhook(serve(receiver), "", 3).send(Hook("1", {"event": "opened"}))


def test_the_key_in_an_address_reaches_its_receiver(receiver, serve):
    Webhook(f"{serve(receiver)}/v1/messages?key=a%2Fb&token=c", "", 3).send(Hook("1", {"event": "opened"}))
    assert receiver.asked == ["/v1/messages?key=a%2Fb&token=c"]


@pytest.mark.parametrize(("status", "minutes", "code"), [(401, 31, "WEBHOOK_UNREACHABLE"), (410, 0, "WEBHOOK_REFUSED")])
def test_a_webhook_that_takes_nothing_is_told_by_mail(overseer, receiver, serve, status, minutes, code):
    overseer.set(warn_webhook="set")
    overseer.look(2)
    receiver.status = status
    letters.send_due(overseer.tools, None, None, Webhook(serve(receiver), "", 3))
    overseer.at += timedelta(minutes=minutes)
    overseer.look()
    (alert,) = overseer.alerts("webhook_failing")
    assert alert.details["code"] == code
    assert overseer.told("webhook_failing") == ["opened"]
    overseer.at += timedelta(days=5)
    overseer.look()
    assert overseer.stands("webhook_failing") == []


def test_an_address_that_cannot_be_is_ours_to_mend():
    with pytest.raises(TemporaryFailure):
        Webhook("ftp://nowhere", "", 3).send(Hook("1", {}))
