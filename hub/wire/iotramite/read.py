"""What entities tell us: the answer to a sending, the answer to a question, a cargo."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hub.core.calendar import local_date
from hub.core.ports import CannotTell, Has, HasNot, News, NewsKind
from hub.wire.iotramite.codes import (
    ALREADY_REGISTERED,
    CARGO_STATES,
    FOUND_TEXT,
    NOT_FOUND,
    NOT_FOUND_TEXT,
    OK,
    State,
    says_failed,
    says_receiver_fails,
)
from hub.wire.iotramite.dates import read_instant
from hub.wire.iotramite.envelope import fault_of, read_envelope, values_of
from hub.wire.iotramite.files import read_pdf


@dataclass(frozen=True)
class Answer:
    """vcodres and vdesres as they came, both empty where nothing came; `fault` is the text of a SOAP Fault."""

    code: str = ""
    text: str = ""
    fault: str | None = None


def read_answer(content: bytes) -> Answer:
    """The answer to recepcionar or to a cargo. Raises NotAnEnvelope or ContractError for what is no SOAP message."""
    call = read_envelope(content)
    fault = fault_of(call)
    if fault is not None:
        return Answer(fault=fault)
    values = values_of(call.element)
    return Answer(values.get("vcodres", ""), values.get("vdesres", ""))


def cargo_is_taken(answer: Answer) -> bool:
    """True where a cargo was taken now (0000) or before (0002); one entity answers an empty code to what it took."""
    if answer.fault is not None:
        return False
    if answer.code == "":
        return not says_failed(answer.text)
    return answer.code in (OK, ALREADY_REGISTERED)


def read_consulta(content: bytes, cuo: str, said_by_ruc: str, received_at: datetime) -> Has | HasNot | CannotTell:
    """What an entity says of a CUO. Raises NotAnEnvelope or ContractError for what is no SOAP message.

    Entities fill the code badly, so the text and the state help: an answer that shows neither that it has the
    document nor that it has not is CannotTell (-1, 0003, a Fault, an empty code with nothing else).
    """
    call = read_envelope(content)
    fault = fault_of(call)
    if fault is not None:
        return CannotTell(fault, raw=content)
    values = values_of(call.element)
    code, text = values.get("vcodres", ""), values.get("vdesres", "")
    detail = f"{code} {text}".strip()
    if says_receiver_fails(text) or values.get("vcuo", cuo) not in (cuo, ""):
        return CannotTell(detail, raw=content)
    if code == NOT_FOUND or (code == "" and text.upper() == NOT_FOUND_TEXT):
        return HasNot(raw=content)
    has_state = values.get("cflgest") in set(State)
    if code == OK or (code == "" and (has_state or text.upper() == FOUND_TEXT)):
        return Has(_news_in(values, cuo, said_by_ruc, received_at, content), raw=content)
    return CannotTell(detail, raw=content)


def read_cargo(values: Mapping[str, str], said_by_ruc: str, received_at: datetime, raw: bytes) -> News:
    """A cargo that `cargo_problem` found good, as news. `values` come from `values_of`: any wrapper was taken off.

    `received_at` stands for a registration date that is missing, as in an observation.
    """
    return _news(values, values["vcuo"], said_by_ruc, received_at, raw)


def _news_in(
    values: Mapping[str, str], cuo: str, said_by_ruc: str, received_at: datetime, raw: bytes
) -> tuple[News, ...]:
    """Registered or observed; nothing while it is pending."""
    if values.get("cflgest") not in CARGO_STATES:
        return ()
    return (_news(values, cuo, said_by_ruc, received_at, raw),)


def _news(values: Mapping[str, str], cuo: str, said_by_ruc: str, received_at: datetime, raw: bytes) -> News:
    is_observed = values["cflgest"] == State.OBSERVED
    said_at = read_instant(values.get("dfecregstd", "")) or received_at
    happened_at = min(said_at, received_at)  # a clock of theirs that runs ahead, or writes UTC without saying so
    remark, number = values.get("vobs", ""), values.get("vnumregstd", "")
    year = values.get("vanioregstd") or (str(local_date(happened_at).year) if number else "")
    return News(
        kind=NewsKind.OBSERVED if is_observed else NewsKind.REGISTERED,
        cuo=cuo,
        happened_at=happened_at,
        said_by_ruc=said_by_ruc,
        registry_number=number,
        registry_year=year,
        unit=values.get("vuniorgstd", ""),
        official=values.get("vusuregstd", ""),
        text=remark,
        items=(remark,) if is_observed and remark else (),
        cargo_pdf=read_pdf(values.get("bcarstd", "")) or b"",
        raw=raw,
    )
