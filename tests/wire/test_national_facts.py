"""Our WSDL files hold what the national contract states, with nothing more and nothing less; and each is served."""

import pytest
from lxml import etree

from hub.wire.iotramite.services import SERVICES, wsdl
from hub.wire.xml import SCHEMAS
from tests.wire.national_facts import FACTS

WSDL, SOAP = "{http://schemas.xmlsoap.org/wsdl/}", "{http://schemas.xmlsoap.org/wsdl/soap/}"
XS = "{http://www.w3.org/2001/XMLSchema}"
BY_FILE = {service.file: service for service in SERVICES}


@pytest.fixture(params=sorted(FACTS))
def stated(request):
    """(what is stated, the file as we serve it)"""
    served = wsdl(BY_FILE[request.param], "https://mesa.example")
    return FACTS[request.param], etree.fromstring(served)


def local(name):
    return (name or "").rpartition(":")[2]


def fields(kind):
    """The elements of a type as the table writes them."""
    said = []
    assert [one.tag for one in kind] in ([], [f"{XS}sequence"], [f"{XS}complexType"]) and not kind.get("abstract")
    for one in kind.iterfind(f".//{XS}sequence/{XS}element"):
        assert one.get("minOccurs") in (None, "0", "1") and one.get("maxOccurs") in (None, "1", "unbounded")
        marks = "?" * (one.get("minOccurs") == "0") + "*" * (one.get("maxOccurs") == "unbounded")
        said.append(f"{one.get('name')}:{local(one.get('type'))}{marks}{'~' * (one.get('nillable') == 'true')}")
    return " ".join(said)


def test_every_file_is_stated_and_served():
    assert {path.name for path in (SCHEMAS / "iotramite").glob("*.wsdl")} == set(FACTS) == set(BY_FILE)
    assert {name: set(one.operations) for name, one in BY_FILE.items()} == {
        name: set(facts["actions"]) for name, facts in FACTS.items()
    }


def test_its_names_are_the_contracts(stated):
    facts, root = stated
    (service,), (port,) = root.findall(f"{WSDL}service"), root.findall(f"{WSDL}service/{WSDL}port")
    (binding,), (port_type,) = root.findall(f"{WSDL}binding"), root.findall(f"{WSDL}portType")
    assert root.get("targetNamespace") == facts["namespace"]
    found = [one.get("name") for one in (service, port, binding, port_type)]
    assert found == [facts[name] for name in ("service", "port", "binding", "port_type")]
    assert (local(port.get("binding")), local(binding.get("type"))) == (facts["binding"], facts["port_type"])


def test_it_is_soap_1_1_document_literal_with_unqualified_children(stated):
    facts, root = stated
    (schema,) = root.findall(f"{WSDL}types/{XS}schema")
    assert schema.get("targetNamespace") == facts["namespace"]
    assert [schema.get(f"{what}FormDefault") for what in ("element", "attribute")] == ["unqualified"] * 2
    (bound,) = root.findall(f"{WSDL}binding/{SOAP}binding")
    assert (bound.get("style"), bound.get("transport")) == ("document", "http://schemas.xmlsoap.org/soap/http")
    assert {one.get("use") for one in root.iter(f"{SOAP}body", f"{SOAP}fault")} == {"literal"}
    assert {one.get("style") for one in root.iter(f"{SOAP}operation")} == {"document"}
    assert not [one for one in root.iter() if isinstance(one.tag, str) and "soap12" in one.tag]


def test_its_operations_have_the_contracts_actions_and_messages(stated):
    facts, root = stated
    bound = {one.get("name"): one for one in root.findall(f"{WSDL}binding/{WSDL}operation")}
    assert {name: one.find(f"{SOAP}operation").get("soapAction") for name, one in bound.items()} == facts["actions"]
    declared = root.findall(f"{WSDL}portType/{WSDL}operation")
    assert [one.get("name") for one in declared] == list(facts["actions"]) == list(bound)
    for one in declared:
        name, fault = one.get("name"), facts["faults"].get(one.get("name"))
        told = [(local(part.tag).rpartition("}")[2], local(part.get("message"))) for part in one if part.get("message")]
        expected = [("input", facts["request_message"].format(name)), ("output", f"{name}Response")]
        assert told == expected + ([("fault", fault)] if fault else [])


def test_every_message_carries_the_element_of_its_name(stated):
    facts, root = stated
    parts = {one.get("name"): [(local(part.get("element")), part.get("name")) for part in one.findall(f"{WSDL}part")]
             for one in root.findall(f"{WSDL}message")}  # fmt: skip
    expected = {}
    for name in facts["actions"]:
        expected[facts["request_message"].format(name)] = [(name, "parameters")]
        expected[f"{name}Response"] = [(f"{name}Response", "parameters")]
    expected |= {fault: [(fault, fault)] for fault in facts["faults"].values()}
    assert parts == expected


def test_its_types_are_the_contracts_field_by_field(stated):
    facts, root = stated
    schema = root.find(f"{WSDL}types/{XS}schema")
    roots = {one.get("name"): one for one in schema.findall(f"{XS}element")}
    types = {one.get("name"): fields(one) for one in schema.findall(f"{XS}complexType")}
    types |= {name: fields(one) for name, one in roots.items() if len(one)}
    assert types == facts["types"]
    named = [name for name, one in roots.items() if not len(one)]
    assert all(local(roots[name].get("type")) == name for name in named)
    wanted = {*facts["actions"], *(f"{name}Response" for name in facts["actions"]), *facts["faults"].values()}
    assert set(roots) == wanted


def test_no_element_is_qualified_by_itself_and_nothing_is_imported(stated):
    _, root = stated
    assert not [one for one in root.iter(f"{XS}element") if one.get("form") not in (None, "unqualified")]
    assert not list(root.iter(f"{XS}import", f"{WSDL}import", f"{XS}any", f"{XS}choice"))


_KNOWN = {
    WSDL: {"definitions", "types", "message", "part", "portType", "operation", "input", "output", "fault", "binding",
           "service", "port", "documentation"},
    SOAP: {"binding", "operation", "body", "fault", "address"},
    XS: {"schema", "element", "complexType", "sequence"},
}  # fmt: skip


def test_it_holds_nothing_of_any_other_kind(stated):
    """No header, no policy, no attribute, no restriction, no extension, no type of its own for a simple text."""
    _, root = stated
    found = {one.tag for one in root.iter() if isinstance(one.tag, str)}
    assert found <= {f"{namespace}{name}" for namespace, names in _KNOWN.items() for name in names}
    for schema in root.iter(f"{XS}schema"):
        assert {one.tag for one in schema.iterchildren("*")} <= {f"{XS}element", f"{XS}complexType"}
        known = {"name", "type", "minOccurs", "maxOccurs", "nillable", "form"}
        assert {name for one in schema.iter(f"{XS}element") for name in one.attrib} <= known


def test_each_name_is_of_the_namespace_that_it_should_be(stated):
    facts, root = stated
    simple = {"string", "int", "dateTime", "base64Binary"}
    for one in root.iter():
        for attribute in ("type", "element", "message", "binding"):
            prefix, _, name = (one.get(attribute) or "").rpartition(":")
            if name:
                expected = XS.strip("{}") if attribute == "type" and name in simple else facts["namespace"]
                assert one.nsmap.get(prefix or None) == expected, (one.tag, attribute, name)


def test_each_operation_is_bound_as_it_is_declared(stated):
    facts, root = stated
    for one in root.findall(f"{WSDL}binding/{WSDL}operation"):
        fault = facts["faults"].get(one.get("name"))
        parts = [part for part in one if part.tag.startswith(WSDL)]
        declared = ["input", "output"] + (["fault"] if fault else [])
        assert [local(part.tag).rpartition("}")[2] for part in parts] == declared
        assert [part.get("name") for part in one.iter(f"{SOAP}fault")] == ([fault] if fault else [])
        assert [dict(part.attrib) for part in one.iter(f"{SOAP}body")] == [{"use": "literal"}] * 2


def test_nothing_stands_there_twice_and_messages_are_named_alike_where_they_are_bound(stated):
    _, root = stated
    for parent in root.iter("*"):
        names = [(one.tag, one.get("name")) for one in parent.iterchildren("*")]
        assert len(names) == len(set(names)), names
    declared, bound = (
        {(one.get("name"), part.tag, part.get("name")) for one in root.findall(f"{WSDL}{where}/{WSDL}operation")
         for part in one.iterchildren("{*}input", "{*}output", "{*}fault")}
        for where in ("portType", "binding")
    )  # fmt: skip
    assert declared == bound


def test_its_address_is_ours(stated):
    _, root = stated
    (address,) = root.iter(f"{SOAP}address")
    assert address.get("location").startswith("https://mesa.example/")
