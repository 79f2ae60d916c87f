"""The counter: what a clerk types becomes a filing, or a sentence beside the field, and never anything between."""

import socket
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from urllib.parse import urlsplit
from uuid import uuid4

import pikepdf
import pytest
from sqlalchemy import event

from hub.models import Filing, OutboundMessage, Paper
from tests.fixtures.house import ADMIN, CLERK, IGP_CLERK, a_pdf, typed
from tests.web.reading import beside, on_top, text_of

TOO_LONG_NAME = "ñ" * 300 + ".pdf"



def test_an_organisation_without_its_ruc_is_asked_for_it(clerk):
    answer = clerk.file(person_type="legal", ruc="", business_name="Asociación Ríos")
    assert answer.status_code == 422
    assert "RUC" in beside(answer.text, "ruc")


def test_a_filing_gives_its_number_its_key_and_the_link_of_its_qr(house, clerk):
    number = clerk.filed(annexes=[("plano.dwg", b"AC1032 plano")])
    filing, documents, legs = house.filing(number)
    page = clerk.get(f"/mesa-de-partes/constancias/{number}?recibido=1").text
    assert number in page
    assert f"/seguimiento/{filing.verification_code}" in page or "data:image/svg+xml" in page
    assert [document.role for document in documents] == ["principal", "anexo"]
    assert documents[0].pages == 2
    assert [leg.status for leg in legs] == ["queued"]


BAD = [
    ("main_document", {"main": None}, "Elige el archivo PDF"),
    ("main_document", {"main": ("a.pdf", b"")}, "«a.pdf» está vacío"),
    ("main_document", {"main": ("a.pdf", b"hola")}, "«a.pdf» no es un PDF"),
    ("main_document", {"main": ("a.pdf", a_pdf()[:300])}, "está incompleto o dañado"),
    ("main_document", {"main": ("a.pdf", a_pdf(encrypted=True))}, "tiene contraseña"),
    ("document_number_of_person", {"document_number_of_person": "1011741"}, "El DNI tiene 8 dígitos"),
    ("document_number_of_person", {"document_kind": "ovni"}, "Elige el tipo de documento"),
    ("ruc", {"person_type": "legal", "ruc": "20131367009", "business_name": "X"}, "Ese RUC no existe"),
    ("destination", {"destination": "atlantida"}, "Elige una institución de la lista"),
    ("destination", {"destination": ""}, "Elige a qué institución va"),
    ("names", {"names": "  "}, "Escribe los apellidos"),
    ("subject", {"subject": ""}, "Escribe el asunto"),
    ("subject", {"subject": "x" * 501}, "como máximo 500"),
    ("folios", {"folios": "cero"}, "Escribe cuántos folios"),
    ("folios", {"folios": "99999"}, "Escribe cuántos folios"),
    ("email", {"email": "ana@"}, "Escribe el correo completo"),
    ("ticket_time", {"ticket_time": "25:99"}, "Escribe la hora así"),
    ("addressee", {"addressee": "x" * 151}, "como máximo 150"),
    ("annexes", {"annexes": [("vacío.txt", b"")]}, "«vacío.txt» está vacío"),
]


@pytest.mark.parametrize(("field", "wrong", "sentence"), BAD, ids=[f"{f}-{i}" for i, (f, _, _) in enumerate(BAD)])
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_half_written(house, clerk, field, wrong, sentence):
    filings, messages, objects = house.count(), house.count(OutboundMessage), house.stored()
    answer = clerk.file(**wrong)
    assert answer.status_code == 422
    assert sentence in beside(answer.text, field)
    assert any(sentence in line for line in on_top(answer.text))
    assert (house.count(), house.count(OutboundMessage), house.stored()) == (filings, messages, objects)


def test_everything_wrong_is_said_at_once_and_what_was_typed_stays(clerk):
    page = clerk.file(main=None, document_number_of_person="123", subject="", names="Ñaupari, José «Pepe»").text
    assert len(on_top(page)) == 3
    assert "Ñaupari, José «Pepe»" in page


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Solicitud N° 3 – Ñandú.pdf", "Solicitud N° 3 – Ñandú.pdf"),
        ("con %22comillas%22.pdf", 'con "comillas".pdf'),  # as a browser writes the quotes
        ("../../etc/pasa.pdf", "pasa.pdf"),
        ("C:\\\\escaneos\\\\uno.pdf", "uno.pdf"),
        (TOO_LONG_NAME, "ñ" * 196 + ".pdf"),
    ],
)
def test_a_file_keeps_the_name_its_owner_gave_it(house, clerk, given, kept):
    number = clerk.filed(main=(given, a_pdf()))
    assert house.filing(number)[1][0].file_name == kept


def test_a_file_without_a_name_is_received_all_the_same(house, clerk):
    boundary = "xyz"
    fields = {**typed(), "csrf_token": clerk.csrf()}
    body = b"".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    )
    body += f'--{boundary}\r\nContent-Disposition: form-data; name="main_document"; filename=""\r\n\r\n'.encode()
    body += a_pdf() + f"\r\n--{boundary}--\r\n".encode()
    answer = clerk.client.post(
        "/mesa-de-partes/recepcion", data=body, content_type=f"multipart/form-data; boundary={boundary}"
    )
    assert answer.status_code == 303, text_of(answer.text)
    number = answer.location.rpartition("/")[2].partition("?")[0]
    assert house.filing(number)[1][0].file_name == "documento.pdf"


def test_the_same_form_sent_twice_makes_one_filing_and_leaves_no_second_copy(house, clerk):
    token = str(uuid4())
    first = clerk.filed(form_token=token)
    filings, objects = house.count(), house.stored()
    assert clerk.filed(form_token=token) == first
    assert (house.count(), house.stored()) == (filings, objects)


def test_the_same_form_sent_at_once_by_two_hands_makes_one_filing(house):
    token, before, objects = str(uuid4()), house.count(), house.stored()
    hands = [house.signed_in(CLERK) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(lambda hand: hand.filed(form_token=token), hands))
    assert len(set(numbers)) == 1
    assert house.count() == before + 1
    assert len(house.stored() - objects) == 1


def test_what_is_larger_than_the_house_can_take_is_a_page_and_not_a_fault(house, clerk):
    objects = house.stored()
    answer = clerk.file(main=("grande.pdf", b"%PDF-" + b"0" * 9_000_000))
    assert answer.status_code == 413
    assert "pesan demasiado" in answer.text
    assert house.stored() == objects


def test_a_connection_cut_half_way_leaves_nothing(house, house_url, clerk):
    filings, objects = house.count(), house.stored()
    _send_raw(house, house_url, clerk, announced=400_000, sent=200_000)
    assert (house.count(), house.stored()) == (filings, objects)


def test_a_body_larger_than_announced_is_not_taken(house, house_url, clerk):
    filings, objects = house.count(), house.stored()
    answer = _send_raw(house, house_url, clerk, announced=2_000, sent=200_000)
    assert b" 400 " in answer.splitlines()[0]
    assert "No entendimos lo que llegó".encode() in answer
    assert (house.count(), house.stored()) == (filings, objects)


def _send_raw(house, url, clerk, announced, sent):
    """The counter's form with a file, its length announced wrong; what comes back, if anything does."""
    csrf, cookie = clerk.csrf(), clerk.client.get_cookie("session")
    fields = {"csrf_token": csrf, **typed()}
    body = b"".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    )
    body += b'--b\r\nContent-Disposition: form-data; name="main_document"; filename="a.pdf"\r\n\r\n' + a_pdf()
    body = (body + b"0" * sent)[:sent]
    head = (
        "POST /mesa-de-partes/recepcion HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        f"Cookie: session={cookie.value}\r\nContent-Type: multipart/form-data; boundary=b\r\n"
        f"Content-Length: {announced}\r\n\r\n"
    )
    host = urlsplit(url)
    with socket.create_connection((host.hostname, host.port), timeout=10) as line:
        line.sendall(head.encode() + body)
        line.shutdown(socket.SHUT_WR)
        return _read_all(line)


def _read_all(line):
    answer = b""
    try:
        while piece := line.recv(65536):
            answer += piece
    except ConnectionResetError:
        return answer
    return answer


def test_nobody_is_let_to_upload_before_it_is_known_who_they_are(house):
    objects = house.stored()
    answer = house.visitor().file()
    assert answer.status_code == 303
    assert answer.location.startswith("/ingresar")
    assert house.signed_in(ADMIN).file().status_code == 403
    assert house.stored() == objects


def test_a_form_that_takes_no_files_takes_no_large_body(house):
    form = {"email": "x", "password": "x", "extra": (BytesIO(b"0" * 2_000_000), "a.bin")}
    objects = house.stored()
    assert house.visitor().post("/ingresar", form, content_type="multipart/form-data").status_code == 413
    assert house.stored() == objects


def test_a_forged_form_is_refused_and_its_files_are_dropped(house, clerk):
    objects = house.stored()
    form = {**typed(), "main_document": (BytesIO(a_pdf()), "a.pdf")}
    answer = clerk.client.post("/mesa-de-partes/recepcion", data=form, content_type="multipart/form-data")
    assert answer.status_code == 400
    assert "No pudimos comprobar" in answer.text
    assert house.stored() == objects


def test_the_constancia_is_made_once_and_is_the_same_ever_after(house, clerk):
    number = clerk.filed(names="Ñahui Quispe, Áurea", subject="Óbices «técnicos» – año 2026")
    first = clerk.get(f"/mesa-de-partes/constancias/{number}.pdf")
    assert first.mimetype == "application/pdf"
    assert first.data == clerk.get(f"/mesa-de-partes/constancias/{number}.pdf").data
    with pikepdf.open(BytesIO(first.data)) as pdf:
        assert len(pdf.pages) == 1
        assert str(pdf.docinfo["/Title"]) == f"Constancia de presentación {number}"
    with house.session() as session:
        paper = session.query(Paper).filter_by(filing_id=house.filing(number)[0].id).one()
    assert (paper.kind, paper.version, paper.sha256) == ("constancia", 1, first.headers["ETag"].strip('"'))
    assert [document.role for document in house.filing(number)[1]] == ["principal"]


def test_a_long_list_of_files_goes_on_on_another_page(clerk):
    number = clerk.filed(annexes=[(f"anexo {n}.txt", b"x%d" % n) for n in range(40)])
    with pikepdf.open(BytesIO(clerk.get(f"/mesa-de-partes/constancias/{number}.pdf").data)) as pdf:
        assert len(pdf.pages) > 1


def test_a_clerk_cannot_read_what_another_counter_took_for_a_third_body(house, clerk):
    number = clerk.filed(destination="oefa")
    stranger = house.signed_in(IGP_CLERK)
    for path in (f"/mesa-de-partes/constancias/{number}", f"/mesa-de-partes/constancias/{number}.pdf"):
        assert clerk.get(path).status_code == 200
        assert stranger.get(path).status_code == 404
    assert number not in stranger.get("/mesa-de-partes").text


def test_a_page_asks_the_database_who_is_there_and_a_public_one_asks_nothing(house, clerk):
    asked = []

    def note(conn, cursor, statement, *_):
        asked.append(statement)

    with house.app.app_context():
        engine = house.app.extensions["sqlalchemy"].engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        clerk.get("/mesa-de-partes/recepcion")
        assert len(asked) == 1
        asked.clear()
        for path in ("/seguimiento", "/ingresar"):
            clerk.get(path)
        assert asked == []
        clerk.get("/")
        assert [one.split("FROM ")[1].split()[0] for one in asked] == ["outages"], "only whether filing works now"
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_what_an_envelope_cannot_hold_does_not_get_in(house, clerk):
    number = clerk.filed(subject="Pide\x01 re\x0bgistros\x08", names="Ana\x1f Quispe\uffff")
    filing, _, _ = house.filing(number)
    assert filing.subject == "Pide registros"
    assert filing.filer.names == "Ana Quispe"


def test_the_home_of_a_counter_lists_what_it_took_today(house, clerk):
    number = clerk.filed()
    assert number in clerk.get("/mesa-de-partes").text
    with house.session() as session:
        assert session.query(Filing).filter_by(filing_number=number).one().counter_code == "principal"
