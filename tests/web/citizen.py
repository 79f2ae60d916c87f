"""A citizen who files online without a browser: fills in each page as its form asks, and follows where it leads."""

from io import BytesIO
from uuid import UUID

from sqlalchemy import select

from hub import email_codes
from hub.models import OutboundMessage
from tests.fixtures.house import a_pdf

PERSON = {
    "person_type": "natural", "document_kind": "dni", "document_number_of_person": "10117410",
    "names": "Quispe Ñahui, Ana",
}  # fmt: skip
DOCUMENT = {"document_type": "solicitud", "document_number": "s/n", "subject": "Pide los registros del sismo de Lomas"}
DRAFT = "/presentar/borrador"


class Filer:
    """`at` is the path of the page they stand on."""

    def __init__(self, house):
        self.house, self.visitor, self.at = house, house.visitor(), ""

    def get(self, path):
        return self.visitor.get(path)

    def send(self, path, form, **options):
        """Post a page; the redirect is noted, not followed."""
        answer = self.visitor.post(path, form, **options)
        self.at = answer.location or path
        return answer

    def begins(self, code="igp"):
        assert self.send(f"/presentar/{code}", {}).status_code == 303
        return self

    def says(self, page, **typed):
        answer = self.send(f"{DRAFT}/{page}", typed)
        assert answer.status_code == 303, answer.text
        return self

    def code(self, email):
        """The code in the newest letter to an address."""
        with self.house.session() as session:
            letters = session.scalars(
                select(OutboundMessage).where(OutboundMessage.filing_id.is_(None)).order_by(OutboundMessage.created_at)
            ).all()
        [*_, letter] = [one for one in letters if one.content["to"] == email and one.content["letter"] == "email_code"]
        return self.code_of(letter.content)

    def code_of(self, content):
        """The six digits of a letter or an SMS of the outbox."""
        return email_codes.code_of(self.house.services.tracking_secret, UUID(content["code_id"]))

    def proves(self, email):
        self.says("contacto", email=email)
        assert self.at.startswith(f"{DRAFT}/codigo")
        return self.says("codigo", code=self.code(email))

    def attaches(self, main=None, annexes=()):
        files = {"annexes": [(BytesIO(content), name) for name, content in annexes]}
        if main is not None:
            files["main_document"] = (BytesIO(main[1]), main[0])
        return self.send(f"{DRAFT}/archivos", files, content_type="multipart/form-data")

    def fills(self, code="igp", purpose="general", email="", **typed):
        """Everything up to the review."""
        self.begins(code).says("para-que", purpose=purpose).says("quien", **PERSON)
        self.proves(email) if email else self.says("contacto", phone="987654321")
        self.says("documento", **DOCUMENT | typed)
        assert self.attaches(("solicitud.pdf", a_pdf(7))).status_code == 303
        return self

    def sends(self, **ticks):
        """Declare and send; gives the answer."""
        return self.send(f"{DRAFT}/revisar", {"declaration": "si"} | ticks)
