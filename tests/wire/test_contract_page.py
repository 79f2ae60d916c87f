"""docs/contract.md says what the code does."""

import re
from pathlib import Path

import pytest
from lxml import etree

from hub.wire import xml
from hub.wire.codes import Refusal

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "contract.md").read_text()
ROW = re.compile(r"^\| `(\w+)` \| (\d+) \| (temporary|permanent) \| (emisor|receptor) \|", re.MULTILINE)


def test_its_table_of_codes_is_the_closed_list():
    said = {code: (int(status), kind == "temporary", culprit) for code, status, kind, culprit in ROW.findall(PAGE)}
    assert said == {one.wire: (one.status, one.is_temporary, one.culprit) for one in Refusal}


EXAMPLES = re.findall(r"```xml\n(.*?)```", PAGE, re.DOTALL)
BODIES = ("Registrado", "Observado", "Rechazado")


@pytest.mark.parametrize("root", ["Sobre", "Acuse"])
def test_its_messages_follow_the_schema_but_for_the_signature_left_out(root):
    example = next(text for text in EXAMPLES if f"<{root} " in text)
    tree = etree.fromstring(re.sub(r"<ds:Signature.*?</ds:Signature>", "", example).encode())
    assert not xml.faults(tree, "sobre.xsd", without="ds:Signature")


@pytest.mark.parametrize("body", BODIES)
def test_its_three_cargos_follow_the_schema(body):
    acuse = next(text for text in EXAMPLES if "<Acuse " in text)
    header = re.search(r"<Cabecera>.*?</Cabecera>", acuse, re.DOTALL)[0]
    text = re.search(rf"<{body}>.*?</{body}>", PAGE, re.DOTALL)[0]
    tree = etree.fromstring(f'<Cargo xmlns="{xml.NS}">{header}{text}</Cargo>'.encode())
    assert not xml.faults(tree, "sobre.xsd", without="ds:Signature")
