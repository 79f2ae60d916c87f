"""What happens to a message on its way, or what somebody tries: to its bytes, to its elements, to its headers."""

import base64
import random
import re
from dataclasses import replace

from tests.fuzz.stacks import SOAP, SOAP_12
from tests.fuzz.trees import spoil_bytes, spoil_tree
from tests.fuzz.values import BOMBS, CONTENT_TYPES, ENCODINGS, PROLOGS, QUERIES

_MOST = 4 * 1024 * 1024
_DATA = re.compile(rb"(<(bpdfdoc|bcarstd|mensaje)>)([^<]*)(</)")


def spoil(sent, chance: random.Random):
    """The call with one thing done to it or several; now and then nothing at all."""
    times = [0, 0, 0, 0, 1, 1, 2] if sent.door == "own" else [0, 1, 1, 1, 2, 2, 3, 4]  # one of ours is signed inside
    for _ in range(chance.choice(times)):
        spoilt = chance.choices(_WAYS, _WEIGHTS)[0](sent, chance)
        sent = spoilt if len(spoilt.body) < _MOST else sent  # what is larger is refused unread, and has its own test
    return sent


def _bytes(sent, chance):
    return replace(sent, body=spoil_bytes(sent.body, chance))


def _tree(sent, chance):
    return replace(sent, body=spoil_tree(sent.body, chance))


def _data(sent, chance):
    """A file in no layer of base64, in one, two, three, or in something that is none."""
    def other(found):
        return found[1] + chance.choice(_LAYERS)(found[3], chance) + found[4]

    return replace(sent, body=_DATA.sub(other, sent.body, count=1))


def _unlayered(data, _chance):
    return base64.b64decode(data + b"=" * (-len(data) % 4))


_LAYERS = [
    lambda data, _: base64.b64encode(data), lambda data, _: base64.encodebytes(base64.b64encode(data)),
    lambda data, _: data.rstrip(b"="), lambda data, _: data.replace(b"A", b"-").replace(b"Q", b"_"), lambda *_: b"",
    lambda data, chance: data[: chance.randrange(len(data) + 1)], lambda data, _: b" \r\n".join([data[:9], data[9:]]),
    lambda *_: b"JVBERi0xLjQK", lambda *_: b"aG9sYQ==", lambda *_: b"%PDF-1.4 sin codificar", lambda *_: b"=" * 99,
    lambda *_: b"\xc3\xb1" * 20,
]  # fmt: skip


def _whole(sent, chance):
    """The envelope as a whole: a bomb of entities, an encoding, SOAP 1.2, two calls, none, nothing."""
    body = sent.body
    bare = re.sub(rb"^\s*<\?xml[^>]*\?>", b"", body)
    made = chance.choice([
        lambda: chance.choice(BOMBS) + bare,
        lambda: chance.choice(PROLOGS) + bare,
        lambda: bare.decode("utf-8", "replace").encode(chance.choice(ENCODINGS), "replace"),
        lambda: body.replace(SOAP.encode(), SOAP_12.encode()),
        lambda: re.sub(rb"(<[\w-]+:Body[^>]*>)(.*)(</)", rb"\1\2\2\3", body, count=1, flags=re.DOTALL),
        lambda: re.sub(rb"(<[\w-]+:Body[^>]*>).*(</[\w-]+:Body>)", rb"\1\2", body, count=1, flags=re.DOTALL),
        lambda: chance.choice(_NOTHING),
        lambda: re.sub(rb"(<[\w-]+:Body)", rb"<h:Header xmlns:h='" + SOAP.encode() +
                       rb"'><a h:mustUnderstand='1' xmlns='urn:x'>1</a></h:Header>\1", body, count=1),
        lambda: body + chance.choice([b"\x00", b"\n\n", b"<!-- fin -->", body, b"--frontera--"]),
    ])  # fmt: skip
    return replace(sent, body=made())


_NOTHING = [b"", b" ", b"\xef\xbb\xbf", b"\x00" * 200, b"{}", b"hola", b"<a/>", b"<", b"\xff\xfe<\x00"]


def _headers(sent, chance):
    headers = dict(sent.headers)
    for _ in range(chance.randint(1, 2)):
        name, values = chance.choice(CONTENT_TYPES)
        value = chance.choice(values)
        headers.pop(name, None)
        if value is not None:
            headers[name] = value
    return replace(sent, headers=headers, path=sent.path.partition("?")[0] + chance.choice(QUERIES))


def _elsewhere(sent, chance):
    """At the address of another service, or of none of its own operations."""
    return replace(sent, path=chance.choice(_PATHS))


_PATHS = [
    "/services/PcmIMgdTramite", "/services/PcmCuo", "/services/PcmIMgdEntidad", "/wsiotramite/Tramite",
    "/wsentidad/Entidad", "/wsiopidetramite/IOTramite", "/soap/mesadepartes",
]  # fmt: skip
_WAYS = (_bytes, _tree, _data, _whole, _headers, _elsewhere)
_WEIGHTS = (25, 40, 10, 10, 12, 3)
