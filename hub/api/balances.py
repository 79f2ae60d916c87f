"""The signed balances, for the institution whose they are: it keeps them, and needs nobody to believe them."""

from datetime import date
from typing import Final

from hub import balances
from hub.api.auth import bearer
from hub.api.contract.described import Answer, Operation, Parameter, described
from hub.api.contract.schemas import DAY, ref
from hub.api.replying import cached_json
from hub.api.rest import bp
from hub.core.errors import NotFound
from hub.extensions import db, services
from hub.wire.codes import Refusal

LIST: Final = Operation(
    name="listarBalances",
    tag="Balances",
    summary="Los balances diarios de tu entidad",
    says="Cada noche se compara lo que se le entregó con lo que dice tener, y se firma un balance. El más nuevo "
    "primero; los más antiguos se piden con `antes`.",
    parameters=(Parameter("antes", DAY, "Solo los de días anteriores a este."),),
    answers=(
        Answer(200, "Sus días.", "application/json", ref("Balances"), {"ETag": "Para If-None-Match."}),
        Answer(304, "Nada cambió."),
    ),
    refusals=(Refusal.REQUEST_MALFORMED,),
    example='curl -s -H "Authorization: Bearer $CREDENCIAL" "$MESA/api/v1/balances"',
)

READ: Final = Operation(
    name="leerBalance",
    tag="Balances",
    summary="El balance firmado de un día",
    says="`firmado` es un JWS compacto (typ mesa-balance+jws, certificado en x5c) que se comprueba solo con "
    "/certificados/ca.pem. `lineas` son los envíos que se movieron ese día; su raíz de Merkle está en lo firmado.",
    parameters=(Parameter("day", DAY, "Como 2026-11-20, hora del Perú.", place="path"),),
    answers=(
        Answer(200, "El balance.", "application/json", ref("Balance"), {"ETag": "Para If-None-Match."}),
        Answer(304, "Ya lo tienes (If-None-Match)."),
    ),
    refusals=(Refusal.BALANCE_UNKNOWN,),
    example='curl -s -H "Authorization: Bearer $CREDENCIAL" "$MESA/api/v1/balances/$DIA"',
)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@bp.get("/balances")
@bearer
@described(LIST)
def list_balances(caller_ruc, antes=""):
    before = _day(antes)
    if antes and before is None:
        raise Refusal.REQUEST_MALFORMED.error("antes is no day")
    found = balances.listed(db.session, services().directory.by_ruc(caller_ruc), before)
    address = f"{services().settings.public_url}{bp.url_prefix}/balances"
    told = [{"dia": f"{one.day}", "sha256": one.digest.hex(), "direccion": f"{address}/{one.day}"} for one in found]
    return cached_json({"balances": told})


@bp.get("/balances/<day>")
@bearer
@described(READ)
def read_balance(caller_ruc, day):
    wanted = _day(day)
    if wanted is None:
        raise Refusal.BALANCE_UNKNOWN.error("no day")
    try:
        row = balances.of_day(db.session, services().directory.by_ruc(caller_ruc), wanted)
    except NotFound as error:
        raise Refusal.BALANCE_UNKNOWN.error(day) from error
    return cached_json(balances.given(row))
