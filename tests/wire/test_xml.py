"""The hardened parser and the schemas."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from hub.core.errors import ContractError
from hub.wire import xml
from hub.wire.sobre import build
from tests.wire import sector


def test_nothing_is_fetched_from_the_network():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/x"
        for raw in (
            f'<!DOCTYPE a SYSTEM "{url}"><a/>',
            f'<a xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:noNamespaceSchemaLocation="{url}"/>',
            f'<a xmlns:x="http://www.w3.org/2001/XInclude"><x:include href="{url}"/></a>',
        ):
            try:
                xml.faults(xml.parse(raw.encode()), "sobre.xsd")
            except ContractError:
                continue
        with pytest.raises(TimeoutError):
            listener.accept()


@pytest.mark.parametrize(
    "raw",
    [
        '<?xml version="1.0" encoding="ISO-8859-1"?><a>ñ</a>'.encode("latin-1"),
        '<?xml version="1.0" encoding="UTF-16"?><a/>'.encode("utf-16"),
        b"<a>\xff\xfe</a>",
        b"<a/><b/>",
        b"<a" * 300 + b"/>",
    ],
)
def test_another_encoding_or_broken_bytes_are_malformed(raw):
    with pytest.raises(ContractError) as refused:
        xml.parse(raw)
    assert refused.value.code == "XML_MAL_FORMADO"


def test_a_dtd_written_in_an_encoding_that_hides_it_is_refused():
    with pytest.raises(ContractError) as refused:
        xml.parse(b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4APA-a/+AD4-')
    assert refused.value.code in {"XML_CON_DTD", "XML_MAL_FORMADO"}  # as the platform's libxml2 knows UTF-7 or not


def test_a_tree_too_deep_is_malformed_not_a_crash():
    with pytest.raises(ContractError) as refused:
        xml.parse(b"<a>" * 5000 + b"</a>" * 5000)
    assert refused.value.code == "XML_MAL_FORMADO"


def test_an_envelope_may_have_what_soap_stacks_write_but_no_dtd():
    raw = b'<e xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="x"><!-- axis --></e>'
    assert xml.parse(raw, is_envelope=True).tag == "e"
    with pytest.raises(ContractError) as refused:
        xml.parse(b"<!DOCTYPE e>" + raw, is_envelope=True)
    assert refused.value.code == "XML_CON_DTD"


def test_threads_never_see_each_others_faults():
    """One XMLSchema shared by threads mixes its error log: a citizen's data would show in another's refusal."""
    bad = {
        "Asunto": build(sector.sobre()).replace(b"<Asunto>", b"<Asunto>" + b"x" * 600),
        "Cuo": build(sector.sobre()).replace(b"<Cuo>0000012345", b"<Cuo>12"),
    }
    ready = threading.Barrier(4)

    def look(tag):
        ready.wait()
        return {
            xml.etree.QName(place).localname
            for _ in range(300)
            for place, _ in xml.faults(xml.parse(bad[tag]), "sobre.xsd", without="ds:Signature")
        }

    with ThreadPoolExecutor(4) as pool:
        tags = ["Asunto", "Cuo"] * 2
        assert list(pool.map(look, tags)) == [{tag} for tag in tags]


@pytest.mark.parametrize("prefix", ["ds", "xs", "fn", "processing-instruction", "id", "a.b-c"])
def test_a_fault_is_described_whatever_prefixes_the_sender_uses(prefix):
    raw = f'<{prefix}:Nada xmlns:{prefix}="urn:x"><{prefix}:Hijo/></{prefix}:Nada>'.encode()
    found = xml.faults(xml.parse(raw), "sobre.xsd")
    assert xml.describe(found).startswith("Nada:")


def test_a_report_follows_its_schema():
    xml.require(xml.parse(f'<Reporte xmlns="{xml.NS}" cuo="0000012345"><Mensaje>aG9sYQ==</Mensaje></Reporte>'.encode()),
                "reporte.xsd")  # fmt: skip
    with pytest.raises(ContractError) as refused:
        xml.require(xml.parse(f'<Reporte xmlns="{xml.NS}" cuo="1"/>'.encode()), "reporte.xsd")
    assert refused.value.code == "ESQUEMA_INVALIDO"
