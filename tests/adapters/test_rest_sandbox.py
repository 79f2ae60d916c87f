"""The sandbox institution over REST, seen from the wire: what it keeps, answers, refuses and says afterwards."""

import base64
import concurrent.futures
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate
from lxml import etree
from signxml import SignatureConfiguration, XMLVerifier

from hub.core.ports import TrustedCertificate
from hub.wire.keys import load_signer
from hub.wire.seal import digest_of, open_sealed
from tests.adapters.parcels import make_parcel, make_sobre, other_signature, partner, sealed_parcel
from tests.fixtures.hub_stub import HubStub
from tests.fixtures.sandbox import HUB_RUC, RUCS, Sandbox, wait_until

NS = "{urn:pe:mesa-integrada:1}"
FAST = {"register_after": 0.05, "process_after": 0.05, "answer_after": 0.05, "retry_first": 0.05, "retry_most": 0.2}
NEVER = {"register_after": -1}


@pytest.fixture
def signer(keys):
    return keys.hub_signer()


@pytest.fixture(scope="module")
def calm(keys, tmp_path_factory):
    """One institution for the tests that only knock: (institution, make a parcel for it)."""
    hub = HubStub()
    igp = Sandbox("rest", "igp", tmp_path_factory.mktemp("igp"), keys, hub.url, options=NEVER).start()
    to, signer = partner("igp", "rest", igp.url), keys.hub_signer()
    yield igp, lambda **changes: make_parcel(hub, signer, to, **changes)
    igp.stop()
    hub.close()


@pytest.fixture
def parcel_for(hub_stub, signer):
    """parcel_for(institution, ...) -> a Parcel signed by the hub, its documents at the stub."""

    def make(institution, *contents, **changes):
        to = partner(institution.code, institution.kind, institution.url)
        return make_parcel(hub_stub, signer, to, contents or (b"%PDF-1.4 uno",), **changes)

    return make


@pytest.fixture
def token(keys):
    def make(**changes):
        now = int(time.time())
        claims = {"iss": HUB_RUC, "aud": RUCS["igp"], "iat": now, "exp": now + 60, "jti": str(uuid4())} | changes
        pem = (keys.folder / "hub" / "token.key.pem").read_bytes()
        return jwt.encode(claims, load_pem_private_key(pem, None), "ES256")

    return make


def post(institution, data, **headers):
    headers = {"Content-Type": "application/xml"} | headers
    return requests.post(f"{institution.url}/sobres", data=data, headers=headers, timeout=20)


def ask(institution, cuo, token):
    return requests.get(f"{institution.url}/sobres/{cuo}", headers={"Authorization": f"Bearer {token}"}, timeout=20)


def opened(keys, code, data):
    """Read a message of an institution as the hub does."""
    far = timedelta(days=365)
    pem = keys.of(code)[1].read_bytes()
    held = TrustedCertificate(pem, datetime.now(UTC) - far, datetime.now(UTC) + far)
    return open_sealed(data, lambda ruc: (held,), receiver_ruc=HUB_RUC, now=datetime.now(UTC))


def test_a_sobre_is_held_with_its_documents_before_the_acuse_is_given(sandbox, parcel_for, keys):
    igp = sandbox("rest", "igp", **NEVER)
    parcel = parcel_for(igp, b"%PDF-1.4 uno", b"annex")
    answer = post(igp, parcel.sealed)
    acuse = opened(keys, "igp", answer.content).message
    assert (answer.status_code, acuse.header.answers, acuse.header.cuo) == (200, parcel.message_id, parcel.cuo)
    assert acuse.sobre_digest == digest_of(parcel.sealed)
    [entry] = igp.held()
    assert entry["sha256s"] == [document.sha256 for document in parcel.documents]
    folder = igp.data / "documentos" / parcel.cuo
    assert sorted(file.name for file in folder.iterdir()) == sorted(entry["sha256s"])


def test_signxml_and_xmlsec_verify_the_acuse_with_nothing_but_the_certificate(sandbox, parcel_for, keys, tmp_path):
    igp = sandbox("rest", "igp", **NEVER)
    answer = post(igp, parcel_for(igp).sealed)
    certificate = keys.of("igp")[1]
    found = XMLVerifier().verify(
        answer.content, x509_cert=certificate.read_text(), expect_config=SignatureConfiguration(location="./")
    )
    assert found.signed_xml.tag == f"{NS}Acuse"
    (tmp_path / "acuse.xml").write_bytes(answer.content)
    program = (
        "import sys, xmlsec; from lxml import etree; root = etree.parse(sys.argv[1]).getroot();"
        "context = xmlsec.SignatureContext();"
        "context.key = xmlsec.Key.from_file(sys.argv[2], xmlsec.constants.KeyDataFormatCertPem);"
        "context.verify(xmlsec.tree.find_node(root, xmlsec.constants.NodeSignature))"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "acuse.xml"), str(certificate)], check=True)


def test_the_same_message_twice_gets_the_stored_acuse_byte_for_byte(sandbox, parcel_for, signer):
    igp = sandbox("rest", "igp", **NEVER)
    parcel = parcel_for(igp)
    first = post(igp, parcel.sealed)
    again = post(igp, other_signature(parcel, signer).sealed)
    assert again.content == first.content
    assert [entry["times_received"] for entry in igp.held()] == [2]


def test_the_same_message_at_the_same_time_is_held_once(sandbox, parcel_for):
    igp = sandbox("rest", "igp", **NEVER)
    parcel = parcel_for(igp)
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: post(igp, parcel.sealed).content, range(8)))
    assert len(set(answers)) == 1
    assert len(igp.held()) == 1


def test_an_id_or_a_cuo_with_other_content_is_refused(sandbox, parcel_for, signer):
    igp = sandbox("rest", "igp", **NEVER)
    parcel = parcel_for(igp)
    post(igp, parcel.sealed)
    same_id = replace(parcel.sobre, subject="Otro asunto")
    same_cuo = replace(parcel.sobre, header=replace(parcel.sobre.header, message_id=uuid4()))
    for sobre in (same_id, same_cuo):
        answer = post(igp, sealed_parcel(sobre, signer, parcel.partner).sealed)
        assert (answer.status_code, answer.json()["code"]) == (409, "MENSAJE_CON_OTRO_CONTENIDO")
        assert answer.json()["message_id"] == str(sobre.header.message_id)
    assert len(igp.held()) == 1


def test_a_receiver_told_not_to_deduplicate_holds_it_twice(sandbox, parcel_for):
    igp = sandbox("rest", "igp", **NEVER)
    igp.control(deduplicate=False)
    parcel = parcel_for(igp)
    post(igp, parcel.sealed)
    post(igp, parcel.sealed)
    assert len(igp.held(parcel.cuo)) == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda data: data.replace(b"Pide registros", b"Pide registroz"), "FIRMA_INVALIDA"),
        (lambda data: data[:-30], "XML_MAL_FORMADO"),
        (lambda data: b"", "XML_MAL_FORMADO"),
        (lambda data: b'<!DOCTYPE Sobre [<!ENTITY a "b">]>' + data.partition(b"?>\n")[2], "XML_CON_ENTIDADES"),
        (lambda data: b'<!DOCTYPE Sobre SYSTEM "http://127.0.0.1:9/x">' + data.partition(b"?>\n")[2], "XML_CON_DTD"),
        (lambda data: data.replace(b"<Asunto>", b"<Asunto><!-- no -->"), "ESQUEMA_INVALIDO"),
        (lambda data: data.replace(b"<Folios>3", b"<Folios>tres"), "ESQUEMA_INVALIDO"),
        (lambda data: data + b"<?despues algo?>", "ESQUEMA_INVALIDO"),
        (lambda data: data.replace(b"ecdsa-sha256", b"ecdsa-sha1"), "ALGORITMO_NO_ADMITIDO"),
        (lambda data: data.replace(b'URI=""', b'URI="#otro"'), "REFERENCIA_NO_ADMITIDA"),
        (lambda data: data[: data.index(b"<ds:Signature")] + b"</Sobre>", "FIRMA_AUSENTE"),
    ],
)
def test_what_is_not_as_the_contract_says_is_refused(calm, change, code):
    igp, new_parcel = calm
    parcel = new_parcel()
    answer = post(igp, change(parcel.sealed))
    assert answer.json()["code"] == code
    assert (answer.json()["temporary"], igp.held(parcel.cuo)) == (False, [])


def test_a_signed_message_moved_inside_another_is_refused(calm):
    igp, new_parcel = calm
    root = etree.fromstring(new_parcel().sealed)
    wrapper = etree.fromstring(new_parcel().sealed)
    wrapper[-1].getparent().remove(wrapper[-1])
    wrapper.append(root)
    assert post(igp, etree.tostring(wrapper)).json()["code"] == "FIRMA_FUERA_DE_LUGAR"


def test_a_sobre_signed_by_another_entity_is_refused(calm, keys):
    igp, new_parcel = calm
    forged = other_signature(new_parcel(), load_signer(*keys.of("senace")))
    assert post(igp, forged.sealed).json()["code"] == "FIRMANTE_DESCONOCIDO"


def test_a_sobre_for_another_institution_or_from_the_future_is_refused(calm, signer):
    igp, new_parcel = calm
    elsewhere = sealed_parcel(make_sobre(RUCS["senace"], ()), signer, None)
    assert post(igp, elsewhere.sealed).json()["code"] == "RECEPTOR_EQUIVOCADO"
    ahead = new_parcel(issued_at=datetime.now(UTC) + timedelta(minutes=6))
    assert post(igp, ahead.sealed).json()["code"] == "INSTANTE_ADELANTADO"
    old = new_parcel(issued_at=datetime.now(UTC) - timedelta(hours=20))
    assert post(igp, old.sealed).status_code == 200


def test_a_document_that_is_not_the_announced_one_is_refused(calm):
    igp, new_parcel = calm
    lie = new_parcel(announce=lambda ref: replace(ref, sha256="0" * 64))
    assert post(igp, lie.sealed).json()["code"] == "DOCUMENTO_ALTERADO"
    shorter = new_parcel(announce=lambda ref: replace(ref, size=ref.size - 1))
    assert post(igp, shorter.sealed).json()["code"] == "DOCUMENTO_ALTERADO"
    assert igp.held(lie.cuo) + igp.held(shorter.cuo) == []


def test_a_document_that_cannot_be_fetched_now_may_come_later(sandbox, parcel_for, hub_stub):
    igp = sandbox("rest", "igp", **NEVER)
    parcel = parcel_for(igp)
    hub_stub.are_documents_down = True
    answer = post(igp, parcel.sealed)
    assert (answer.status_code, answer.json()["code"], answer.json()["temporary"]) == (
        503,
        "DOCUMENTO_INACCESIBLE",
        True,
    )
    hub_stub.are_documents_down = False
    assert post(igp, parcel.sealed).status_code == 200


def test_a_document_elsewhere_than_at_the_hub_is_not_fetched(calm):
    igp, new_parcel = calm
    parcel = new_parcel(announce=lambda ref: replace(ref, address="http://127.0.0.1:9/secreto"))
    assert post(igp, parcel.sealed).json()["code"] == "DOCUMENTO_INACCESIBLE"


def test_a_transfer_that_is_cut_goes_on_where_it_stopped(sandbox, parcel_for, hub_stub):
    igp = sandbox("rest", "igp", **NEVER)
    parcel = parcel_for(igp, bytes(range(256)) * 4096)
    hub_stub.cut_documents = 1
    assert post(igp, parcel.sealed).json()["code"] == "DOCUMENTO_INACCESIBLE"
    assert post(igp, parcel.sealed).status_code == 200
    assert [span is not None for span in hub_stub.ranges] == [False, True]


def test_each_document_is_asked_for_with_a_token_of_its_own(sandbox, parcel_for, hub_stub, keys):
    igp = sandbox("rest", "igp", **NEVER)
    post(igp, parcel_for(igp, b"uno", b"dos").sealed)
    key = load_pem_x509_certificate(keys.of("igp")[1].read_bytes()).public_key()
    claims = [
        jwt.decode(found.removeprefix("Bearer "), key, ["ES256"], audience=HUB_RUC, issuer=RUCS["igp"])
        for found in hub_stub.tokens
    ]
    assert len({claim["jti"] for claim in claims}) == 2
    assert all(claim["exp"] - claim["iat"] <= 300 for claim in claims)


def test_large_documents_are_fetched_after_a_202_and_the_acuse_comes_by_itself(
    sandbox, parcel_for, hub_stub, token, keys
):
    igp = sandbox("rest", "igp", inline_limit=1000, **(FAST | NEVER))
    hub_stub.are_documents_down = True
    parcel = parcel_for(igp, b"x" * 5000)
    assert post(igp, parcel.sealed).status_code == 202
    assert post(igp, parcel.sealed).status_code == 202
    assert ask(igp, parcel.cuo, token()).status_code == 202
    assert igp.held() == []
    hub_stub.are_documents_down = False
    wait_until(lambda: hub_stub.of_kind("Acuse"))
    acuse = opened(keys, "igp", hub_stub.messages[0]).message
    assert (acuse.header.answers, acuse.sobre_digest) == (parcel.message_id, digest_of(parcel.sealed))
    assert [entry["times_received"] for entry in igp.held()] == [2]
    assert post(igp, parcel.sealed).content == hub_stub.messages[0]


def test_a_large_document_that_is_not_the_announced_one_is_said_when_asked(sandbox, parcel_for, token):
    igp = sandbox("rest", "igp", inline_limit=1000, **FAST)
    parcel = parcel_for(igp, b"x" * 5000, announce=lambda ref: replace(ref, sha256="0" * 64))
    assert post(igp, parcel.sealed).status_code == 202
    wait_until(lambda: ask(igp, parcel.cuo, token()).status_code == 422)
    assert ask(igp, parcel.cuo, token()).json()["code"] == "DOCUMENTO_ALTERADO"


def test_it_registers_processes_and_answers_and_says_each_once(sandbox, parcel_for, hub_stub, keys):
    igp = sandbox("rest", "igp", **FAST)
    hub_stub.refuse_messages = 2
    parcel = parcel_for(igp)
    post(igp, parcel.sealed)
    wait_until(lambda: len(hub_stub.messages) == 3)
    cargo, process, answered = [opened(keys, "igp", message).message for message in hub_stub.messages]
    assert (cargo.outcome, cargo.registry_number, cargo.header.answers) == ("registrado", "000001", parcel.message_id)
    assert cargo.expediente_number and cargo.unit and cargo.registry_year == str(datetime.now().year)
    assert [process.movement, answered.movement] == ["in_process", "answered"]
    assert igp.held()[0]["registry_number"] == "000001"


def test_its_register_has_no_gaps(sandbox, parcel_for, hub_stub):
    igp = sandbox("rest", "igp", **(FAST | {"process_after": -1, "answer_after": -1}))
    parcels = [parcel_for(igp) for _ in range(12)]
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda parcel: post(igp, parcel.sealed).raise_for_status(), parcels))
    wait_until(lambda: len(hub_stub.of_kind("Cargo")) == 12)
    numbers = [entry["registry_number"] for entry in igp.held()]
    assert sorted(numbers) == [f"{number:06d}" for number in range(1, 13)]


def test_the_report_has_what_was_said_byte_for_byte(sandbox, parcel_for, hub_stub, token):
    igp = sandbox("rest", "igp", **FAST)
    parcel = parcel_for(igp)
    acuse = post(igp, parcel.sealed).content
    wait_until(lambda: len(hub_stub.messages) == 3)
    report = etree.fromstring(ask(igp, parcel.cuo, token()).content)
    assert [base64.b64decode(message.text) for message in report] == [acuse, *hub_stub.messages]
    assert report.get("cuo") == parcel.cuo


def test_a_report_needs_a_token_of_the_hub_used_once(sandbox, parcel_for, token, keys):
    igp = sandbox("rest", "igp", **NEVER)
    parcel = parcel_for(igp)
    post(igp, parcel.sealed)
    now = int(time.time())
    stranger = load_pem_private_key(keys.of("senace")[0].read_bytes(), None)
    claims = {"iss": HUB_RUC, "aud": RUCS["igp"], "iat": now, "exp": now + 60, "jti": "x"}
    once = token()
    tried = [
        (once, 200, None),
        (once, 401, "CREDENCIAL_REPETIDA"),
        ("", 401, "CREDENCIAL_AUSENTE"),
        ("no.es.token", 401, "CREDENCIAL_INVALIDA"),
        (jwt.encode(claims, stranger, "ES256"), 401, "CREDENCIAL_INVALIDA"),
        (token(aud=RUCS["senace"]), 401, "CREDENCIAL_INVALIDA"),
        (token(exp=now - 60), 401, "CREDENCIAL_VENCIDA"),
        (token(exp=now + 3600), 401, "CREDENCIAL_VENCIDA"),
    ]
    for given, status, code in tried:
        answer = ask(igp, parcel.cuo, given)
        assert answer.status_code == status, given
        assert code is None or answer.json()["code"] == code


def test_an_unknown_cuo_is_404_with_its_code(calm, token):
    igp, _ = calm
    answer = ask(igp, "0000000099", token())
    assert (answer.status_code, answer.json()["code"]) == (404, "CUO_DESCONOCIDO")


def test_an_observation_and_a_refusal_are_said_with_their_items_and_reason(sandbox, parcel_for, hub_stub, keys):
    igp = sandbox("rest", "igp", **FAST)
    igp.control(observe_next=["Falta la firma", "Falta el poder"])
    post(igp, parcel_for(igp).sealed)
    wait_until(lambda: len(hub_stub.of_kind("Cargo")) == 1)
    igp.control(refuse_next={"reason": "NO_COMPETE", "text": "Es del SENAMHI", "right_body": RUCS["senamhi"]})
    post(igp, parcel_for(igp).sealed)
    wait_until(lambda: len(hub_stub.of_kind("Cargo")) == 2)
    observed, refused = [opened(keys, "igp", message).message for message in hub_stub.messages]
    assert (observed.outcome, observed.items) == ("observado", ("Falta la firma", "Falta el poder"))
    assert (refused.outcome, refused.reason, refused.right_body_ruc) == ("rechazado", "NO_COMPETE", RUCS["senamhi"])
    assert refused.registry_number == ""


def test_a_held_cargo_is_told_when_asked_and_sent_when_let_go(sandbox, parcel_for, hub_stub, token):
    igp = sandbox("rest", "igp", **(FAST | {"process_after": -1, "answer_after": -1}))
    igp.control(hold_cargo=True)
    parcel = parcel_for(igp)
    post(igp, parcel.sealed)
    wait_until(lambda: len(etree.fromstring(ask(igp, parcel.cuo, token()).content)) == 2)
    assert hub_stub.messages == []
    igp.control(hold_cargo=False)
    wait_until(lambda: hub_stub.of_kind("Cargo"))


def test_it_goes_on_after_a_kill(sandbox, parcel_for, hub_stub):
    igp = sandbox("rest", "igp", **FAST)
    hub_stub.refuse_messages = 10_000
    parcel = parcel_for(igp)
    acuse = post(igp, parcel.sealed).content
    igp.control(delay=0.01)
    wait_until(lambda: igp.held()[0]["registry_number"])
    igp.kill()
    hub_stub.refuse_messages = 0
    igp.start()
    assert post(igp, parcel.sealed).content == acuse
    wait_until(lambda: len(hub_stub.messages) == 3)
    assert requests.get(f"{igp.url}/control", timeout=5).json()["delay"] == 0.01
    assert [(entry["registry_number"], entry["times_received"]) for entry in igp.held()] == [("000001", 2)]


def test_it_misbehaves_as_told_and_then_behaves(sandbox, parcel_for, token):
    igp = sandbox("rest", "igp", **NEVER)
    parcel = parcel_for(igp)
    igp.control(fail=1, garbage=1)
    assert post(igp, parcel.sealed).status_code == 500
    assert post(igp, parcel.sealed).content.startswith(b"<html>")
    assert igp.held() == []
    igp.control(lose_answer=1)
    with pytest.raises(requests.ConnectionError):
        post(igp, parcel.sealed)
    assert len(igp.held()) == 1
    igp.control(hang=1)
    with pytest.raises(requests.ReadTimeout):
        requests.post(f"{igp.url}/sobres", data=parcel.sealed, headers={"Content-Type": "application/xml"}, timeout=0.3)
    assert post(igp, parcel.sealed).status_code == 200
    assert requests.post(f"{igp.url}/control", json={"no_such": 1}, timeout=5).status_code == 400


def test_nothing_that_is_sent_makes_an_unhandled_error(calm):
    igp, new_parcel = calm
    assert post(igp, b"x" * 2_000_000).status_code == 413
    assert post(igp, b"{}", **{"Content-Type": "application/json"}).status_code == 415
    assert requests.get(f"{igp.url}/otra", timeout=5).status_code == 400
    assert requests.post(f"{igp.url}/control", data=b"[", timeout=5).status_code == 400
    assert post(igp, b"\xff\xfe\x00").json()["code"] == "XML_MAL_FORMADO"
    assert post(igp, new_parcel().sealed).status_code == 200


def test_what_was_acknowledged_before_a_kill_is_held_after_it(sandbox, parcel_for):
    igp = sandbox("rest", "igp", **(FAST | {"process_after": -1, "answer_after": -1}))
    parcels, acknowledged = [parcel_for(igp) for _ in range(60)], {}

    def send(parcel):
        try:
            acknowledged[parcel.cuo] = post(igp, parcel.sealed).content
        except requests.ConnectionError:
            return  # it died under this one: whether it holds it is for it to say

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        sent = [pool.submit(send, parcel) for parcel in parcels]
        wait_until(lambda: len(acknowledged) > 15)
        igp.kill()
        concurrent.futures.wait(sent)
    igp.start()
    assert 15 < len(acknowledged) < 60
    assert acknowledged.keys() <= {entry["cuo"] for entry in igp.held()}
    for parcel in parcels:
        answer = post(igp, parcel.sealed).content
        assert acknowledged.get(parcel.cuo, answer) == answer
    entries = wait_until(lambda: all(entry["registry_number"] for entry in igp.held()) and igp.held())
    assert sorted(entry["registry_number"] for entry in entries) == [f"{number:06d}" for number in range(1, 61)]
