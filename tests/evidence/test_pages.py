"""The pages of the evidence: asked for with the key, given once by the link of a letter or at the counter, checked."""

import re
from hashlib import sha256
from io import BytesIO

import pytest
from sqlalchemy import select

from hub.core.identifiers import bundle_token, tracking_key
from hub.core.messages import Filer
from hub.evidence.verifying import verify
from hub.letters import send_due
from hub.models import Event, Filing, OutboundMessage
from tests.evidence.forging import Files
from tests.fixtures.house import CLERK, IGP_CLERK, House

LINK = re.compile(r"/expediente/[0-9a-f-]{36}/[0-9A-Z]{20}")


class Postbox:
    """A Postman that keeps what it is handed."""

    def __init__(self):
        self.letters = []

    def send(self, letter):
        self.letters.append(letter)


@pytest.fixture
def house(installation):
    return House(installation.app, installation.engine, installation.folder)


@pytest.fixture
def filed(installation):
    """A filing of somebody who gave an address; gives its code, its number and its key."""
    return _filed(installation)


def _filed(installation, **changes):
    filing_id, number = installation.file("iiap", **changes)
    installation.seal()
    with installation.tools.sessions() as session:
        filing = session.get_one(Filing, filing_id)
        return filing.verification_code, number, tracking_key(b"de prueba", number, filing.key_version)


def the_letter(installation):
    """Send what is due; the newest letter with a link, and the path of the link."""
    postbox = Postbox()
    while send_due(installation.tools, postbox):
        pass
    letters = [one for one in postbox.letters if LINK.search(one.text)]
    return letters, [LINK.search(one.text)[0] for one in letters]


def ask(house, filed):
    code, _, key = filed
    return house.visitor().post(f"/seguimiento/{code}/expediente", {"tracking_key": key})


def test_the_link_goes_to_the_address_on_file_and_opens_once(installation, house, filed):
    answer = ask(house, filed)
    assert answer.status_code == 200 and "a···@ejemplo.pe" in answer.text
    (letter,), (path,) = the_letter(installation)
    assert letter.to == "ana@ejemplo.pe"
    visitor = house.visitor()
    assert visitor.get(path).status_code == visitor.get(path).status_code == 200, "looking uses nothing up"
    given = visitor.post(path, {})
    assert given.status_code == 200 and given.content_type == "application/vnd.etsi.asic-e+zip"
    assert given.content_length == len(given.data)
    assert f"expediente-{filed[1]}.asice" in given.headers["Content-Disposition"]
    assert visitor.post(path, {}).status_code == visitor.get(path).status_code == 404
    assert "ya se usó" in visitor.get(path).text
    ask(house, filed)
    assert len(the_letter(installation)[0]) == 1, "a download that broke off can be asked for again"


def test_what_is_given_verifies_and_is_told_by_its_digest(installation, house, filed, walked, tmp_path):
    ask(house, filed)
    _, (path,) = the_letter(installation)
    given = house.visitor().post(path, {}).data
    report = verify(BytesIO(given), walked.given())
    assert report.is_good and report.filing_number == filed[1], report.findings
    with installation.tools.sessions() as session:
        filing_id = session.scalar(select(Filing.id).where(Filing.filing_number == filed[1]))
        told = session.scalars(select(Event).where(Event.filing_id == filing_id, Event.kind == "bundle_made")).one()
    assert told.data["sha256"] == sha256(given).hexdigest() and told.author == "filer"
    path = tmp_path / "dado.asice"
    path.write_bytes(given)
    assert "bundle_made" not in Files.of(path)["datos/eventos.json"].decode()


def test_without_the_key_nothing_is_sent(installation, house, filed):
    answer = house.visitor().post(f"/seguimiento/{filed[0]}/expediente", {"tracking_key": "AAAA AAAA"})
    assert answer.status_code == 422 and the_letter(installation) == ([], [])


def test_asked_twice_one_letter_goes(installation, house, filed):
    for _ in range(3):
        assert ask(house, filed).status_code == 200
    letters, _ = the_letter(installation)
    assert len(letters) == 1


def test_without_an_address_it_is_given_at_the_counter_that_took_it(installation, house):
    filed = _filed(installation, filer=Filer("dni", "10117411", "Rojas Milla, Pedro"))
    answer = ask(house, filed)
    assert "no hay un correo" in answer.text and "Áreas Naturales Protegidas" in answer.text
    assert the_letter(installation) == ([], [])
    given = house.signed_in(CLERK).post(f"/mesa-de-partes/expedientes/{filed[1]}", {})
    assert given.status_code == 200 and given.data.startswith(b"PK")


def test_a_constancia_that_we_sealed_is_told_with_its_seal(installation, house, walked, tmp_path):
    filing_id, number = installation.file("iiap", has_paper=False)
    pdf = house.signed_in(CLERK).get(f"/mesa-de-partes/constancias/{number}.pdf").data
    installation.seal()
    path = tmp_path / "con-sello.asice"
    installation.make(filing_id, path)
    assert Files.of(path)["papeles/constancia-v1.pdf"] == pdf
    report = walked.report(path)
    told = {one.code: one for one in report.findings}
    assert report.is_good and told["PAPER_SEALED"].values["name"], report.findings


def test_another_counter_gives_nothing(house, filed):
    assert house.signed_in(IGP_CLERK).post(f"/mesa-de-partes/expedientes/{filed[1]}", {}).status_code == 404
    assert house.visitor().post(f"/mesa-de-partes/expedientes/{filed[1]}", {}).status_code == 303


def test_a_link_of_another_letter_or_made_up_opens_nothing(installation, house, filed):
    ask(house, filed)
    with installation.tools.sessions() as session:
        letter = OutboundMessage.content["letter"].astext
        mails = select(OutboundMessage).where(OutboundMessage.kind == "mail", letter != "bundle")
        other = session.scalars(mails.order_by(OutboundMessage.created_at)).first()
        token = bundle_token(b"de prueba", other.id)
    assert other.content["letter"] != "bundle"
    for path in (f"/expediente/{other.id}/{token}", f"/expediente/{other.id}/{'A' * 20}"):
        assert house.visitor().get(path).status_code == 404


def test_the_certificates_are_for_everybody(house, walked):
    visitor = house.visitor()
    assert visitor.get("/certificados/ca.pem").data == walked.ca.read_bytes()
    assert visitor.get("/certificados/tsa.pem").data == walked.tsa.read_bytes()
    assert visitor.get("/certificados/hub.pem").status_code == 404
    page = visitor.get("/certificados").text
    assert page.count("mesa-digest") == 2


def check(house, content, **typed):
    form = {"file": (BytesIO(content), "expediente.asice"), **typed}
    return house.visitor().post("/verificar/expediente", form, content_type="multipart/form-data")


def test_the_page_says_what_a_bundle_proves_and_keeps_nothing(house, walked):
    before = house.stored()
    answer = check(house, walked.path.read_bytes(), roots="\n".join(walked.installation.roots()))
    assert answer.status_code == 200 and "Expediente íntegro" in answer.text and walked.number in answer.text
    assert "La raíz 1, que ya conocías, es la misma." in answer.text
    assert house.stored() == before


def test_the_page_names_what_was_touched(house, walked, tmp_path):
    files, path = Files.of(walked.path), tmp_path / "x.asice"
    files.flip("documentos/02-mapa-de-la-zona.pdf")
    files.write(path)
    answer = check(house, path.read_bytes())
    assert "Expediente ALTERADO" in answer.text and "documentos/02-mapa-de-la-zona.pdf" in answer.text


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06", b"no es un zip" * 100])
def test_the_page_answers_to_what_is_no_bundle(house, content):
    answer = check(house, content)
    assert answer.status_code == 200 and "No se puede comprobar" in answer.text


def test_the_page_asks_for_the_file(house):
    answer = house.visitor().post("/verificar/expediente", {}, content_type="multipart/form-data")
    assert answer.status_code == 422 and "Elige el archivo" in answer.text
