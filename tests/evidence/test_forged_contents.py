"""Forging what was said and handed in. The work of an insider, who can seal the bundle itself anew."""

from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from hub.clock import now
from hub.core.chain import canonical
from hub.evidence.layout import DIRECTORY, FILING, MESSAGES
from hub.evidence.saying import as_text
from hub.wire import seal, sobre, xml
from hub.wire.authority import issue, make_authority
from hub.wire.keys import FileSigner
from tests.evidence.forging import Files

DOCUMENT = "documentos/01-solicitud-nana.pdf"


def said_anew(files, name, content):
    """Put another message in its place, in the list too."""
    files[name] = content
    with files.json(MESSAGES) as listed:
        for one in listed["mensajes"]:
            if one["archivo"] == name:
                one["sha256"] = sha256(content).hexdigest()


def handed_in_anew(files, name, content):
    files[name] = content
    with files.json(FILING) as filing:
        for one in [*filing["documentos"], *filing["papeles"]]:
            if one["archivo"] == name:
                one["sha256"] = sha256(content).hexdigest()


def a_stranger():
    """A key whose certificate says to be IGP's, from an authority that nobody knows."""
    authority, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = make_authority(authority, now())
    certificate = issue(authority, key.public_key(), "20131367008", "Instituto Geofísico del Perú", now())
    return FileSigner(key, certificate.public_bytes(Encoding.PEM))


def signed_anew(raw, signer):
    return seal.seal(sobre.build(sobre.read_message(xml.parse(raw))), signer)


def test_a_document_changed(forge):
    forged = forge(lambda files: handed_in_anew(files, DOCUMENT, files[DOCUMENT] + b"x"), by="hub")
    assert forged.names("DOCUMENT_NOT_PRESENTED") == [DOCUMENT] and forged.names("DOCUMENT_REMOVED") == [f"{FILING}#1"]


def test_a_document_swapped_with_that_of_another_bundle(forge, walked):
    theirs = Files.of(walked.other_path)[DOCUMENT]
    forged = forge(lambda files: handed_in_anew(files, DOCUMENT, theirs), by="hub")
    assert forged.names("DOCUMENT_NOT_PRESENTED") == [DOCUMENT]


def test_a_document_removed(forge):
    def remove(files):
        del files[DOCUMENT]
        with files.json(FILING) as filing:
            filing["documentos"] = filing["documentos"][1:]

    assert forge(remove, by="hub").names("DOCUMENT_REMOVED") == [f"{FILING}#1"]


def test_a_document_of_the_correction_removed(forge):
    def remove(files):
        del files["documentos/03-poder.pdf"]
        with files.json(FILING) as filing:
            filing["documentos"] = filing["documentos"][:-1]

    assert forge(remove, by="hub").names("DOCUMENT_REMOVED") == [f"{FILING}#1"]


def test_the_constancia_replaced(forge):
    name = "papeles/constancia-v1.pdf"
    forged = forge(lambda files: handed_in_anew(files, name, b"%PDF-1.7 otra"), by="hub")
    assert forged.names("PAPER_REPLACED") == [name]


def test_the_cargo_in_pdf_removed(forge):
    def remove(files):
        del files[files.one("papeles/cargo")]
        with files.json(FILING) as filing:
            filing["papeles"] = [one for one in filing["papeles"] if one["clase"] != "cargo"]

    assert forge(remove, by="hub").names("PAPER_MISSING") == [FILING]


def test_a_message_changed(forge):
    names = []

    def change(files):
        names.append(files.one("cargo.xml"))
        said_anew(files, names[0], files[names[0]].replace(b"Falta el poder", b"Falta el pudor"))

    forged = forge(change, by="hub")
    assert forged.names("MESSAGE_CHANGED") == names and forged.names("MESSAGE_MISSING") == [MESSAGES]


def test_a_message_removed(forge):
    def remove(files):
        name = files.one("acuse.xml")
        del files[name]
        with files.json(MESSAGES) as listed:
            listed["mensajes"] = [one for one in listed["mensajes"] if one["archivo"] != name]

    assert forge(remove, by="hub").names("MESSAGE_MISSING") == [MESSAGES]


def test_the_sobre_removed(forge):
    def remove(files):
        name = files.one("sobre.xml")
        del files[name]
        with files.json(MESSAGES) as listed:
            listed["mensajes"] = [one for one in listed["mensajes"] if one["archivo"] != name]

    forged = forge(remove, by="hub")
    assert forged.names("SOBRE_MISSING") == [MESSAGES] and forged.names("ACUSE_OF_OTHER_SOBRE") != []


def test_a_message_signed_anew_by_a_stranger(forge):
    names, stranger = [], a_stranger()

    def change(files):
        names.append(files.one("cargo.xml"))
        said_anew(files, names[0], signed_anew(files[names[0]], stranger))

    forged = forge(change, by="hub")
    assert forged.names("MESSAGE_SIGNER") == names and forged.names("MESSAGE_MISSING") == [MESSAGES]


def test_a_stranger_s_certificate_put_among_the_institution_s(forge):
    """Whoever holds the hub's seal may declare any certificate; the ledger still has the message that came."""
    stranger = a_stranger()

    def change(files):
        with files.json(DIRECTORY) as directory:
            files[directory["instituciones"][0]["certificados"][0]["archivo"]] = stranger.certificate_pem
        said_anew(files, files.one("cargo.xml"), signed_anew(files[files.one("cargo.xml")], stranger))

    assert forge(change, by="hub").names("MESSAGE_MISSING") == [MESSAGES]


def test_the_cargo_of_another_filing(forge, walked):
    names, other = [], Files.of(walked.other_path)

    def swap(files):
        names.append(files.one("cargo.xml"))
        said_anew(files, names[0], other[other.one("cargo.xml")])

    assert forge(swap, by="hub").names("MESSAGE_OF_ANOTHER_FILING") == names


def test_a_sobre_that_says_another_person(forge, walked):
    names, signer = [], walked.installation.signer("envelope")

    def change(files):
        names.append(files.one("sobre.xml"))
        raw = files[names[0]].replace(b"10117410", b"10117411")
        said_anew(files, names[0], signed_anew(raw, signer))

    forged = forge(change, by="hub")
    assert forged.names("SOBRE_DIFFERS") == names and forged.names("SOBRE_REPLACED") == [MESSAGES]
    assert forged.names("ACUSE_OF_OTHER_SOBRE") != []


def test_the_filer_opened_with_other_data(forge):
    def change(files):
        with files.json(FILING) as filing:
            filing["administrado"]["names"] = "Otra Persona"

    assert forge(change, by="hub").names("COMMITMENT_FILER_DIFFERS") == [FILING]


def test_the_contents_opened_with_another_subject(forge):
    def change(files):
        with files.json(FILING) as filing:
            filing["contenido"]["subject"] = "Otro asunto"

    assert forge(change, by="hub").names("COMMITMENT_CONTENT_DIFFERS") == [FILING]


def test_another_instant_of_presentation(forge):
    def change(files):
        with files.json(FILING) as filing:
            filing["presentado"] = "2026-01-02T15:00:00.000000Z"

    assert forge(change, by="hub").names("FILING_DIFFERS") == [FILING]


def test_an_answer_that_nobody_signed_and_no_event_names(forge):
    def add(files):
        content = b"<respuesta>0000</respuesta>"
        files["mensajes/0000000001/999-respuesta.xml"] = content
        with files.json(MESSAGES) as listed:
            like = dict(listed["mensajes"][-1])
            like |= {"archivo": "mensajes/0000000001/999-respuesta.xml", "sha256": sha256(content).hexdigest()}
            listed["mensajes"].append(like)

    assert forge(add, by="hub").names("ANSWER_UNTOLD") == ["mensajes/0000000001/999-respuesta.xml"]


def test_a_list_of_another_form(forge):
    assert forge(lambda files: files.update({MESSAGES: canonical({"otra": 1})}), by="hub").names("JSON_MALFORMED")


@pytest.mark.parametrize("by", ["hub", "stranger"])
@pytest.mark.parametrize("is_listed", [True, False])
@pytest.mark.parametrize("kind", ["sobre.xml", "acuse.xml", "cargo.xml"])
def test_a_genuine_message_of_another_filing_is_told_as_such_and_not_as_changed(forge, walked, kind, by, is_listed):
    """It is newer than the one it takes the place of, and its signature is good."""
    names, other = [], Files.of(walked.other_path)

    def swap(files):
        names.append(files.one(kind))
        files[names[0]] = other[other.one(kind)]
        if is_listed:
            said_anew(files, names[0], files[names[0]])
        with files.json(MESSAGES) as listed:
            listed["mensajes"][0]["instante"] = "2026-01-05T10:00:00.000000Z"

    forged = forge(swap, by=by)
    told = {code for code, about in forged.told if about == names[0]}
    assert told - {"FILE_CHANGED"} == {"MESSAGE_OF_ANOTHER_FILING"}
    assert "su firma no corresponde" not in as_text(forged.report)


def test_a_message_swapped_for_another_of_its_own_leg_is_told_by_the_list(forge):
    def swap(files):
        files[files.one("acuse.xml")] = files[files.one("cargo.xml")]

    forged = forge(swap, by="hub")
    assert len(forged.names("MESSAGE_REPLACED")) == 1 and "MESSAGE_CHANGED" not in dict(forged.told)
