"""Cases in which the hub speaks: how the institution takes a Sobre, and what it must refuse."""

import re
from dataclasses import replace
from typing import Final
from uuid import uuid4

from adapters.conformance.ground import Ground, Sent
from adapters.conformance.strangers import a_forger
from adapters.conformance.values import Case, DoesNotApply, NotKept
from adapters.conformance.ways import Heard
from hub.core.messages import DocumentRole
from hub.wire import xml

HELD: Final = "docs/contract.md, Before an Acuse"


def _refused(heard: Heard, *codes: str) -> None:
    """It refused; with one of these codes where any is given."""
    if heard.broke:
        raise NotKept(heard.said())
    if heard.messages or heard.is_taken:
        raise NotKept("lo aceptó")
    if not heard.code or (codes and heard.code not in codes):
        raise NotKept(f"{heard.said()}; se espera {' o '.join(codes) or 'un código de la lista'}")


def _never_held(ground: Ground, sent: Sent, *codes: str) -> None:
    """It refused at once; or it took it to fetch the documents, and never holds it."""
    heard = ground.way.post(sent.sealed)
    if not heard.is_taken:
        return _refused(heard, *codes)
    found = ground.until(lambda: not (later := ground.ask(sent.cuo)).is_taken and later)
    if found and found.messages:
        raise NotKept("dio su Acuse")


def answers_in_time(ground: Ground) -> None:
    heard = ground.way.post(ground.sobre().sealed)
    if heard.broke in ("TIMEOUT", "UNREACHABLE", "ADDRESS_INVALID"):
        raise NotKept(f"{heard.said()} en {ground.timeout:g} s")


def answers_whole(ground: Ground) -> None:
    heard = ground.way.post(ground.sobre().sealed)
    if not heard.is_understood:
        raise NotKept(heard.said())


def takes_a_good_one(ground: Ground) -> None:
    sent = ground.sobre((b"%PDF-1.4 uno", b"anexo"))
    ground.kept["acuse"] = ground.is_acuse_of(ground.acuse(sent), sent)
    ground.kept["sent"] = sent


def fetches_with_credential(ground: Ground) -> None:
    sent: Sent | None = ground.kept.get("sent")
    if sent is None:
        raise NotKept("no acusó el Sobre del caso anterior")
    for path in sent.paths:
        codes = [one.code for one in ground.standin.fetches(path)]
        if not codes:
            raise NotKept("dio su Acuse sin traer un documento")
        if "" not in codes:
            raise NotKept(f"pidió un documento sin credencial buena: {codes[0]}")


def refuses_tampered(ground: Ground) -> None:
    sent = ground.sobre()
    other = re.sub(rb"<Folios>1</Folios>", b"<Folios>2</Folios>", sent.sealed)
    _refused(ground.way.post(other), "FIRMA_INVALIDA")
    forged = ground.seal(ground.sobre().values, a_forger(ground.signer))
    _refused(ground.way.post(forged), "FIRMA_INVALIDA")


def refuses_unsigned(ground: Ground) -> None:
    sealed = ground.sobre().sealed
    _refused(ground.way.post(sealed[: sealed.index(b"<ds:Signature")] + b"</Sobre>"), "FIRMA_AUSENTE")


def refuses_a_stranger(ground: Ground) -> None:
    sent = ground.sobre()
    heard = ground.way.post(ground.seal(sent.values, ground.stranger))
    _refused(heard, "FIRMANTE_DESCONOCIDO", "FIRMANTE_NO_ES_EMISOR")


def refuses_another_receiver(ground: Ground) -> None:
    header = replace(ground.header("9000000001"), receiver_ruc="20000000001")
    _refused(ground.way.post(ground.sobre(header=header).sealed), "RECEPTOR_EQUIVOCADO")


def answers_a_duplicate_the_same(ground: Ground) -> None:
    sent = ground.sobre()
    first, again = ground.acuse(sent), ground.acuse(sent)
    one, other = ground.is_acuse_of(first, sent), ground.is_acuse_of(again, sent)
    if (one.header.message_id, one.held_since) != (other.header.message_id, other.held_since):
        raise NotKept("al mismo Sobre dio otro Acuse (otro IdMensaje o EnPoderDesde)")


def refuses_another_content(ground: Ground) -> None:
    sent = ground.sobre()
    ground.acuse(sent)
    other = ground.seal(replace(sent.values, subject="Otro contenido con el mismo IdMensaje"))
    _refused(ground.way.post(other), "MENSAJE_CON_OTRO_CONTENIDO")


def holds_what_it_confirmed(ground: Ground) -> None:
    sent = ground.sobre()
    ground.acuse(sent)
    heard = ground.ask(sent.cuo)
    if not heard.messages:
        raise NotKept(f"dio su Acuse y, preguntada al instante, {heard.said()}")


def waits_for_the_documents(ground: Ground) -> None:
    sent = ground.sobre()
    ground.standin.seen.are_documents_down = True
    try:
        heard = ground.way.post(sent.sealed)
        if heard.messages:
            raise NotKept("dio su Acuse aunque el documento no se podía traer")
        if heard.broke or not (heard.is_taken or heard.code):
            raise NotKept(heard.said())
    finally:
        ground.standin.seen.are_documents_down = False
    ground.is_acuse_of(ground.acuse(sent), sent)


def checks_the_digest(ground: Ground) -> None:
    sent = ground.sobre((b"%PDF-1.4 el anunciado",))
    ground.standin.serve(sent.paths[0], b"%PDF-1.4 otro, igual.")
    _never_held(ground, sent, "DOCUMENTO_ALTERADO")


def goes_on_after_a_cut(ground: Ground) -> None:
    sent = ground.sobre((b"%PDF-1.4 " + b"x" * 100_000,))
    ground.standin.seen.cut_documents = 1
    heard = ground.way.post(sent.sealed)
    if heard.code and heard.code != "DOCUMENTO_INACCESIBLE":
        raise NotKept(heard.said())
    ground.is_acuse_of(ground.acuse(sent), sent)


def refuses_too_large_a_message(ground: Ground) -> None:
    """Many servers close the connection on one: that is a refusal too, if they go on answering others."""
    heard = ground.way.post(ground.sobre().sealed + b" " * xml.MAX_BYTES)
    ground.way.forget()
    if heard.broke != "CONNECTION_LOST":
        _refused(heard, "XML_DEMASIADO_GRANDE")


def refuses_a_dtd(ground: Ground) -> None:
    sealed = ground.sobre().sealed
    head = b"<?xml version='1.0' encoding='UTF-8'?>"
    body = sealed[sealed.index(b"<Sobre") :]
    _refused(ground.way.post(head + b'<!DOCTYPE Sobre [<!ENTITY a "b">]>' + body), "XML_CON_ENTIDADES", "XML_CON_DTD")


def keeps_to_what_it_declares(ground: Ground) -> None:
    if not ground.max_bytes:
        raise DoesNotApply("no declara un máximo (max_bytes en el directorio)")
    sent = ground.sobre((b"",))
    path = f"/api/v1/envios/{sent.cuo}/documentos/{uuid4()}"
    content = b"0" * (ground.max_bytes + 1)
    ground.standin.serve(path, content)
    large = ground.ref(path, content, DocumentRole.MAIN, "grande.pdf")
    _never_held(ground, ground.sobre((), documents=(large,)), "DOCUMENTO_DEMASIADO_GRANDE")


CASES: Final = (
    Case("C-01", "Contesta a tiempo", "docs/contract.md, Over REST y Over SOAP", answers_in_time, is_ground=True),
    Case("C-02", "Contesta entero y en las palabras del contrato", "docs/contract.md, Codes", answers_whole,
         is_ground=True),
    Case("C-03", "Acusa un Sobre bueno", "schemas/sobre.xsd, Acuse", takes_a_good_one),
    Case("C-04", "Trae cada documento con su credencial antes de acusar", f"{HELD}, 6", fetches_with_credential),
    Case("C-05", "Rehúsa un mensaje alterado", f"{HELD}, 3; schemas/firma.xsd", refuses_tampered),
    Case("C-06", "Rehúsa un mensaje sin firma", f"{HELD}, 3", refuses_unsigned),
    Case("C-07", "Rehúsa la firma de otra entidad", "docs/contract.md, The signature", refuses_a_stranger),
    Case("C-08", "Rehúsa lo que va dirigido a otro RUC", "docs/contract.md, Codes", refuses_another_receiver),
    Case("C-09", "Al mismo Sobre responde el mismo Acuse", f"{HELD}, 4", answers_a_duplicate_the_same),
    Case("C-10", "Rehúsa el mismo IdMensaje con otro contenido", f"{HELD}, 4", refuses_another_content),
    Case("C-11", "Tiene guardado lo que acusó", f"{HELD}, 5 y 7", holds_what_it_confirmed),
    Case("C-12", "No acusa mientras no tiene los documentos", f"{HELD}, 6", waits_for_the_documents),
    Case("C-13", "Rehúsa un documento que no es el anunciado", f"{HELD}, 6", checks_the_digest),
    Case("C-14", "Sigue una descarga que se cortó", f"{HELD}, 6", goes_on_after_a_cut),
    Case("C-15", "Rehúsa un mensaje de más de 1 MiB", f"{HELD}, 1", refuses_too_large_a_message),
    Case("C-16", "Rehúsa un mensaje con DTD o entidades", f"{HELD}, 1", refuses_a_dtd),
    Case("C-17", "No acepta más de lo que declara", "schemas/entities.schema.json, max_bytes",
         keeps_to_what_it_declares),
)  # fmt: skip
