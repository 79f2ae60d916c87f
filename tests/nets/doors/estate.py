"""The estate: filings, legs, documents, notices, things and people, by the names that the table's addresses use."""

import re
from io import BytesIO

from sqlalchemy import select

from hub.clock import now
from hub.core.calendar import local_date
from hub.core.identifiers import receipt_token
from hub.core.ports import NewsKind
from hub.core.statuses import RefusalReason
from hub.models import Notice, OutboundMessage, TransferSlip
from tests.fixtures.house import a_pdf
from tests.nets.doors import belongings
from tests.nets.doors.marks import ADDRESS, EMAIL, FILE, IDENTITY, NAMES, PHONE, SUBJECT, THING
from tests.web.test_observing import let_lapse

NUMBER = re.compile(r"\d{4}-\d{7}-\d|\d{10}")
FILED = {
    "destination": "iiap", "names": NAMES, "email": EMAIL, "phone": PHONE, "address": ADDRESS, "subject": SUBJECT,
    "document_number_of_person": IDENTITY, "accepts_notification": "si",
}  # fmt: skip


class Estate(dict):
    """name -> identifier, as text. What is not there yet is made when the table is read."""

    def __init__(self, house, cast):
        super().__init__()
        self.house, self.cast = house, cast
        self._legs()
        self._left()
        self._things()
        self._observed()
        self._noticed()
        for make in belongings.ALL:
            self |= make(self)

    @property
    def a_file(self):
        """(name, bytes)."""
        return FILE, a_pdf()

    @property
    def numbers(self):
        """Of its filings and legs."""
        return [one for one in self.values() if NUMBER.fullmatch(str(one))]

    def take(self, **more):
        """Filed at the principal counter of IGP; gives (number, cuo)."""
        seat = self.cast.visitor("seat")
        answer = seat.file(main=(FILE, a_pdf()), confirmed="same_content", **FILED | more)
        assert answer.status_code == 303, answer.text
        number = answer.location.rpartition("/")[2].partition("?")[0]
        _, _, legs = self.house.filing(number)
        return number, legs[-1].cuo if legs else ""

    def arrived(self, state="sent", **more):
        """A leg in the inbox of IIAP; gives (number, cuo)."""
        number, cuo = self.take(**more)
        self.house.say(cuo)
        officer = self.cast.visitor("officer")
        if state != "sent":
            self.does(officer, f"/bandeja/{cuo}", answer="register")
        if state in ("closed", "put_away"):
            self.does(officer, f"/bandeja/{cuo}/movimiento", movement="closed")
        if state == "put_away":
            self.does(officer, f"/bandeja/{cuo}/archivar")
        return number, cuo

    def does(self, visitor, path, **form):
        answer = visitor.post(path, form)
        assert answer.status_code == 303, (path, answer.get_data(as_text=True))
        return answer

    def _legs(self):
        self["number"], self["leg"] = self.arrived()
        with self.house.session() as session:
            sent = session.query(OutboundMessage).filter_by(once=f"sobre:{self['leg']}").one()
            sent.sealed = f"<Nombres>{NAMES}</Nombres>".encode()
            session.commit()
        self["document"] = str(self.house.filing(self["number"])[1][0].id)
        self["code"] = self.house.filing(self["number"])[0].verification_code
        self["leg_id"] = self.house.leg(self["number"]).id
        for name in ("moved", "noted", "passed"):
            self[f"{name}_number"], self[name] = self.arrived("registered")
        self["closed"], self["put_away"] = self.arrived("closed")[1], self.arrived("put_away")[1]
        self["unit"] = str(self.cast.unit("member"))
        self["spare_unit"] = str(self.cast.unit("other_unit"))
        officer = self.cast.visitor("officer")
        self["unit_number"], self["unit_leg"] = self.arrived("registered")
        self.does(officer, f"/bandeja/{self['unit_leg']}/pasar", to_unit=self["unit"])
        self["unit_document"] = str(self.house.filing(self["unit_number"])[1][0].id)
        self["away"] = self.take(destination="senamhi")[1]

    def _left(self):
        """A leg that IIAP registered, refused and sent on to INAIGEM."""
        self["past_number"], self["past"] = self.arrived("registered")
        self["past_document"] = str(self.house.filing(self["past_number"])[1][0].id)
        reason = {"reason": RefusalReason.NOT_COMPETENT, "text": "Le toca a INAIGEM"}
        self.house.say(self["past"], NewsKind.REFUSED, **reason)
        why = {"to": "inaigem", "why": "NO_COMPETE", "why_text": "Le toca", "sure": "si"}
        self.does(self.cast.visitor("admin"), f"/envios/{self['past']}/otro-destino", **why)
        self["after"] = self.house.leg(self["past_number"]).cuo
        self.house.say(self["after"])
        self.does(self.cast.visitor("next_officer"), f"/bandeja/{self['after']}", answer="register")
        officer = self.cast.visitor("officer")
        self["gone_number"], self["gone"] = self.arrived()
        refuse = {"answer": "refuse", "reason": "NO_COMPETE", "refuse_text": "Le toca a otra", "right_body": "inaigem"}
        self.does(officer, f"/bandeja/{self['gone']}", **refuse)
        self["gone_code"] = self.house.filing(self["gone_number"])[0].verification_code
        self["next"] = self.house.leg(self["gone_number"]).cuo
        self.house.say(self["next"])

    def _things(self):
        for name in ("kept", "back", "sent_thing"):
            self[name] = self.take(originals=THING)[0]
        self.does(self.cast.visitor("seat"), f"/mesa-de-partes/custodia/{self['sent_thing']}/remitir")
        with self.house.session() as session:
            self["slip"] = str(session.scalars(select(TransferSlip.id)).one())

    def _observed(self):
        self["observed"] = self.take(accion="observar", observed_items="Falta la firma")[0]
        self["observed_code"] = self.house.filing(self["observed"])[0].verification_code
        number, cuo = self.arrived()
        self.does(self.cast.visitor("officer"), f"/bandeja/{cuo}", answer="observe", items="Falta el mapa")
        self["asked_code"] = self.house.filing(number)[0].verification_code
        lapsed = self.take(accion="observar", observed_items="Falta la firma")[0]
        let_lapse(self.house, lapsed)
        self["lapsed_code"] = self.house.filing(lapsed)[0].verification_code
        self["withdrawn_code"] = self.house.filing(self.take(destination="oefa")[0])[0].verification_code

    def _noticed(self):
        number, self["notice"] = self.noticed(*self.arrived("registered"))
        self["noticed_code"] = self.house.filing(number)[0].verification_code
        self["receipt"] = receipt_token(self.house.services.tracking_secret, int(self["notice"]))

    def noticed(self, number, cuo):
        """IIAP notifies a document to the casilla of a filing; gives (number, the notice's id)."""
        today, paper = local_date(now()).isoformat(), (BytesIO(a_pdf()), FILE)
        form = {"act_subject": SUBJECT, "issued_on": today, "act_document": paper}
        answer = self.cast.visitor("officer").post(
            f"/bandeja/{cuo}/notificar", form, content_type="multipart/form-data"
        )
        assert answer.status_code == 303
        with self.house.session() as session:
            newest = select(Notice.id).order_by(Notice.id.desc()).limit(1)
            return number, str(session.scalars(newest).one())
