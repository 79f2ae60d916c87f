"""Filing online: from the door to the constancia without an account; what is typed stays; what is wrong is said."""

import gzip
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from threading import Barrier
from uuid import uuid4

import pikepdf
import pytest

from hub.clock import now
from hub.core.statuses import Mode
from hub.models import Draft
from tests.fixtures.house import a_pdf
from tests.web.citizen import DOCUMENT, DRAFT, PERSON, Filer
from tests.web.reading import beside, on_top, text_of
from tests.web.test_look import ENGLISH

PAGES = ("para-que", "quien", "contacto", "documento", "archivos", "revisar")


@pytest.fixture
def filer(house):
    return Filer(house)


def number_on(page):
    return re.search(r"\d{4}-\d{7}-\d", text_of(page))[0]


def test_from_the_first_page_to_the_constancia(house, filer):
    email = f"{uuid4().hex}@ejemplo.pe"
    filer.fills(email=email)
    assert filer.sends(accepts_notification="si").status_code == 303
    page = filer.get(filer.at).text
    number = number_on(page)
    filing, documents, [leg] = house.filing(number)
    assert (filing.channel, filing.clerk_id, leg.mode) == ("online", None, Mode.OWN)
    assert filing.received_by_id == house.directory.entity("igp").id
    assert (filing.filer.email, filing.accepts_notification, filing.folios) == (email, True, 7)
    assert filing.procedure["tupa_code"] == "general"
    assert [(one.file_name, one.pages) for one in documents] == [("solicitud.pdf", 7)]
    for words in ("Tu documento quedó presentado", email, "solicitud.pdf", "7 páginas", "Recepción automática"):
        assert words in text_of(page), words
    told = text_of(filer.get(f"/seguimiento/{filing.verification_code}").text)
    assert "Por internet, ante la Mesa de Partes de IGP" in told
    paper = filer.get("/presentar/listo/constancia.pdf")
    with pikepdf.open(BytesIO(paper.data)) as pdf:
        assert str(pdf.docinfo["/Title"]) == f"Constancia de presentación {number}"
    assert paper.headers["Content-Disposition"] == f"inline; filename=constancia-{number}.pdf"


def test_every_page_that_asks_is_counted_and_there_are_eight(filer):
    filer.fills(email="cuenta@ejemplo.pe")
    asked = [text_of(filer.get(f"{DRAFT}/{page}").text) for page in (*PAGES[:3], "codigo", *PAGES[3:])]
    asked.insert(0, text_of(filer.get("/presentar").text))
    assert [int(re.search(r"Paso (\d) de 8", text)[1]) for text in asked] == list(range(1, 9))


def test_a_page_shows_what_was_typed_before_also_in_another_browser(house, filer):
    email = f"{uuid4().hex}@ejemplo.pe"
    filer.begins().says("para-que", purpose="general").says("quien", **PERSON).proves(email)
    cookie = filer.visitor.client.get_cookie("borrador", path="/presentar")
    assert cookie.http_only and cookie.same_site == "Lax"
    other = Filer(house)
    assert other.get(f"{DRAFT}/quien").location.startswith("/presentar?")
    assert other.get(f"/presentar/continuar/{cookie.value}").location == DRAFT
    assert "Quispe Ñahui, Ana" in other.get(f"{DRAFT}/quien").text
    assert "enlace-vencido" in other.get(f"/presentar/continuar/{cookie.value[:-1]}x").location


def test_what_is_wrong_is_beside_its_field_and_stays_typed(filer):
    filer.begins().says("para-que", purpose="general")
    answer = filer.send(f"{DRAFT}/quien", PERSON | {"document_number_of_person": "1011741"})
    assert answer.status_code == 422
    assert "8 dígitos" in beside(answer.text, "document_number_of_person")
    assert 'value="1011741"' in filer.get(f"{DRAFT}/quien").text
    assert "Por corregir" in text_of(filer.get(DRAFT).text)


def test_a_company_files_by_its_representative(house, filer):
    company = {"person_type": "legal", "ruc": "20131367008", "business_name": "Minera de Prueba S.A.C.",
               "capacity": "gerente general", "represents": "si"}
    filer.begins().says("para-que", purpose="correspondencia")
    answer = filer.send(f"{DRAFT}/quien", PERSON | company | {"ruc": "20131367009"})
    assert "algún dígito" in beside(answer.text, "ruc")
    filer.says("quien", **PERSON | company).says("contacto", address="Jirón Ancash 12, Huaraz")
    filer.says("documento", **DOCUMENT).attaches(("escrito.pdf", a_pdf()))
    assert filer.sends().status_code == 303
    filing, _, _ = house.filing(number_on(filer.get(filer.at).text))
    assert (filing.filer.business_name, filing.filer.ruc) == ("Minera de Prueba S.A.C.", "20131367008")
    assert filing.declares_representation and not filing.procedure
    assert "Representa en calidad de: gerente general" in filing.additional_information


def test_the_checklist_of_the_chosen_procedure_is_read_and_no_other(house, filer):
    body = house.directory.entity("igp")
    [paid] = [one for one in body.procedures if one.fee_cents]
    others = {f"{one.tupa_code}.{name}": "si" for one in body.procedures if one is not paid
              for name in ("requirement_0", "requirement_1", "fee_receipt")}
    code = paid.tupa_code
    mine = {f"{code}.requirement_0": "si", f"{code}.fee_receipt": "0012"}
    filer.begins().says("para-que", purpose=code, **others, **mine)
    page = text_of(filer.get(f"{DRAFT}/revisar").text)
    assert "Comprobante de pago 0012" in page
    assert f"No marcaste {paid.requirements[1].text}" in page
    filer.says("para-que", purpose="correspondencia")
    assert "0012" not in filer.get(f"{DRAFT}/revisar").text


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_in_spanish_small_and_whole(filer, page):
    filer.fills()
    html = filer.get(f"{DRAFT}/{page}").text
    assert not ENGLISH.search(html) and "%(" not in html
    assert re.search(r"<h1[^>]*>\s*\S", html)
    assert first_load(filer, html) < 60_000


def first_load(filer, html):
    """Bytes over the wire: the web server in front compresses style and script (deploy/nginx), and not the page."""
    loaded = [filer.get(path).data for path in re.findall(r'(?:src|href)="(/static/[^"]+)"', html)]
    return len(html.encode()) + sum(len(gzip.compress(each)) for each in loaded)


class TestFiles:
    def test_limits_stand_before_the_choice_and_size_and_pages_after_it(self, filer):
        filer.begins()
        assert "Documento principal: un PDF de hasta 10 MB" in text_of(filer.get(f"{DRAFT}/archivos").text)
        filer.attaches(("solicitud.pdf", a_pdf(7)), [("plano.dwg", b"AC1032" * 1000)])
        page = text_of(filer.get(f"{DRAFT}/archivos").text)
        assert re.search(r"solicitud\.pdf \d+\.\d\d kB, 7 páginas", page)
        assert "plano.dwg 6.00 kB" in page

    def test_a_file_can_be_replaced_and_taken_away(self, house, filer):
        filer.begins().attaches(("uno.pdf", a_pdf()), [("dos.txt", b"hola")])
        before = house.stored()
        filer.attaches(("mejor.pdf", a_pdf()))
        page = filer.get(f"{DRAFT}/archivos").text
        assert "mejor.pdf" in page and "uno.pdf" not in page
        for path in re.findall(r'action="([^"]+/quitar)"', page):
            filer.send(path, {})
        assert "Lo que adjuntaste" not in filer.get(f"{DRAFT}/archivos").text
        assert len(house.stored()) == len(before) - 2

    @pytest.mark.parametrize(
        ("main", "said"),
        [
            (("nota.pdf", b"no soy un pdf"), "no es un PDF"),
            (("vacio.pdf", b""), "está vacío"),
            (("clave.pdf", a_pdf(encrypted=True)), "tiene contraseña"),
        ],
    )
    def test_what_nobody_could_open_is_not_kept(self, house, filer, main, said):
        filer.begins()
        before = house.stored()
        answer = filer.attaches(main)
        assert answer.status_code == 422
        assert said in beside(answer.text, "main_document") or said in " ".join(on_top(answer.text))
        assert house.stored() == before

    def test_what_is_over_a_published_limit_is_told_with_another_way(self, house, filer):
        filer.begins("sernanp")
        answer = filer.attaches(("bien.pdf", a_pdf()), [("foto.png", b"\x89PNG\r\n\x1a\n")])
        assert answer.status_code == 422
        [said] = on_top(answer.text)
        assert "«foto.png»" in said and "mesa de partes" in said
        assert "bien.pdf" in answer.text

    def test_without_a_main_document_the_page_asks_for_it(self, filer):
        answer = filer.begins().attaches()
        assert answer.status_code == 422
        assert "Elige el archivo PDF" in on_top(answer.text)[0]


class TestCode:
    def test_a_wrong_code_is_said_and_the_right_one_goes_on(self, filer):
        filer.begins().says("contacto", email="codigo@ejemplo.pe")
        assert "Ese código no es" in beside(filer.send(f"{DRAFT}/codigo", {"code": "12"}).text, "code")
        filer.says("codigo", code=filer.code("codigo@ejemplo.pe"))
        assert "por comprobar" not in text_of(filer.get(DRAFT).text)

    def test_the_sixth_letter_to_an_address_is_not_sent(self, filer):
        filer.begins().says("contacto", email="muchos@ejemplo.pe")
        for _ in range(4):
            filer.says("codigo/otro")
        code = filer.code("muchos@ejemplo.pe")
        filer.says("codigo/otro")
        assert "Probaste muchas veces" in on_top(filer.get(filer.at).text)[0]
        assert filer.code("muchos@ejemplo.pe") == code

    def test_who_gets_no_letter_files_all_the_same_without_the_authorisation(self, house, filer):
        filer.begins().says("para-que", purpose="general").says("quien", **PERSON)
        filer.says("contacto", email="sin@ejemplo.pe")
        assert filer.get(f"{DRAFT}/sin-comprobar").location == f"{DRAFT}/documento"
        filer.says("documento", **DOCUMENT).attaches(("a.pdf", a_pdf()))
        assert "Autorizo que me notifiquen" not in filer.get(f"{DRAFT}/revisar").text
        filer.sends(accepts_notification="si")
        filing, _, _ = house.filing(number_on(filer.get(filer.at).text))
        assert (filing.filer.email, filing.accepts_notification) == ("sin@ejemplo.pe", False)


class TestSending:
    def test_without_the_declaration_it_is_not_sent(self, filer):
        filer.fills()
        answer = filer.send(f"{DRAFT}/revisar", {})
        assert answer.status_code == 422
        assert "Marca la declaración" in beside(answer.text, "declaration")

    def test_what_lacks_is_listed_with_a_way_there_and_cannot_be_sent(self, house, filer):
        before = house.count()
        filer.begins().says("para-que", purpose="general")
        page = filer.get(f"{DRAFT}/revisar").text
        assert "Antes de enviarlo falta" in page and "Enviar mi documento" not in page
        answer = filer.sends()
        assert answer.status_code == 422 and len(on_top(answer.text)) > 3
        assert house.count() == before

    def test_the_same_draft_sent_twice_is_one_filing(self, house, filer):
        filer.fills()
        before = house.count()
        filer.sends()
        assert filer.sends().location == "/presentar/listo"
        assert house.count() == before + 1
        assert filer.get(f"{DRAFT}/documento").location == "/presentar/listo"
        filer.send("/presentar/otro", {})
        assert filer.get("/presentar/listo").location.startswith("/presentar?")

    def test_two_clicks_at_once_are_one_filing(self, house, filer):
        filer.fills()
        before, csrf = house.count(), filer.visitor.csrf()
        cookies = [filer.visitor.client.get_cookie(name, path=path) for name, path in
                   (("borrador", "/presentar"), ("session", "/"))]
        both = Barrier(2)

        def click(_):
            client = house.app.test_client()
            for cookie in cookies:
                client.set_cookie(cookie.key, cookie.value, path=cookie.path)
            both.wait()
            return client.post(f"{DRAFT}/revisar", data={"csrf_token": csrf, "declaration": "si"}).location

        with ThreadPoolExecutor(2) as pool:
            assert set(pool.map(click, range(2))) == {"/presentar/listo"}
        assert house.count() == before + 1

    def test_the_same_paper_again_is_said_and_sent_all_the_same(self, filer):
        paper = ("igual.pdf", a_pdf())
        for time in (1, 2):
            filer.fills().attaches(paper)
            said = "presentó hace un momento este mismo archivo" in text_of(filer.get(f"{DRAFT}/revisar").text)
            assert said is (time == 2)
            assert filer.sends().status_code == 303
            filer.send("/presentar/otro", {})

    def test_the_review_says_what_sending_now_means(self, filer):
        filer.fills()
        said = text_of(filer.get(f"{DRAFT}/revisar").text)
        assert re.search(r"Si lo envías ahora .*se considera presentado (hoy, |el )\w+ \d+ de \w+", said)
        assert "El plazo de IGP para atenderlo se cuenta desde el" in said


class TestDoors:
    def test_an_institution_is_found_and_has_an_address_of_its_own(self, filer):
        page = filer.get("/presentar?q=geofisico").text
        assert 'href="/presentar/igp"' in page and 'href="/presentar/senamhi"' not in page
        said = text_of(filer.get("/presentar/igp").text)
        for words in ("Antes de iniciar, debes saber", "Hazlo de forma digital",
                      "También puedes hacerlo presencialmente", "Sede Huancayo", "lunes a viernes, de 08:30 a 16:30"):
            assert words in said, words
        assert filer.get("/presentar/nadie").status_code == 404
        assert "No encontramos ninguna" in filer.get("/presentar?q=zzz").text

    def test_a_draft_can_be_forgotten_and_expires(self, house, filer):
        filer.fills()
        before = house.stored()
        assert "borrado" in filer.send(f"{DRAFT}/borrar", {}).location
        assert len(house.stored()) == len(before) - 1
        filer.begins()
        with house.session() as session:
            for draft in session.query(Draft).filter(Draft.filing_id.is_(None)):
                draft.expires_at = now() - timedelta(seconds=1)
            session.commit()
        assert "sin-borrador" in filer.get(DRAFT).location

    def test_the_link_is_mailed_to_a_proved_address_alone(self, house, filer):
        email = f"{uuid4().hex}@ejemplo.pe"
        filer.begins()
        assert "Enviarme un enlace" not in filer.get(DRAFT).text
        filer.proves(email)
        filer.send(f"{DRAFT}/enlace", {})
        assert email in text_of(filer.get(filer.at).text)

    def test_the_home_page_leads_here(self, filer):
        assert 'href="/presentar"' in filer.get("/").text
