"""Files as people send them: empty, cut, locked, something else; and what they are called."""

import io
import zipfile

import fpdf
import pikepdf
import pytest

from hub.files import UnreadableFile, check_pdf, clean_name, media_type


def a_pdf(pages=1, text="Solicito copia del expediente"):
    paper = fpdf.FPDF()
    for _ in range(pages):
        paper.add_page()
        paper.set_font("helvetica")
        paper.cell(text=text)
    return bytes(paper.output())


def locked(user="", owner="llave"):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(a_pdf())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(user=user, owner=owner))
    return out.getvalue()


def without_pages():
    out = io.BytesIO()
    pikepdf.new().save(out)
    return out.getvalue()


def office(part):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(part, "x")
    return out.getvalue()


def code_of(data):
    with pytest.raises(UnreadableFile) as caught:
        check_pdf(io.BytesIO(data))
    return caught.value.code


@pytest.mark.parametrize("pages", [1, 7])
def test_the_pages_of_a_pdf_are_counted(pages):
    assert check_pdf(io.BytesIO(a_pdf(pages))) == pages


def test_a_pdf_that_a_scanner_put_behind_some_bytes_is_read():
    assert check_pdf(io.BytesIO(b"\r\n" + a_pdf())) == 1


def test_a_pdf_is_read_wherever_its_stream_stands():
    stream = io.BytesIO(a_pdf())
    stream.seek(0, io.SEEK_END)
    assert check_pdf(stream) == 1


def test_a_pdf_that_anybody_opens_and_only_its_author_edits_is_readable():
    assert check_pdf(io.BytesIO(locked(user=""))) == 1


BROKEN = {
    "FILE_EMPTY": [b"", without_pages()],
    "FILE_ENCRYPTED": [locked(user="secreto")],
    "FILE_TRUNCATED": [a_pdf()[:-400], a_pdf()[:200], b"%PDF-1.7\n", b"%PDF-1.4\n" + b"\x00" * 9000],
    "FILE_NOT_PDF": [b"hola", office("word/document.xml"), b"\x89PNG\r\n\x1a\n", b"\x00" * 5000, b"<html>%PDF</html>"],
}


@pytest.mark.parametrize(("code", "data"), [(code, data) for code, all_ in BROKEN.items() for data in all_])
def test_what_nobody_could_open_is_named(code, data):
    assert code_of(data) == code


KINDS = {
    "application/pdf": [a_pdf()],
    "image/jpeg": [b"\xff\xd8\xff\xe0rest"],
    "image/png": [b"\x89PNG\r\n\x1a\nrest"],
    "image/tiff": [b"II*\x00rest", b"MM\x00*rest"],
    "application/zip": [office("otra/cosa.txt"), b"PK\x03\x04 and nothing more"],
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": [office("word/document.xml")],
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": [office("xl/workbook.xml")],
    "text/plain": ["Señor director".encode(), ("ñ" * 5000).encode(), ("x" + "ñ" * 5000).encode()],
    "application/octet-stream": [b"", b"\x00\x01", b"\xff\xfe\xfa", b"MZ\x90\x00"],
}


@pytest.mark.parametrize(("kind", "data"), [(kind, data) for kind, all_ in KINDS.items() for data in all_])
def test_a_file_is_what_its_bytes_say(kind, data):
    stream = io.BytesIO(data)
    assert media_type(stream) == kind
    assert stream.tell() == 0


NAMES = [
    ("Solicitud de María Núñez.pdf", "Solicitud de María Núñez.pdf"),
    ("Mari\u0301a.pdf", "María.pdf"),
    ("""el 'anexo' "2".pdf""", """el 'anexo' "2".pdf"""),
    ("../../etc/passwd", "passwd"),
    ("C:\\Usuarios\\Ana\\escrito.pdf", "escrito.pdf"),
    ("/", "documento"),
    ("..", "documento"),
    ("   ", "documento"),
    ("", "documento"),
    (None, "documento"),
    ("a\x00b\r\nc\td.pdf", "abcd.pdf"),
    ("foto\u202egpj.exe", "fotogpj.exe"),
    ("a\u200bb\u200e\u2066c\u061cd.pdf", "abcd.pdf"),
    ("mitad\ud83d de un par.pdf", "mitad de un par.pdf"),
    ("fin\ufffe\uffff.pdf", "fin.pdf"),
    ("oficio.", "oficio"),
    ("📎 anexo.pdf", "📎 anexo.pdf"),
]


@pytest.mark.parametrize(("given", "kept"), NAMES)
def test_a_name_is_kept_as_its_filer_wrote_it_without_what_nobody_sees(given, kept):
    assert clean_name(given, "documento") == kept
    kept.encode("utf-8")


def test_a_name_of_three_hundred_characters_keeps_its_beginning_and_its_ending():
    name = clean_name("ñ" * 300 + ".pdf", "documento")
    assert len(name) == 200
    assert name.endswith("ñ.pdf")


@pytest.mark.parametrize("name", ["x" * 300, "x" * 10 + "." + "y" * 300, "." * 300 + "x", "x" * 195 + ".pdf  " * 3])
def test_a_long_name_of_any_shape_fits(name):
    assert 0 < len(clean_name(name, "documento")) <= 200
