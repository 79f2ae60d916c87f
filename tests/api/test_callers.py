"""Who may call by the national contract: by address, by certificate, by both; and nobody by accident."""

from urllib.parse import quote

import pytest
import zeep

from hub.api.callers import fingerprint_in, rucs_at
from hub.api.national.calls import CALLER_UNKNOWN
from hub.core.ports import Partner
from hub.wire.iotramite.services import TRAMITE
from hub.wire.trusted import leaf_of
from tests.api.conftest import running_hub
from tests.api.national import NAMESPACE, OEFA, question, recepcion, say, send
from tests.api.returning import Fixed, with_address


def a_partner(adapter="iotramite", **options):
    return Partner("oefa", OEFA, "OEFA", adapter, "", options)


@pytest.mark.parametrize(("options", "address", "is_demo", "may_call"), [
    ({}, "127.0.0.1", True, True),
    ({}, "127.0.0.1", False, False),
    ({}, "10.0.0.1", True, False),
    ({"allowed_ips": "190.12.1.5"}, "190.12.1.5", False, True),
    ({"allowed_ips": "190.12.1.5, 200.48.0.0/16"}, "200.48.76.125", False, True),
    ({"allowed_ips": "200.48.0.0/16"}, "::ffff:200.48.76.125", False, True),
    ({"allowed_ips": "190.12.1.5"}, "190.12.1.6", True, False),
    ({"allowed_ips": "190.12.1.5"}, "127.0.0.1", True, False),
    ({"allowed_ips": "190.12.1.5"}, "", False, False),
])  # fmt: skip
def test_only_listed_addresses_may_call(options, address, is_demo, may_call):
    assert rucs_at(address, [a_partner(**options)], is_demo=is_demo) == ({OEFA} if may_call else set())


def test_partners_of_other_contracts_do_not_call_here_unless_their_row_says_from_where():
    assert rucs_at("127.0.0.1", [a_partner("rest")], is_demo=True) == set()
    assert rucs_at("190.12.1.5", [a_partner("rest", allowed_ips="190.12.1.5")]) == {OEFA}


@pytest.mark.parametrize(("options", "address", "certificate", "may_call"), [
    ({"client_certs": "AA:BB"}, "8.8.8.8", "aabb", True),
    ({"client_certs": "AA:BB, CC:DD"}, "8.8.8.8", "ccdd", True),
    ({"client_certs": "AA:BB"}, "8.8.8.8", "", False),
    ({"client_certs": "AA:BB"}, "127.0.0.1", "", False),
    ({"client_certs": "AA:BB", "allowed_ips": "8.8.8.8"}, "8.8.8.8", "aabb", True),
    ({"client_certs": "AA:BB", "allowed_ips": "8.8.8.8"}, "8.8.8.8", "ccdd", False),
    ({"client_certs": "AA:BB", "allowed_ips": "8.8.8.8"}, "8.8.4.4", "aabb", False),
    ({"allowed_ips": "no es una red, 8.8.8.8"}, "8.8.8.8", "", True),
])  # fmt: skip
def test_each_proof_that_a_row_asks_for_must_hold(options, address, certificate, may_call):
    assert bool(rucs_at(address, [a_partner(**options)], is_demo=True, certificate=certificate)) is may_call


def test_the_certificate_is_read_from_the_header_of_the_web_server_in_front(hub):
    pem = (hub.keys / "entities" / "igp.crt.pem").read_bytes()
    assert fingerprint_in(quote(pem)) == leaf_of(pem).fingerprint.hex()
    assert [fingerprint_in(text) for text in ("", "hola", "%00%ff", quote("-----BEGIN CERTIFICATE-----"))] == [""] * 4


@pytest.fixture
def guarded(make_database, migrated_template, tmp_path_factory):
    """A hub whose OEFA must show a certificate, which the web server in front passes on; its answers are signed."""
    data, changes = tmp_path_factory.mktemp("mtls"), {"client_cert_header": "X-Client-Cert", "sign_national": True}
    with running_hub(make_database(migrated_template), data, **changes) as running:
        pem = (running.keys / "entities" / "igp.crt.pem").read_bytes()
        fingerprint = leaf_of(pem).fingerprint.hex()
        directory = with_address(running.directory, "oefa", "http://127.0.0.1:9", client_certs=fingerprint)
        running.app.extensions["mesa"].live_directory.stop()
        object.__setattr__(running.app.extensions["mesa"], "live_directory", Fixed(directory))
        running.certificate = quote(pem)
        yield running


def test_without_its_certificate_an_institution_is_nobody(guarded):
    assert say(guarded, recepcion())["vcodres"] == "-1"
    assert say(guarded, recepcion(), **{"X-Client-Cert": "otra"})["vcodres"] == "-1"
    assert say(guarded, recepcion(), **{"X-Client-Cert": guarded.certificate})["vcodres"] == "0000"
    assert say(guarded, question("999999999A"), **{"X-Client-Cert": guarded.certificate})["vcodres"] == "0001"


def test_a_header_that_nobody_set_up_proves_nothing(hub, guarded):
    """Where the setting is empty whoever writes such a header is as before: known by the address alone."""
    assert say(hub, question("999999999A"), **{"X-Client-Cert": guarded.certificate})["vcodres"] == "0001"


def test_a_signature_on_our_answers_disturbs_nobody_who_ignores_it(guarded):
    headers = {"X-Client-Cert": guarded.certificate}
    assert b"BinarySecurityToken" in send(guarded, question("999999999A"), **headers).content
    client = zeep.Client(f"{guarded.url}{TRAMITE.addresses[0]}?wsdl", settings=zeep.Settings(forbid_dtd=True))
    client.transport.session.headers.update(headers)
    service = client.create_service(f"{{{NAMESPACE}}}PcmIMgdTramiteSoap11Binding", guarded.url + TRAMITE.endpoint)
    answer = service.consultarTramiteResponse(request={"vrucentrem": OEFA, "vcuo": "999999999A"})
    assert (answer.vcodres, answer.vdesres) == ("0001", "DATOS NO ENCONTRADOS")


def test_of_a_stranger_nothing_large_is_read(guarded):
    for body in (recepcion(bpdfdoc="A" * (2 * 1024 * 1024)), recepcion()):
        assert say(guarded, body) == {"vcodres": "-1", "vdesres": CALLER_UNKNOWN}
