"""A document that an institution sent in, for the tests of pages."""

from hub.core.ports import NewsKind
from hub.core.statuses import OutboundStatus
from hub.models import Delivery, OutboundMessage, Sending
from tests.api.national import PATH, a_number, recepcion


def with_stopped_cargo(house):
    """(the CUO of a leg whose cargo its sender's system refused for good, the sender's own number)."""
    number = a_number()
    answer = house.app.test_client().post(PATH, data=recepcion(vcuo=number).encode(), content_type="text/xml")
    assert b"0000" in answer.data
    with house.session() as session:
        sending = session.query(Sending).filter_by(cuo=number).one()
        cuo = session.get(Delivery, sending.delivery_id).cuo
    house.say(cuo, NewsKind.REGISTERED, registry_number="004512", registry_year="2026")
    with house.session() as session:
        message = session.query(OutboundMessage).filter_by(delivery_id=sending.delivery_id, kind="cargo_nacional").one()
        message.status, message.last_code = OutboundStatus.DEAD, "PIDE_0003"
        session.commit()
    return cuo, number
