"""The national platform (contracts A and C) as its client: the way to bodies outside the sector. Off by default.

The partner is the body itself; its address is the platform's, without a path. Its options say, for the leg at hand:
`national_cuo`, the number fetched before; `national_cuo_ref`, that of the leg it corrects; `asks_as`, who asks.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from adapters.envelopes import SCHEMAS, Envelopes
from adapters.iotramite import Papers, cargo_taken, readable, taken
from hub.core.errors import PermanentFailure, TemporaryFailure
from hub.core.ports import Ack, CannotTell, CargoBack, Has, HasNot, Parcel, Partner
from hub.wire.iotramite.envelope import read_envelope, values_of
from hub.wire.iotramite.fields import CARGO, CARGO_A, CONSULTAR, RECEPCION_A, RECEPCIONAR
from hub.wire.iotramite.read import read_consulta
from hub.wire.iotramite.services import CUO, GET_CUO_ENTIDAD, TRAMITE
from hub.wire.iotramite.validation import is_cuo
from hub.wire.iotramite.write import to_cargo

SERVICE: Final = "3011"
_CUO_ACTION: Final = "http://pcm.pide.gob.pe/webservice#ShowArchivos"
_NO_NUMBER: Final = "S/N"


class Pide:
    """`papers` makes the message of a parcel; `now` is the clock; `timeout` seconds a call."""

    def __init__(self, *, papers: Papers, now: Callable[[], datetime], timeout: float = 30.0) -> None:
        self._papers = papers
        self._now = now
        self._tramite = Envelopes(SCHEMAS / TRAMITE.file, timeout)
        self._cuo = Envelopes(SCHEMAS / CUO.file, timeout)

    def new_number(self, partner: Partner, sender_ruc: str) -> str:
        """A CUO of the platform's for who sends. Raises TemporaryFailure where it gives none."""
        address = _base(partner) + CUO.endpoint
        raw = self._cuo.call(address, GET_CUO_ENTIDAD, _CUO_ACTION, ruc=sender_ruc, servicio=SERVICE)
        number = readable(raw, lambda: values_of(read_envelope(raw).element).get("return", ""))
        if not is_cuo(number):
            raise TemporaryFailure("CUO_NOT_GIVEN", number[:40], raw=raw, may_have_arrived=False)
        return number

    def deliver(self, parcel: Parcel) -> Ack:
        """Call `recepcionarTramiteResponse` under the platform's number: Ack on 0000."""
        values = self._papers.values(parcel, self._now()) | {
            "vcuo": parcel.partner.options.get("national_cuo", ""),
            "vcuoref": parcel.partner.options.get("national_cuo_ref", ""),
        }
        names: Any = values.get("lstanexos", ())
        values["lstanexos"] = [{"vnomdoc": one["vnomdoc"]} for one in names]
        request = {name: values[name] for name in RECEPCION_A if values.get(name) not in (None, "", [])}
        raw = self._tramite.call(_base(parcel.partner) + TRAMITE.endpoint, RECEPCIONAR, RECEPCIONAR, request=request)
        return taken(raw, self._now())

    def status_of(self, partner: Partner, cuo: str) -> Has | HasNot | CannotTell:
        """Call `consultarTramiteResponse` by the platform's number; what it says is told under ours."""
        number = partner.options.get("national_cuo", "")
        if not number:
            return HasNot()  # it never had a number there, so it was never sent
        asked = {"vrucentrem": partner.options.get("asks_as", ""), "vrucentrec": partner.ruc, "vcuo": number}
        raw = self._tramite.call(_base(partner) + TRAMITE.endpoint, CONSULTAR, CONSULTAR, request=asked)
        said = readable(raw, lambda: read_consulta(raw, number, partner.ruc, self._now()))
        if not isinstance(said, Has):
            return said
        return replace(said, news=tuple(replace(one, cuo=cuo) for one in said.news))

    def give_cargo(self, partner: Partner, cargo: CargoBack) -> Ack:
        """Call `cargoResponse` for who sent it from outside the sector; this side asks for every field."""
        values = {"vnumregstd": _NO_NUMBER, "vanioregstd": str(cargo.registered_at.year)} | to_cargo(cargo)
        values |= {"vrucentrem": cargo.giver_ruc, "vrucentrec": cargo.sender_ruc}
        request = {name: values[name] for name in CARGO_A if name in values}
        raw = self._tramite.call(_base(partner) + TRAMITE.endpoint, CARGO, CARGO, request=request)
        return cargo_taken(raw, self._now())


def _base(partner: Partner) -> str:
    """Where the platform is. Raises PermanentFailure while it is off."""
    if not partner.address:
        raise PermanentFailure("GATEWAY_OFF", partner.code, may_have_arrived=False)
    return partner.address.rstrip("/")
