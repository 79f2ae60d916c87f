"""What happens to a message on its way, or what somebody tries: to its bytes, to its elements, to its headers."""

import base64
import random
import re
from dataclasses import replace

from lxml import etree

from tests.fuzz.stacks import SOAP, SOAP_12
from tests.fuzz.values import BOMBS, CONTENT_TYPES, ENCODINGS, NAMES, PIECES, PROLOGS, QUERIES, VALUES

_PARSER = etree.XMLParser(resolve_entities=False, huge_tree=True, recover=True)
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


def spoil_bytes(body, chance):
    """A bit turned over, a piece cut out, doubled, put in; the end lost."""
    if not body:
        return body
    place = chance.randrange(len(body))
    other = min(len(body), place + chance.choice([1, 4, 40, 400]))
    how = chance.randrange(7)
    if how == 0:
        return body[:place] + bytes([body[place] ^ 1 << chance.randrange(8)]) + body[place + 1 :]
    put = {
        1: b"", 2: body[place:other] * 2, 3: chance.choice(PIECES), 4: chance.randbytes(chance.randrange(1, 9)),
        5: chance.choice(PIECES) * chance.choice([1, 3, 200]),
    }.get(how)  # fmt: skip
    return body[:place] if put is None else body[:place] + put + body[place if how > 2 else other :]


def spoil_tree(body, chance):
    """Its elements: left out, twice, in another order, with another name, another text, deeper, without wrapper."""
    inner = _elements(body)
    if not inner:
        return spoil_bytes(body, chance)
    tree = inner[0].getroottree()
    try:
        chance.choice(_ON_TREES)(chance.choice(inner), chance)
        return etree.tostring(tree, xml_declaration=chance.random() < 0.5, encoding="UTF-8")
    except (ValueError, etree.LxmlError):  # a text or an encoding that no tree can hold
        return spoil_bytes(body, chance)


def _elements(body):
    """Those below the root; none of what was spoilt beyond reading."""
    try:
        root = etree.fromstring(body, _PARSER)
    except etree.XMLSyntaxError:
        return []
    found = [] if root is None else root.iter()
    return [one for one in found if isinstance(one.tag, str) and one.getparent() is not None]


def _gone(one, _chance):
    one.getparent().remove(one)


def _twice(one, chance):
    content = etree.tostring(one, with_tail=False)
    for _ in range(chance.choice([1, 1, 1, 30, 200]) if len(content) < 10_000 else 1):
        one.addnext(etree.fromstring(content, _PARSER))


def _moved(one, chance):
    parent = one.getparent()
    parent.insert(chance.randrange(len(parent)), one)


def _renamed(one, chance):
    name = chance.choice(NAMES)
    one.tag = name if chance.random() < 0.5 else one.tag.rpartition("}")[0] + one.tag.rpartition("}")[1] + name


def _said(one, chance):
    """Another value; half the time only where there was a text."""
    one.text = chance.choice(VALUES)


def _huge(one, chance):
    one.text = chance.choice(["A", "ñ", "9", " ", "€uro "]) * chance.choice([300, 20_000, 20_000, 20_000, 300_000])


def _deep(one, chance):
    for _ in range(chance.choice([1, 2, 60, 300, 2_000])):
        inside = etree.SubElement(one, chance.choice(["a", "request", "vasu"]))
        one = inside
    one.text = "hondo"


def _unwrapped(one, _chance):
    parent, place = one.getparent(), one.getparent().index(one)
    for child in list(one):
        parent.insert(place, child)
        place += 1
    parent.remove(one)


def _wrapped(one, chance):
    around = etree.Element(chance.choice(NAMES))
    one.getparent().replace(one, around)
    around.append(one)


def _marked(one, chance):
    name, value = chance.choice([
        ("{http://www.w3.org/2001/XMLSchema-instance}nil", "true"), ("Id", "x"), (f"{{{SOAP}}}mustUnderstand", "1"),
        ("{http://www.w3.org/2001/XMLSchema-instance}type", "xsd:int"), ("href", "#1"), ("vcuo", "1"),
        ("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation", "http://127.0.0.1:9/ x"),
    ])  # fmt: skip
    one.set(name, value)


def _noted(one, chance):
    one.append(chance.choice([etree.Comment(" nota "), etree.PI("php", "echo 1"), etree.Entity("amp")]))
    one[-1].tail = chance.choice(VALUES)


_ON_TREES = (
    _gone, _gone, _twice, _moved, _renamed, _said, _said, _said, _said, _huge, _deep, _unwrapped, _wrapped, _marked,
    _noted,
)  # fmt: skip
