"""Everything that crosses the network, one file each. Imports hub.core and hub.wire, nothing else of the house."""

from collections.abc import Callable
from datetime import datetime

from hub.core.ports import Adapter, Has, HasNot, Parcel, Signer, Trust


def all_ways(
    *,
    trust: Trust,
    token_signer: Signer,
    own_ruc: Callable[[], str],
    clock: Callable[[], datetime],
    transfer_sheet: Callable[[Parcel], bytes],
    is_institution: Callable[[str], bool],
    inbox: Callable[[str, str], Has | HasNot],
    timeout: float,
) -> dict[str, Adapter]:
    """One adapter for each way to an institution, by the kind the directory names. `timeout` seconds a call."""
    from adapters.hosted import Hosted
    from adapters.iotramite import Iotramite, Papers
    from adapters.pide import Pide
    from adapters.rest import Rest
    from adapters.sealed import Seat
    from adapters.soap import Soap

    seat = Seat(trust, token_signer, own_ruc, clock)
    return {
        "rest": Rest(seat, timeout),
        "soap": Soap(seat, timeout),
        "iotramite": Iotramite(
            transfer_sheet=transfer_sheet, now=clock, timeout=timeout, is_institution=is_institution
        ),
        "hosted": Hosted(clock, inbox),
        "pide": Pide(papers=Papers(transfer_sheet, is_institution), now=clock, timeout=timeout),
    }
