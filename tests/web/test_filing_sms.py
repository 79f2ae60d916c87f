"""A code by SMS where only a mobile is given: it proves the mobile, and where no SMS goes out that is said."""

import re
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from adapters.sms import Sms
from hub import letters
from hub.core.statuses import MessageKind
from hub.models import Draft, OutboundMessage
from tests.stages.casillas import Gateway
from tests.stages.office import office
from tests.web.citizen import DRAFT, PERSON, Filer
from tests.web.reading import text_of

__all__ = ["office"]


def a_mobile():
    return f"9{uuid4().int % 10**8:08d}"


def texts_to(house, phone):
    """The codes that wait to go out to a mobile."""
    with house.session() as session:
        about = select(OutboundMessage).where(OutboundMessage.kind == MessageKind.SMS)
        found = session.scalars(about.order_by(OutboundMessage.created_at)).all()
    return [one.content for one in found if one.content.get("to") == f"+51{phone}"]


@pytest.fixture
def filer(connected):
    return Filer(connected).begins().says("para-que", purpose="correspondencia").says("quien", **PERSON)


def test_a_mobile_is_proved_by_the_code_in_its_sms(connected, filer):
    phone = a_mobile()
    filer.says("contacto", phone=f"{phone[:3]} {phone[3:6]} {phone[6:]}")
    assert filer.at == f"{DRAFT}/codigo"
    assert "Enviamos un SMS con un código de 6 dígitos" in text_of(filer.get(filer.at).text)
    [content] = texts_to(connected, phone)
    code = filer.code_of(content)
    assert filer.send(f"{DRAFT}/codigo", {"code": "000000" if code != "000000" else "111111"}).status_code == 422
    filer.says("codigo", code=code)
    with connected.session() as session:
        [draft] = [one for one in session.scalars(select(Draft)) if phone[-3:] in one.proved_phone.replace(" ", "")]
    assert draft.proved_phone and not draft.proved_email
    filer.says("contacto", phone=draft.proved_phone)
    assert filer.at == f"{DRAFT}/documento"  # proved already: not asked again


def test_a_mail_is_enough_and_no_sms_is_sent(connected, filer):
    phone = a_mobile()
    filer.says("contacto", phone=phone, email=f"{uuid4().hex}@ejemplo.pe")
    assert "Comprobar tu correo" in filer.get(filer.at).text and not texts_to(connected, phone)


def test_a_landline_is_not_asked_for_a_code(filer):
    filer.says("contacto", phone="01 4567890")
    assert filer.at == f"{DRAFT}/documento"


def test_codes_to_one_mobile_are_counted(connected, filer):
    phone = a_mobile()
    filer.says("contacto", phone=phone)
    for _ in range(5):
        filer.send(f"{DRAFT}/codigo/otro", {})
    assert filer.at.endswith("aviso=muchos") and len(texts_to(connected, phone)) == 5
    assert "espera unos minutos" in text_of(filer.get(filer.at).text)


def test_where_no_sms_goes_out_it_is_said_and_a_mail_is_asked_for(house):
    filer = Filer(house).begins().says("para-que", purpose="correspondencia").says("quien", **PERSON)
    phone = a_mobile()
    filer.says("contacto", phone=phone)
    page = text_of(filer.get(filer.at).text)
    assert "Por ahora no enviamos SMS" in page and "Dar un correo" in page and "Paso 5 de 8" in page
    assert not texts_to(house, phone)
    assert filer.get(f"{DRAFT}/sin-comprobar").location == f"{DRAFT}/documento"


def test_the_worker_hands_the_code_to_the_gateway_in_one_sms(office, serve):
    gateway = Gateway()
    with Session(office.engine) as session:
        letters.email_codes.send_text(session, "987 654 321", office.tools.clock())
        session.commit()
    assert letters.send_due(office.tools, None, Sms(serve(gateway), "", 3)) == 1
    [text] = gateway.texts
    assert text["to"] == "+51987654321" and len(text["text"]) <= 70
    assert re.match(r"\d{6} es tu código de la mesa de partes\. Vale 15 minutos\.$", text["text"])
