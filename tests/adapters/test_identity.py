"""RENIEC and SUNAT by the national platform, asked over HTTP: what they say, and what is done when they do not."""

import threading
import time

import pytest

from adapters.identity import Credential, NationalIdentities
from adapters.sandbox.identities import Server
from hub.core.errors import PermanentFailure, TemporaryFailure

OFFICIAL = Credential("40404040", "20492966658", "palabra")


@pytest.fixture
def registers():
    server = Server()
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def asking(registers, credential=OFFICIAL, timeout=3.0):
    url = registers.url if isinstance(registers, Server) else registers
    return NationalIdentities(
        f"{url}/services/ReniecConsultaDni", credential, f"{url}/Rest/Sunat/DatosPrincipales", timeout
    )


def test_names_come_from_reniec_and_a_company_from_sunat(registers):
    source = asking(registers)
    assert source.identity_of("dni", "10117410").names == "QUISPE ÑAHUI, ANA MARÍA"
    assert source.identity_of("ruc", "20492966658").names == "MINERA DE PRUEBA S.A.C."


def test_a_ruc_that_nobody_has_and_another_document_are_nobody(registers):
    source = asking(registers)
    assert source.identity_of("ruc", "20101010101") is None
    assert source.identity_of("ce", "001766062") is None and source.identity_of("passport", "AD1234569") is None
    assert registers.asked == ["/Rest/Sunat/DatosPrincipales?numruc=20101010101"]


@pytest.mark.parametrize(("dni", "credential"), [("99999999", OFFICIAL), ("10117410", Credential("", "", ""))])
def test_what_reniec_refuses_is_told_by_its_code(registers, dni, credential):
    with pytest.raises(PermanentFailure, match=r"0001|1999"):
        asking(registers, credential).identity_of("dni", dni)


def test_a_register_that_is_slow_is_waited_for_once_and_then_left_alone(registers):
    registers.slow, source, began = 3.0, asking(registers, timeout=0.3), time.monotonic()
    for _ in range(3):
        with pytest.raises(TemporaryFailure):
            source.identity_of("dni", "10117410")
    assert time.monotonic() - began < 2
    registers.slow = 0.0
    assert source.identity_of("ruc", "20492966658")  # the other one is well


@pytest.mark.parametrize("body", [b"", b"<html>", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
                                  b"<a><ddp_nombre>A</ddp_nombre><ddp_nombre>B</ddp_nombre></a>"])
def test_an_answer_that_is_none_is_a_failure_and_never_a_name(scripted, body):
    scripted.say(200, body)
    with pytest.raises((PermanentFailure, TemporaryFailure)):
        asking(scripted.url).identity_of("ruc", "20492966658")
    with pytest.raises((PermanentFailure, TemporaryFailure)):
        asking(scripted.url).identity_of("dni", "10117410")


def test_a_register_that_fails_is_a_passing_failure(scripted):
    scripted.say(500, b"<a/>")
    with pytest.raises(TemporaryFailure):
        asking(scripted.url).identity_of("ruc", "20492966658")
