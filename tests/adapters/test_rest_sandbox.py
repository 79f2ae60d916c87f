"""The sandbox institution over REST: what it holds before it answers, and how it fetches the documents."""

import concurrent.futures
import subprocess
import sys
from dataclasses import replace

import jwt
from cryptography.x509 import load_pem_x509_certificate
from signxml import SignatureConfiguration, XMLVerifier

from hub.wire.seal import digest_of
from tests.adapters.institution import FAST, NEVER, ask, credential, opened, post
from tests.adapters.parcels import other_signature
from tests.fixtures.sandbox import HUB_RUC, RUCS, wait_until

NS = "{urn:pe:mesa-integrada:1}"


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
        answers = list(pool.map(lambda _: post(igp, parcel.sealed), range(8)))
    assert [answer.status_code for answer in answers] == [200] * 8, {answer.content for answer in answers}
    assert len({answer.content for answer in answers}) == 1
    assert len(igp.held()) == 1


def test_a_receiver_told_not_to_deduplicate_holds_it_twice(sandbox, parcel_for):
    igp = sandbox("rest", "igp", **NEVER)
    igp.control(deduplicate=False)
    parcel = parcel_for(igp)
    post(igp, parcel.sealed)
    post(igp, parcel.sealed)
    assert len(igp.held(parcel.cuo)) == 2


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


def test_large_documents_are_fetched_after_a_202_and_the_acuse_comes_by_itself(sandbox, parcel_for, hub_stub, keys):
    igp = sandbox("rest", "igp", inline_limit=1000, **(FAST | NEVER))
    hub_stub.are_documents_down = True
    parcel = parcel_for(igp, b"x" * 5000)
    assert post(igp, parcel.sealed).status_code == 202
    assert post(igp, parcel.sealed).status_code == 202
    assert ask(igp, parcel.cuo, credential(keys, igp)).status_code == 202
    assert igp.held() == []
    hub_stub.are_documents_down = False
    wait_until(lambda: hub_stub.of_kind("Acuse"))
    acuse = opened(keys, "igp", hub_stub.messages[0]).message
    assert (acuse.header.answers, acuse.sobre_digest) == (parcel.message_id, digest_of(parcel.sealed))
    assert [entry["times_received"] for entry in igp.held()] == [2]
    assert post(igp, parcel.sealed).content == hub_stub.messages[0]


def test_a_large_document_that_is_not_the_announced_one_is_said_when_asked(sandbox, parcel_for, keys):
    igp = sandbox("rest", "igp", inline_limit=1000, **FAST)
    parcel = parcel_for(igp, b"x" * 5000, announce=lambda ref: replace(ref, sha256="0" * 64))
    assert post(igp, parcel.sealed).status_code == 202
    wait_until(lambda: ask(igp, parcel.cuo, credential(keys, igp)).status_code == 422)
    assert ask(igp, parcel.cuo, credential(keys, igp)).json()["code"] == "DOCUMENTO_ALTERADO"
