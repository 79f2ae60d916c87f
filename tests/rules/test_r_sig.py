"""R-SIG-1 to 3: signatures that come in are shown and never demanded; our own seal says what it is."""

from io import BytesIO

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from sqlalchemy import select

from hub import signatures
from hub.core.statuses import DeliveryStatus
from hub.models import Document
from hub.paper_orders import CONSTANCIA
from hub.paperwork import Want
from hub.signatures import read_document
from hub.wire.cades import certificate
from tests.bench.papers import pdf_of
from tests.papers.reading import words
from tests.papers.signers import signed, updated
from tests.rules.papers import Desk
from tests.stages.sector import NOW, a_submission, make_sector, take


@pytest.fixture
def sector(session):
    return make_sector(session)


@pytest.fixture
def desk(session, sector, tmp_path):
    return Desk(session, sector, tmp_path)


def received(session, sector, desk, content, destination="igp"):
    """A filing whose main document is `content`, and whose signatures were read."""
    leg = take(session, sector, a_submission(destination_code=destination))[1]
    (document,) = session.scalars(select(Document).where(Document.filing_id == leg.filing_id))
    document.object_key = desk.press.store.put(content).object_key
    signatures.keep(session, document, read_document(desk.press.store, document.object_key), NOW)
    return leg


@pytest.mark.rule("R-SIG-1")
def test_who_signed_is_shown_with_ruc_instant_and_authority(session, sector, desk):
    leg = received(session, sector, desk, signed(pdf_of("Solicitud"), ORGANIZATION_NAME="Instituto de Prueba"))
    ((one,),) = [shown.signatures for shown in signatures.signed_documents(session, leg.filing_id)]
    assert (one.signer, one.organisation, one.ruc) == ("QUISPE NAHUI Ana", "Instituto de Prueba", "20131366028")
    assert one.authority == "ECEP de prueba" and one.signed_at is not None
    assert one.is_intact and one.covers_all


@pytest.mark.rule("R-SIG-1")
@pytest.mark.parametrize(
    ("change", "is_intact", "covers_all"),
    [(lambda pdf: pdf.replace(b"Solicitud", b"solicitud"), False, True), (updated, True, False)],
    ids=["tampered", "added to"],
)
def test_what_happened_after_the_signature_is_told(session, sector, desk, change, is_intact, covers_all):
    leg = received(session, sector, desk, change(signed(pdf_of("Solicitud"))))
    ((one,),) = [shown.signatures for shown in signatures.signed_documents(session, leg.filing_id)]
    assert (one.is_intact, one.covers_all) == (is_intact, covers_all)


@pytest.mark.rule("R-SIG-1")
def test_the_clerk_reads_it_and_never_that_it_is_valid(house, clerk):
    number = clerk.filed(main=("firmado.pdf", signed(pdf_of("Solicitud"))))
    with house.session() as session:
        filing = house.filing(number)[0]
        for document in signatures.unread(session, filing.id):
            signatures.keep(session, document, read_document(house.services.store, document.object_key), NOW)
        session.commit()
    page = clerk.get(f"/mesa-de-partes/constancias/{number}").text
    assert "firmado.pdf: firmó QUISPE NAHUI Ana" in page and "RUC 20131366028" in page
    assert "no ha cambiado desde que se firmó" in page
    assert "válida" not in page and "firma digital válida" not in page


@pytest.mark.rule("R-SIG-1")
def test_filing_asks_for_no_signature(session, sector, desk):
    leg = received(session, sector, desk, pdf_of("Sin firma"))
    assert leg.status is DeliveryStatus.QUEUED
    assert signatures.signed_documents(session, leg.filing_id) == ()


@pytest.mark.rule("R-SIG-2")
def test_by_the_national_platform_an_unsigned_document_is_told_and_goes_all_the_same(session, sector, desk):
    leg = received(session, sector, desk, pdf_of("Sin firma"), "oefa")
    assert signatures.lacks_a_signature(session, sector, leg.filing)
    assert leg.status is DeliveryStatus.QUEUED


@pytest.mark.rule("R-SIG-2")
def test_nothing_is_told_of_a_signed_one_nor_of_other_ways(session, sector, desk):
    signed_one = received(session, sector, desk, signed(pdf_of("Firmado")), "oefa")
    other_way = received(session, sector, desk, pdf_of("Sin firma"), "igp")
    assert not signatures.lacks_a_signature(session, sector, signed_one.filing)
    assert not signatures.lacks_a_signature(session, sector, other_way.filing)


@pytest.mark.rule("R-SIG-3")
def test_our_papers_are_sealed_by_the_hub_and_say_what_that_is(session, sector, desk):
    content = desk.paper(Want(CONSTANCIA, take(session, sector)[1].filing_id))
    seals = PdfFileReader(BytesIO(content)).embedded_signatures
    roots = [certificate(desk.ca.read_bytes())]
    context = ValidationContext(trust_roots=roots, allow_fetching=False, revocation_mode="soft-fail")
    assert [validate_pdf_signature(one, context).bottom_line for one in seals] == [True]
    assert seals[0].sig_object["/Reason"] == "Sello de integridad del sistema"
    text = words(content)
    assert "sello de integridad del sistema" in text
    assert text.count("firma digital") == text.count("No es la firma digital de una persona") == 1


@pytest.mark.rule("R-SIG-3")
def test_with_an_authority_the_seal_bears_the_time(session, sector, tmp_path, stamper):
    desk = Desk(session, sector, tmp_path, stamper)
    leg = take(session, sector)[1]
    desk.paper(Want(CONSTANCIA, leg.filing_id))
    from hub import paperwork

    assert paperwork.known(session, Want(CONSTANCIA, leg.filing_id)).stamped_at is not None
