"""The pages of signing in with a provider of identities, and of a code by SMS: shown where an operator set one."""

from uuid import uuid4

from tests.web.account import new_email
from tests.web.citizen import DRAFT, PERSON, Filer
from tests.web.test_identity import Visitor


def come_in(house, provider):
    """`provider` says a document and no more, so that everything else is asked for."""
    provider.forget()
    provider.person = {"sub": uuid4().hex, "doc": "99999999"}
    visitor, email, asked = Visitor(house, new_email()), new_email(), "/cuenta/identidad"
    visitor.get("/cuenta/ingresar")
    visitor.goes()
    visitor.get(f"{asked}/correo")
    visitor.send(f"{asked}/correo", {"email": "nadie"})
    visitor.send(f"{asked}/correo", {"email": email})
    visitor.get(f"{asked}/codigo")
    visitor.send(f"{asked}/codigo", {"code": "1"})
    visitor.send(f"{asked}/codigo", {"code": visitor.code(email)})
    visitor.get(f"{asked}/datos")
    visitor.send(f"{asked}/datos", {"names": "", "document_number_of_person": ""})
    visitor.get(f"{asked}/vuelta?code=x&state=y")
    provider.forget()
    filer = Filer(house).begins().says("para-que", purpose="correspondencia").says("quien", **PERSON)
    filer.says("contacto", phone="987654321").get(f"{DRAFT}/codigo")
