"""What an institution's SOAP port answers, good and bad."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.errors import ContractError
from hub.wire.codes import BY_WIRE, Refusal
from hub.wire.replies import is_fault, messages_in, open_reply, refusal_in, state_in
from hub.wire.service import NS, SOAP, write_fault


def envelope(content, extra=""):
    return f'<s:Envelope xmlns:s="{SOAP}">{extra}<s:Body>{content}</s:Body></s:Envelope>'.encode()


def reply(content, **extra):
    return open_reply(envelope(content, **extra), max_bytes=100_000)


def test_an_answer_with_its_acuse_is_read_byte_by_byte():
    wrapped = base64.encodebytes(b"<Acuse/>\r\n").decode()  # with the line breaks that some stacks put
    said = (
        f'<recibirSobreRespuesta xmlns="{NS}"><estado>acusado</estado><acuse>{wrapped}</acuse></recibirSobreRespuesta>'
    )
    found = reply(said, extra="<s:Header/>")
    assert state_in(found, "recibirSobre") == "acusado"
    assert messages_in(found, "acuse") == [b"<Acuse/>\r\n"]


def test_the_answer_to_another_operation_says_nothing():
    found = reply(f'<otraRespuesta xmlns="{NS}"><estado>acusado</estado></otraRespuesta>')
    assert state_in(found, "recibirSobre") == ""


@pytest.mark.parametrize("refusal", Refusal)
def test_every_refusal_comes_back_from_its_fault(refusal):
    fault = open_reply(write_fault(refusal, "Una frase."), max_bytes=100_000)
    assert is_fault(fault)
    assert refusal_in(fault) is refusal is BY_WIRE[refusal.wire]


def test_the_fault_of_another_stack_says_no_refusal_of_ours():
    fault = reply("<s:Fault><faultcode>s:Server</faultcode><faultstring>NullPointerException</faultstring></s:Fault>")
    assert is_fault(fault)
    assert refusal_in(fault) is None


def test_bad_base64_is_named():
    with pytest.raises(ContractError) as refused:
        messages_in(reply(f'<r xmlns="{NS}"><acuse>&#241;&#241;</acuse></r>'), "acuse")
    assert refused.value.code == "PEDIDO_MAL_FORMADO"


@pytest.mark.parametrize("content", ["", "<a/><b/>"])
def test_a_body_without_its_one_element_is_refused(content):
    with pytest.raises(ContractError) as refused:
        reply(content)
    assert refused.value.code == "PEDIDO_MAL_FORMADO"


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: envelope(text))))
@settings(max_examples=150, deadline=None)
def test_garbage_is_a_contract_error_and_nothing_else(raw):
    try:
        open_reply(raw, max_bytes=1000)
    except ContractError as error:
        assert error.code in BY_WIRE
