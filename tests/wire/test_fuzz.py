"""Whatever is done to a good message or credential: refused by a code of the list, or it still says the same."""

import base64
import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from hub.core.errors import ContractError
from hub.wire.codes import BY_WIRE
from hub.wire.seal import open_sealed, seal
from hub.wire.sobre import build
from tests.wire import sector
from tests.wire.sector import HUB, IGP, NOW, directory
from tests.wire.test_tokens import JTI, checked, token

GOOD = seal(build(sector.cargo()), sector.signer_of(IGP))
TOKEN = token()
TRUST = directory()
TEXTS = [match.span(1) for match in re.finditer(rb">([^<]+)<", GOOD)]


def opened_or_refused(raw):
    try:
        found = open_sealed(raw, TRUST, receiver_ruc=HUB, now=NOW)
    except ContractError as error:
        assert error.code in BY_WIRE, error.code
    else:
        assert found.message == sector.cargo()


@given(st.integers(0, len(GOOD) - 1), st.binary(max_size=6), st.integers(0, 12))
@settings(max_examples=400, deadline=None)
def test_bytes_replaced_anywhere(place, other, length):
    opened_or_refused(GOOD[:place] + other + GOOD[place + length :])


@given(st.sampled_from(TEXTS), st.text(max_size=40).map(lambda text: text.encode("utf-8", "replace")))
@settings(max_examples=300, deadline=None)
@example(TEXTS[-1], b"")
@example(TEXTS[-1], "0000\x80".encode())
@example(TEXTS[-2], "0000\x80".encode())
@example(TEXTS[-1], base64.b64encode(b"\x30\x82"))
def test_the_text_of_any_element_replaced(span, other):
    opened_or_refused(GOOD[: span[0]] + other + GOOD[span[1] :])


@given(st.integers(0, len(GOOD)), st.integers(0, len(GOOD)), st.integers(0, len(GOOD)))
@settings(max_examples=200, deadline=None)
def test_a_piece_moved_elsewhere(start, end, place):
    piece, rest = GOOD[start:end], GOOD[:start] + GOOD[max(start, end) :]
    opened_or_refused(rest[:place] + piece + rest[place:])


@given(st.integers(0, len(TOKEN) - 1), st.text(max_size=6), st.integers(0, 12))
@settings(max_examples=400, deadline=None)
def test_characters_of_a_credential_replaced(place, other, length):
    changed = TOKEN[:place] + other + TOKEN[place + length :]
    try:
        found = checked(changed)
    except ContractError as error:
        assert error.code in BY_WIRE
    else:
        assert (found.caller_ruc, found.jti) == (IGP, JTI)
