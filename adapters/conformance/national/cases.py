"""The numbered cases of an entity of the national contract: how it takes a document, and the cargo that it gives."""

from collections.abc import Mapping
from contextlib import closing
from typing import Final

from adapters.conformance.lines import half_sent
from adapters.conformance.national.ground import NationalGround
from adapters.conformance.values import Case, NotKept
from hub.wire.iotramite.fields import CARGO, CONSULTAR, RECEPCIONAR
from hub.wire.iotramite.files import encode_twice, read_pdf
from hub.wire.iotramite.validation import cargo_problem

WSDL: Final = "schemas/iotramite/Tramite.wsdl"
HOW: Final = "docs/national.md, A document"
NEVER: Final = "8999999999"


def answers(ground: NationalGround) -> None:
    ground.said(ground.post(ground.envelope(ground.document()), RECEPCIONAR))


def shows_its_wsdl(ground: NationalGround) -> None:
    found = ground.get("wsdl").body
    missing = [name for name in (RECEPCIONAR, CONSULTAR, CARGO) if name.encode() not in found]
    if missing:
        raise NotKept(f"a GET ?wsdl respondió sin {', '.join(missing)}")


def takes_a_good_one(ground: NationalGround) -> None:
    values = ground.document()
    said = ground.send(values)
    if said.code != "0000" or not said.values.get("vdesres"):
        raise NotKept(f"a un documento bueno {said.text()}; se espera 0000 y un texto")
    ground.kept["cuo"] = values["vcuo"]


def minds_no_action(ground: NationalGround) -> None:
    for action, how in (("", "vacía"), (None, "ausente"), ("urn:otra", "de otra operación")):
        said = ground.send(ground.document(), action)
        if said.code != "0000":
            raise NotKept(f"con SOAPAction {how} {said.text()}; se espera 0000")


def tells_what_it_has(ground: NationalGround) -> None:
    said = ground.ask(_kept_cuo(ground))
    if said.code != "0000" or said.values.get("cflgest") not in ("P", "R", "O"):
        raise NotKept(f"por un documento que recibió {said.text()}; se espera 0000 con cflgest P, R u O")


def tells_what_it_never_had(ground: NationalGround) -> None:
    said = ground.ask(NEVER)
    if said.code != "0001":
        raise NotKept(f"por un CUO que nunca tuvo {said.text()}; se espera 0001")


def files_a_repeated_one_once(ground: NationalGround) -> None:
    """The component in use answers -1 to a repeated CUO, and others 0000 or 0002: what counts is one registration."""
    values = ground.document()
    if ground.send(values).code != "0000":
        raise NotKept("no recibió el documento que se iba a repetir")
    ground.send(values)
    said = ground.ask(values["vcuo"])
    if said.code != "0000":
        raise NotKept(f"después del mismo CUO otra vez, preguntada por él, {said.text()}")
    numbers = ground.until(lambda: _numbers(ground, values["vcuo"]))
    if ground.more_by_then(lambda: len(_numbers(ground, values["vcuo"])) > 1):
        raise NotKept("al mismo CUO le dio dos números de registro")
    if not numbers:
        raise NotKept(f"en {ground.patience:g} s no dio su cargo")


def _numbers(ground: NationalGround, cuo: str) -> set[str | None]:
    return {one.get("vnumregstd") for one in ground.standin.about(cuo)}


def refuses_what_is_no_pdf(ground: NationalGround) -> None:
    said = ground.send(ground.document(bpdfdoc=encode_twice(b"esto no es un PDF")))
    if said.code in ("", "0000"):
        raise NotKept(f"a un principal que no es PDF {said.text()}; se espera 0003")


def answers_what_cannot_be_read(ground: NationalGround) -> None:
    """Any status and any fault will do: that it comes back, and that the next good one is taken."""
    ground.post(b"<soapenv:Envelope>esto no es XML", RECEPCIONAR)
    ground.taken()


def is_not_held_up_by_a_slow_line(ground: NationalGround) -> None:
    with closing(half_sent(*ground.request(), ground.timeout)):
        ground.taken()


def survives_a_cut_line(ground: NationalGround) -> None:
    for _ in range(5):
        half_sent(*ground.request(), ground.timeout).close()
    ground.taken()


def _kept_cuo(ground: NationalGround) -> str:
    if "cuo" not in ground.kept:
        raise NotKept("no recibió el documento bueno")
    return str(ground.kept["cuo"])


def _cargo(ground: NationalGround) -> Mapping[str, str]:
    """The cargo of the good document, whatever CUO it names; one for all the cases that look at it."""
    cuo = _kept_cuo(ground)
    found = ground.until(lambda: ground.standin.about(cuo)) or ground.standin.all()
    if not found:
        raise NotKept(f"en {ground.patience:g} s no dio su cargo")
    first: Mapping[str, str] = found[0]
    return first


def gives_its_cargo(ground: NationalGround) -> None:
    _cargo(ground)


def names_the_document(ground: NationalGround) -> None:
    cargo, cuo = _cargo(ground), _kept_cuo(ground)
    said = tuple(cargo.get(name, "") for name in ("vcuo", "vrucentrem", "vrucentrec"))
    if said != (cuo, ground.who.ruc, ground.own_ruc):
        raise NotKept(f"su cargo dice vcuo, vrucentrem y vrucentrec {', '.join(said)}")


def gives_a_registry_number(ground: NationalGround) -> None:
    cargo = _cargo(ground)
    if cargo.get("cflgest") != "R":
        raise NotKept(f"su cargo dice cflgest «{cargo.get('cflgest', '')}»: la prueba espera R")
    for name in ("vnumregstd", "vanioregstd"):
        if not cargo.get(name):
            raise NotKept(f"su cargo no trae {name}")


def keeps_the_rules_of_a_cargo(ground: NationalGround) -> None:
    problem = cargo_problem(_cargo(ground))
    if problem:
        raise NotKept(f"su cargo no cumple: {problem}")


def carries_its_pdf(ground: NationalGround) -> None:
    if read_pdf(_cargo(ground).get("bcarstd", "")) is None:
        raise NotKept("bcarstd no es un PDF en base64")


def says_it_again_the_same(ground: NationalGround) -> None:
    values = ground.document()
    ground.standin.told.refuse_about = values["vcuo"]
    ground.send(values)
    found = ground.until(lambda: len(said := ground.standin.about(values["vcuo"])) > 1 and said)
    ground.standin.told.refuse_about = ""
    if not found:
        raise NotKept(f"un cargo que no se le recibió (-1) no volvió en {ground.patience:g} s")
    if len({one.get("vnumregstd") for one in found}) > 1:
        raise NotKept("el cargo que volvió trae otro número de registro")


def tells_the_same_when_asked(ground: NationalGround) -> None:
    cargo, said = _cargo(ground), ground.ask(_kept_cuo(ground)).values
    for name in ("cflgest", "vnumregstd", "vanioregstd"):
        if cargo.get(name) != said.get(name):
            raise NotKept(f"su cargo dice {name} «{cargo.get(name)}» y, preguntada, «{said.get(name, '')}»")


CASES: Final = (
    Case("N-01", "Contesta a tiempo, en SOAP 1.1", f"{WSDL}, binding", answers, is_ground=True),
    Case("N-02", "Publica su WSDL con las tres operaciones", f"{WSDL}, portType", shows_its_wsdl),
    Case("N-03", "Recibe un documento bueno con 0000 y un texto", f"{HOW}, 2", takes_a_good_one),
    Case("N-04", "Lo recibe diga lo que diga SOAPAction", "docs/national.md, Addresses", minds_no_action),
    Case("N-05", "Preguntada por un CUO, dice en qué estado está", f"{HOW}, 5", tells_what_it_has),
    Case("N-06", "Dice que no tiene lo que nunca tuvo", f"{HOW}, 5", tells_what_it_never_had),
    Case("N-07", "El mismo CUO otra vez no se registra dos veces", f"{HOW}, 2", files_a_repeated_one_once),
    Case("N-08", "Rehúsa un principal que no es PDF", f"{WSDL}, bpdfdoc", refuses_what_is_no_pdf),
    Case("N-09", "Contesta a lo que no se puede leer", f"{HOW}, 2", answers_what_cannot_be_read),
    Case("N-10", "Una conexión lenta no detiene a las demás", f"{HOW}, 4", is_not_held_up_by_a_slow_line),
    Case("N-11", "Sobrevive a conexiones cortadas", f"{HOW}, 4", survives_a_cut_line),
    Case("N-12", "Da su cargo", f"{HOW}, 4; PcmIMgdTramite.wsdl, cargoResponse", gives_its_cargo),
    Case("N-13", "Su cargo nombra el CUO y los dos RUC", "PcmIMgdTramite.wsdl, cargoRequest", names_the_document),
    Case("N-14", "Su cargo trae número y año de registro", f"{WSDL}, vnumregstd y vanioregstd",
         gives_a_registry_number),
    Case("N-15", "Su cargo trae lo que se pide, con sus largos", f"{WSDL}, cargoRequest", keeps_the_rules_of_a_cargo),
    Case("N-16", "Su cargo trae el PDF", f"{WSDL}, bcarstd", carries_its_pdf),
    Case("N-17", "Un cargo que no se le recibió vuelve igual", f"{HOW}, 4", says_it_again_the_same),
    Case("N-18", "Preguntada, dice lo mismo que su cargo", f"{HOW}, 5", tells_the_same_when_asked),
)  # fmt: skip
