"""The platform's side (contract A): institutions send documents and cargos here and ask for news. Each gets a code."""

import logging
from dataclasses import replace

from hub import receiving
from hub.api.national.calls import CALLER_UNKNOWN, Incoming, Returned, press, rolled_back, said
from hub.cargo_copies import cargo_copy
from hub.clock import now
from hub.consulted import Consulted, consulted, own_cargo
from hub.core.errors import ContractError, StorageFailure
from hub.extensions import db, services
from hub.wire.iotramite import answers, codes, sentences
from hub.wire.iotramite.codes import STATE_OF_FILING, State
from hub.wire.iotramite.read import read_cargo
from hub.wire.iotramite.validation import cargo_problem, is_cuo

log = logging.getLogger(__name__)


def take_cargo(incoming: Incoming) -> Returned:
    """Contract A: who sends the cargo names itself, and must be one that may call from there."""
    rucs, sender = incoming.callers.rucs, incoming.values.get("vrucentrem", "")
    if not rucs:
        return said(codes.ERROR, CALLER_UNKNOWN)
    if sender not in rucs:
        return said(codes.INVALID, sentences.SENDER_UNKNOWN if sender else sentences.MISSING["vrucentrem"])
    problem = cargo_problem(incoming.values)
    if problem:
        return said(codes.INVALID, problem)
    return keep_cargo(incoming, incoming.values["vcuo"], sender)


def keep_cargo(incoming: Incoming, cuo: str, sender_ruc: str) -> Returned:
    """Answered with 0000 only once it is committed; parked news is ours to resolve, so that it is 0000 too.

    A second cargo is 0002 whatever it says; one that says something else is kept all the same. `cuo` is our leg's,
    whatever number the message bears.
    """
    news = read_cargo({**incoming.values, "vcuo": cuo}, sender_ruc, now(), incoming.raw)
    try:
        is_second = receiving.has_cargo(db.session, cuo, sender_ruc)
        received = receiving.received_from_pide(news, incoming.raw)
        _, is_new = receiving.take(db.session, services().directory, received, now())
    except ContractError as error:
        log.warning("cargo of %s from %s not taken: %s", cuo, sender_ruc, rolled_back(error))
        return said(codes.ERROR, codes.CARGO_NOT_TAKEN_TEXT)
    if is_second or not is_new:
        return said(codes.ALREADY_REGISTERED, codes.CARGO_KNOWN_TEXT)
    return said(codes.OK, codes.CARGO_TAKEN_TEXT)


def consult(incoming: Incoming) -> Returned:
    """A CUO that cannot exist is unknown like any other: entities probe with 999999999A and expect 0001."""
    callers = incoming.callers
    if not callers.rucs:
        return said(codes.ERROR, CALLER_UNKNOWN)
    cuo = incoming.values.get("vcuo") or incoming.values.get("request", "")
    if not is_cuo(cuo):
        return (answers.consulta(None),)
    found = consulted(db.session, services().directory, cuo, callers.rucs, callers.platform_ids)
    if found is None:
        return (answers.consulta(None),)
    return (answers.consulta(replace(found.known, cargo_pdf=_pdf(found))),)


def _pdf(found: Consulted) -> bytes:
    """The cargo to give with the state: every state but P has one once the leg was registered."""
    if STATE_OF_FILING[found.known.status] is State.PENDING:
        return b""
    try:
        if found.leg.registered_at is None:
            return own_cargo(db.session, found.leg)
        return cargo_copy(db.session, services().directory, press(), found.leg, now())
    except StorageFailure as error:  # the state is worth telling without it; who asks again gets it then
        log.warning("cargo of %s could not be read: %s", found.leg.cuo, error.code)
        return b""


def document_types(incoming: Incoming) -> Returned:
    """The two that the contract knows."""
    return answers.document_types()
