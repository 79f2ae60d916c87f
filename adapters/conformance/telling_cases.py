"""Cases in which the institution speaks, is asked, or has a bad line: its Cargo, its Estados, its Reporte."""

import socket
from contextlib import closing
from typing import Any, Final

from adapters.conformance.ground import NS, Ground, Sent
from adapters.conformance.lines import half_sent
from adapters.conformance.strangers import RUC as STRANGER
from adapters.conformance.strangers import a_forger
from adapters.conformance.values import Case, NotKept
from hub.core.errors import ContractError
from hub.wire import xml

WORDS: Final = ("en_proceso", "atendido", "archivado", "desistido")
_ABOUT_SIGNER: Final = ("FIRMA_", "FIRMANTE_", "CERTIFICADO_", "CLAVE_", "ALGORITMO_", "REFERENCIA_")


def answers_when_asked(ground: Ground) -> None:
    sent = ground.sobre()
    acuse = ground.acuse(sent)
    heard = ground.ask(sent.cuo)
    if acuse not in heard.messages:
        raise NotKept(f"su Reporte no trae el Acuse que dio: {heard.said()}")


def says_what_it_never_had(ground: Ground) -> None:
    heard = ground.ask("8999999999")
    if heard.code != "CUO_DESCONOCIDO":
        raise NotKept(f"por un CUO que nunca tuvo {heard.said()}; se espera CUO_DESCONOCIDO")


def refuses_a_bad_credential(ground: Ground) -> None:
    sent = ground.sobre()
    ground.acuse(sent)
    used = ground.token()
    ground.way.ask(sent.cuo, used)
    bad = {
        "sin credencial": "", "con una credencial ya usada": used, "con una alterada": used[:-8],
        "con una que la mesa no firmó": ground.token(a_forger(ground.token_signer)),
        "con una para otra entidad": ground.token(called=STRANGER),
    }  # fmt: skip
    for what, token in bad.items():
        heard = ground.way.ask(sent.cuo, token)
        if not heard.code.startswith("CREDENCIAL_"):
            raise NotKept(f"{what} {heard.said()}")


def is_not_held_up_by_a_slow_line(ground: Ground) -> None:
    with closing(_half_sent(ground)):
        if not ground.way.post(ground.sobre().sealed).is_understood:
            raise NotKept("mientras otra conexión iba lenta no contestó")


def survives_a_cut_line(ground: Ground) -> None:
    for _ in range(5):
        _half_sent(ground).close()
    if not ground.way.post(ground.sobre().sealed).is_understood:
        raise NotKept("después de conexiones cortadas no contestó")


def _half_sent(ground: Ground) -> socket.socket:
    return half_sent(*ground.way.request(ground.sobre().sealed), ground.timeout)


def _cargo(ground: Ground) -> tuple[Sent, bytes]:
    """A Sobre that was taken and the first Cargo about it; one for all the cases that look at it."""
    if "cargo" not in ground.kept:
        sent = ground.sobre()
        ground.acuse(sent)
        found = ground.until(lambda: ground.said_of(sent, "Cargo"))
        if not found:
            raise NotKept(f"en {ground.patience:g} s no dio un Cargo")
        ground.kept["cargo"] = sent, found[0]
    kept: tuple[Sent, bytes] = ground.kept["cargo"]
    return kept


def gives_its_cargo(ground: Ground) -> None:
    _cargo(ground)


def signs_its_cargo(ground: Ground) -> None:
    _, raw = _cargo(ground)
    code = _refusal_of(ground, raw)
    if code.startswith(_ABOUT_SIGNER):
        raise NotKept(f"su Cargo no está firmado con el certificado que el directorio tiene de ella: {code}")


def _refusal_of(ground: Ground, raw: bytes) -> str:
    try:
        ground.opened(raw)
    except ContractError as error:
        return error.code
    return ""


def names_the_cuo(ground: Ground) -> None:
    sent, raw = _cargo(ground)
    said = [xml.parse(raw).findtext(f"{NS}Cabecera/{NS}{tag}") for tag in ("Cuo", "NumeroTramite")]
    if said != [sent.cuo, sent.values.header.filing_number]:
        raise NotKept(f"su Cargo es del CUO {said[0]} y el trámite {said[1]}, que no son los del Sobre")


def gives_a_registry_number(ground: Ground) -> None:
    _, raw = _cargo(ground)
    done: Any = xml.parse(raw).find(f"{NS}Registrado")
    if done is None:
        raise NotKept("no registró el Sobre: la prueba espera un Cargo Registrado")
    for tag in ("NumeroRegistro", "AnioRegistro"):
        if not (done.findtext(f"{NS}{tag}") or "").strip():
            raise NotKept(f"su Cargo no trae {tag}")


def says_it_again_the_same(ground: Ground) -> None:
    sent = ground.sobre()
    ground.standin.seen.refuse_about = str(sent.id).encode()
    ground.acuse(sent)
    found = ground.until(lambda: len(said := ground.said_of(sent, "Cargo")) > 1 and said)
    ground.standin.seen.refuse_about = b""
    if not found:
        raise NotKept(f"un Cargo que no se le recibió (503) no volvió en {ground.patience:g} s")
    if len(set(found)) > 1:
        raise NotKept("el Cargo que volvió no es, byte por byte, el que no se le recibió")


def gives_its_status(ground: Ground) -> None:
    sent, _ = _cargo(ground)
    found = ground.until(lambda: ground.said_of(sent, "Estado"))
    if not found:
        raise NotKept(f"en {ground.patience:g} s no dio un Estado")
    for raw in found:
        word = xml.parse(raw).findtext(f"{NS}Movimiento") or ""
        if word not in WORDS:
            raise NotKept(f"su Estado dice «{word}», que no está en la lista")


CASES: Final = (
    Case("C-18", "Preguntada por un CUO, da los mensajes que firmó", "schemas/reporte.xsd", answers_when_asked),
    Case("C-19", "Dice que no tiene lo que nunca tuvo", "docs/contract.md, Codes", says_what_it_never_had),
    Case("C-20", "Rehúsa una pregunta sin credencial buena", "docs/contract.md, the JWT", refuses_a_bad_credential),
    Case("C-21", "Una conexión lenta no detiene a las demás", "docs/contract.md, Codes",
         is_not_held_up_by_a_slow_line),
    Case("C-22", "Sobrevive a conexiones cortadas", "docs/contract.md, Codes", survives_a_cut_line),
    Case("C-23", "Da su Cargo", "schemas/sobre.xsd, Cargo", gives_its_cargo),
    Case("C-24", "Firma su Cargo con su certificado", "docs/contract.md, The signature", signs_its_cargo),
    Case("C-25", "Su Cargo nombra el CUO y el trámite", "schemas/sobre.xsd, Cabecera", names_the_cuo),
    Case("C-26", "Su Cargo trae número y año de registro", "schemas/sobre.xsd, Registrado", gives_a_registry_number),
    Case("C-27", "Un Cargo sin respuesta vuelve igual", "docs/contract.md, A message", says_it_again_the_same),
    Case("C-28", "Da sus Estados, con palabras de la lista", "schemas/tipos.xsd, Movimiento", gives_its_status),
)  # fmt: skip
