"""The Código Único de Operación (contract C): a new number for an institution that is about to send."""

from hub import sendings
from hub.api.national.calls import NONE, Incoming, Returned, plain
from hub.extensions import db


def give_number(incoming: Incoming) -> Returned:
    """`getCUOEntidad`: for a RUC that may call from there. `servicio` changes nothing."""
    return _new() if incoming.values.get("ruc", "") in incoming.callers.rucs else plain(NONE)


def give_any_number(incoming: Incoming) -> Returned:
    """`getCUO`, the generator for tests: by `ruc` and `servicio` or by `ip`, for whoever may call from there."""
    ruc = incoming.values.get("ruc", "")
    return _new() if incoming.callers.rucs and (not ruc or ruc in incoming.callers.rucs) else plain(NONE)


def _new() -> Returned:
    number = sendings.new_number(db.session)
    db.session.commit()
    return plain(str(number))
