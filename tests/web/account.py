"""A citizen with an account: opens the links of the letters that the house sent, and comes in."""

from uuid import UUID, uuid4

from sqlalchemy import select

from hub import account_links
from hub.models import OutboundMessage, User
from tests.web.citizen import PERSON, Filer

PASSWORD = "nevado de pastoruri"
COMPANY = {"person_type": "legal", "ruc": "20131367008", "business_name": "Minera de Prueba S.A.C."}


def new_email():
    return f"{uuid4().hex[:12]}@ejemplo.pe"


class Holder(Filer):
    """Somebody at one address."""

    def __init__(self, house, email=""):
        super().__init__(house)
        self.email = email or new_email()

    def letters(self, email=""):
        """What was mailed to an address about its account, oldest first."""
        with self.house.session() as session:
            about = select(OutboundMessage).where(OutboundMessage.filing_id.is_(None))
            found = session.scalars(about.order_by(OutboundMessage.created_at)).all()
        return [one.content for one in found if one.content["to"] == (email or self.email)]

    def link(self, email=""):
        """The path of the newest link that was mailed."""
        services = self.house.services
        content = self.letters(email)[-1]
        address = account_links.address_of(services.tracking_secret, services.settings.public_url, content)
        return address.removeprefix(services.settings.public_url)

    def opens(self, password=PASSWORD, **typed):
        """From the door to the tray."""
        assert self.send("/cuenta/crear", {"email": self.email}).status_code == 303
        answer = self.send(self.link(), PERSON | {"new_password": password} | typed)
        assert answer.status_code == 303, answer.text
        return self

    def comes_in(self, password=PASSWORD, **more):
        return self.send("/cuenta/ingresar", {"email": self.email, "password": password} | more)

    @property
    def account(self):
        with self.house.session() as session:
            return session.scalars(select(User).where(User.email == self.email)).unique().first()

    def is_in(self):
        return self.get("/mis-tramites").status_code == 200


def link_id(content):
    return UUID(content["link_id"])
