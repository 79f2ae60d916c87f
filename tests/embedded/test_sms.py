"""The demonstration's SMS: our gateway adapter really hands over, the page shows it, and a strange page cannot."""

import pytest
import requests

from adapters.sms import Sms
from hub.core.errors import PermanentFailure
from hub.core.phones import for_gateway
from hub.core.services import Text
from tests.embedded.test_mail import post_office

__all__ = ["post_office"]


@pytest.fixture
def url(post_office):
    return post_office[1] + "/sms"


def test_a_text_is_shown_with_its_link_and_sent_again_it_is_the_same(url):
    carrier = Sms(url, "", 5)
    for _ in range(2):
        carrier.send(Text("a-1", "+51987654321", "IGP te notifica: http://127.0.0.1:5000/casilla/A?x=1&y=2."))
    page = requests.get(url, timeout=5)
    assert page.text.count("+51987654321") == 1
    assert '<a href="http://127.0.0.1:5000/casilla/A?x=1&amp;y=2" rel="noreferrer">' in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert 'href="/sms"' in requests.get(url.removesuffix("/sms"), timeout=5).text


def test_a_number_that_receives_no_sms_is_refused_for_good(url):
    with pytest.raises(PermanentFailure):
        Sms(url, "", 5).send(Text("a-2", "el de siempre", "Hola"))


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b'{"id": "x", "to": "+51987654321", "text": "Hola"}', "text/plain", 400),
        (b"no es json", "application/json", 422),
        (b"[]", "application/json", 422),
        (b'{"id": "../x", "to": "+51987654321", "text": "Hola"}', "application/json", 422),
        (b'{"id": "x", "to": "+51987654321", "text": ""}', "application/json", 422),
        (b"x" * 20_000, "application/json", 400),
    ],
)
def test_what_is_no_text_is_refused(url, body, kind, status):
    assert requests.post(url, data=body, headers={"Content-Type": kind}, timeout=5).status_code == status


@pytest.mark.parametrize(
    ("typed", "given"),
    [
        ("987654321", "+51987654321"),
        ("987 654 321", "+51987654321"),
        ("+51 987-654-321", "+51987654321"),
        ("0051987654321", "+51987654321"),
        ("01 444 5566", "014445566"),
        ("+1 (555) 010-9999", "+15550109999"),
        ("98765432", "98765432"),
    ],
)
def test_a_mobile_of_peru_gets_its_country_and_any_other_number_stays(typed, given):
    assert for_gateway(typed) == given
