"""The demonstration's mail: what is sent by SMTP is on disk and on a page, and harms nobody who reads it."""

import smtplib
import subprocess
import sys
import time
from email.message import EmailMessage

import pytest
import requests

from hub.embedded.ports import free_port


@pytest.fixture(scope="module")
def post_office(tmp_path_factory):
    """(smtp port, url of the pages, folder)"""
    folder = tmp_path_factory.mktemp("correo de prueba")
    smtp = free_port()
    http = free_port(avoid=frozenset({smtp}))
    options = ["--smtp-port", str(smtp), "--http-port", str(http), "--data", str(folder)]
    process = subprocess.Popen([sys.executable, "-m", "hub.embedded.mail", *options])
    url = f"http://127.0.0.1:{http}"
    _wait(url)
    yield smtp, url, folder
    process.terminate()
    assert process.wait(10) == 0


def _wait(url):
    deadline = time.monotonic() + 20
    while True:
        try:
            return requests.get(url, timeout=5)
        except requests.ConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def send(post_office, subject, text, **attachment):
    message = EmailMessage()
    message["From"] = "no-responder@mesa.invalid"
    message["To"] = "María <maria@ciudadana.example>"
    message["Subject"] = subject
    message.set_content(text)
    if attachment:
        message.add_attachment(
            attachment["content"], maintype="application", subtype="pdf", filename=attachment["name"]
        )
    with smtplib.SMTP("127.0.0.1", post_office[0], timeout=10) as smtp:
        smtp.send_message(message)


def open_letter(post_office, subject):
    listed = requests.get(post_office[1], timeout=5).text
    line = next(part for part in listed.split("<li>") if subject in part)
    return requests.get(post_office[1] + line.split('href="')[1].split('"')[0], timeout=5)


def test_a_letter_is_listed_and_its_link_can_be_clicked(post_office):
    send(post_office, "Tu constancia, ñandú", "Mira http://127.0.0.1:5000/s/abc?x=1&y=2. Gracias.")
    page = open_letter(post_office, "Tu constancia, ñandú").text
    assert '<a href="http://127.0.0.1:5000/s/abc?x=1&amp;y=2" rel="noreferrer">' in page
    assert "maria@ciudadana.example" in page


def test_a_letter_that_holds_marks_is_shown_as_text(post_office):
    send(post_office, "<script>uno</script>", '<img src=x onerror="alert(1)"> http://a.example/"><script>')
    answer = requests.get(post_office[1], timeout=5)
    assert "&lt;script&gt;uno" in answer.text
    page = open_letter(post_office, "&lt;script&gt;uno").text
    assert "<img" not in page
    assert "<script" not in page + answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_an_attachment_is_downloaded_and_never_shown(post_office):
    send(post_office, "Con adjunto", "Va.", content=b"%PDF-1.7 fin", name="cargo ñ.pdf")
    page = open_letter(post_office, "Con adjunto").text
    path = page.split("<h2>Adjuntos")[1].split('href="')[1].split('"')[0]
    answer = requests.get(post_office[1] + path, timeout=5)
    assert answer.content == b"%PDF-1.7 fin"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment;")


def test_every_letter_is_a_file(post_office):
    before = len(list(post_office[2].glob("*.eml")))
    send(post_office, "Uno más", "Hola")
    assert len(list(post_office[2].glob("*.eml"))) == before + 1


@pytest.mark.parametrize("path", ["/nada", "/mensajes/../secrets.env", "/mensajes/0-0", "/mensajes/1/adjuntos/99"])
def test_what_is_not_there_is_a_404_page(post_office, path):
    answer = requests.get(post_office[1] + path, timeout=5)
    assert answer.status_code == 404
    assert "no existe" in answer.text
