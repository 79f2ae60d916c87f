"""Forging what is outside: files, manifest, signature, certificates. A stranger's work, who has no key of the hub."""

import re
import stat
import zipfile
from datetime import UTC, datetime

import pytest

from hub.evidence.building import Seals
from hub.evidence.faults import REASONS
from hub.evidence.findings import Finding, Level
from hub.evidence.layout import CA, EVENTS, FILING
from hub.evidence.saying import as_text, sentence
from hub.wire.asic import MANIFEST, SIGNATURE, TIMESTAMP
from hub.wire.keys import load_signer, make_demo_keys
from tests.evidence.forging import Files, Forged

DOCUMENT = "documentos/01-solicitud-nana.pdf"


def test_nothing_is_named_in_a_bundle_that_was_only_packed_again(forge):
    forged = forge(lambda files: None)
    assert forged.told == [] and forged.report.is_good


def test_a_byte_of_a_document(forge):
    assert forge(lambda files: files.flip(DOCUMENT)).names("FILE_CHANGED") == [DOCUMENT]


def test_a_document_swapped_with_that_of_another_bundle(forge, walked):
    other = Files.of(walked.other_path)

    def swap(files):
        files[DOCUMENT] = other[DOCUMENT]

    forged = forge(swap)
    assert forged.names("FILE_CHANGED") == forged.names("DOCUMENT_NOT_PRESENTED") == [DOCUMENT]


@pytest.mark.parametrize("part", [DOCUMENT, "cargo.xml", "constancia", "libro/raices", EVENTS])
def test_a_file_removed(forge, part):
    name = []

    def remove(files):
        name.append(files.one(part))
        del files[name[0]]

    forged = forge(remove)
    assert name[0] in forged.names("FILE_MISSING")


@pytest.mark.parametrize("part", ["cargo.xml", "sobre.xml", "constancia", "LEEME", FILING, "instituciones/"])
def test_a_file_changed(forge, part):
    name = []

    def change(files):
        name.append(files.one(part))
        files.flip(name[0])

    forged = forge(change)
    assert name[0] in forged.names("FILE_CHANGED")


def test_the_manifest_changed(forge):
    assert forge(lambda files: files.flip(MANIFEST, 700)).names("MANIFEST_CHANGED") == [MANIFEST]


def test_the_signature_removed(forge):
    assert forge(lambda files: files.pop(SIGNATURE)).names("SIGNATURE_MISSING") == [SIGNATURE]


def test_the_signature_changed(forge):
    assert forge(lambda files: files.flip(SIGNATURE)).names("SIGNATURE_BROKEN") == [MANIFEST]


def test_the_manifest_removed(forge):
    assert forge(lambda files: files.pop(MANIFEST)).names("MANIFEST_MISSING") == [MANIFEST]


def test_the_time_stamp_of_another_bundle(forge, walked):
    other = Files.of(walked.other_path)
    forged = forge(lambda files: files.update({TIMESTAMP: other[TIMESTAMP]}))
    assert forged.names("CONTAINER_STAMP_WRONG") == [TIMESTAMP]


@pytest.mark.parametrize("name", ["documentos/99-prueba.pdf", "META-INF/signature002.p7s", "otro.txt"])
def test_a_file_that_no_manifest_names(forge, name):
    assert forge(lambda files: files.update({name: b"%PDF-1.7"})).names("FILE_UNNAMED") == [name]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_is_there_twice(walked, tmp_path):
    files, path = Files.of(walked.path), tmp_path / "doble.asice"
    files.write(path, [(DOCUMENT, b"%PDF-1.7 otro")])
    forged = Forged(walked.report(path))
    assert forged.names("ZIP_DUPLICATE") == [DOCUMENT]


def test_all_of_it_sealed_anew_by_an_authority_that_somebody_made(walked, tmp_path):
    keys = tmp_path / "propias"
    make_demo_keys(keys, {"minam": ("20492966658", "Ministerio del Ambiente")}, operator="minam", now=datetime.now(UTC))
    ca = (keys / "ca" / "crt.pem").read_bytes()
    signer = load_signer(keys / "hub" / "seal.key.pem", keys / "hub" / "seal.crt.pem")
    files, path = Files.of(walked.path), tmp_path / "ajeno.asice"
    files[CA] = ca
    files[files.one("certificados/hub/")] = (keys / "hub" / "ledger.crt.pem").read_bytes()
    files.seal_anew(path, Seals(signer, (ca,)))
    forged = Forged(walked.report(path))
    assert forged.names("SIGNER_UNTRUSTED") == [SIGNATURE] and forged.names("CA_REPLACED") == [CA]
    assert forged.names("HUB_CERTIFICATE_UNTRUSTED") == [files.one("certificados/hub/")]


def test_sealed_anew_by_an_institution_of_the_same_authority(walked, tmp_path):
    installation, path = walked.installation, tmp_path / "igp.asice"
    key, certificate = installation.keys / "sandbox" / "igp.key.pem", installation.keys / "entities" / "igp.crt.pem"
    Files.of(walked.path).seal_anew(path, Seals(load_signer(key, certificate), ()))
    forged = Forged(walked.report(path, hub=installation.directory.operator.ruc))
    assert forged.names("SIGNER_UNTRUSTED") == [SIGNATURE]
    assert not walked.report(path).is_good, "also without the RUC: its roots are another's"


@pytest.mark.parametrize("name", ["../fuera.txt", "/etc/passwd", "a\\b", "c:x", "documentos/../../x", "documentos//x"])
def test_a_name_that_points_out_of_the_bundle(walked, tmp_path, name):
    path = tmp_path / "nombre.asice"
    Files.of(walked.path).write(path, [(name, b"x")])
    assert Forged(walked.report(path)).names("ZIP_BAD_NAME") != []


def test_a_link_in_place_of_a_file(walked, tmp_path):
    path, entry = tmp_path / "enlace.asice", zipfile.ZipInfo("documentos/enlace")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    Files.of(walked.path).write(path, [(entry, b"/etc/passwd")])
    assert Forged(walked.report(path)).names("ZIP_LINK") == ["documentos/enlace"]


def test_no_sentence_carries_a_code(forge, walked):
    other = Files.of(walked.other_path)
    report = forge(lambda files: files.update({TIMESTAMP: other[TIMESTAMP]})).report
    assert "El sello de tiempo del expediente no vale: es de otro contenido." in " ".join(as_text(report).split())
    for code in (*REASONS, "ALGO_NUEVO"):
        for said in ("CONTAINER_STAMP_WRONG", "STAMP_WRONG", "MESSAGE_SIGNER_NOT_VALID"):
            spoken = sentence(Finding(Level.FALSE, said, values={"detail": code, "batch": 3}))
            assert not re.search(r"[A-Z]{3,}_", spoken), spoken
