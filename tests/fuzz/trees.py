"""A message spoilt inside: its bytes, and its elements as a program that reads XML would have written them."""

from lxml import etree

from tests.fuzz.stacks import SOAP
from tests.fuzz.values import NAMES, PIECES, VALUES

_PARSER = etree.XMLParser(resolve_entities=False, huge_tree=True, recover=True)


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
    except (TypeError, ValueError, etree.LxmlError):  # a text, a name or an encoding that no tree can hold
        return spoil_bytes(body, chance)


def _elements(body):
    """Those below the root; none of what was spoilt beyond reading."""
    try:
        root = etree.fromstring(body, _PARSER)
        found = [] if root is None else root.iter()
        return [one for one in found if isinstance(one.tag, str) and one.getparent() is not None]
    except (ValueError, etree.LxmlError):
        return []


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
