"""Real calls of the national contract: every operation, of every service, at every address, by every stack."""

import base64
from itertools import count

from hub.wire.iotramite import fields
from hub.wire.iotramite import services as contract
from tests.api.national import IGP, MINAM, OEFA, document, elements
from tests.fixtures.parcels import PDF
from tests.fuzz.stacks import STACKS, written_by

_KEPT = 40
"""Documents that are sent again and again: what is taken once is known the next time, and the tables stay small."""
_FIRST = 7_000_000_000


def national_calls(cuos):
    """`cuos` of legs to OEFA that wait for a cargo. Gives (service, operation, the fields as XML)."""
    made = count()
    found = []
    for service in contract.SERVICES:
        for operation in service.operations:
            for inside in _fields(service, operation, cuos, made):
                found += _at_every_address(service, operation, inside)
    return found


def _at_every_address(service, operation, inside):
    return [
        written_by(stack, "national", address, service.namespace, operation, inside)
        for address in service.addresses for stack in STACKS
    ]  # fmt: skip


def _fields(service, operation, cuos, made):
    of_entity = service is contract.ENTITY_SIDE
    wrapper = (fields.WRAPPERS_D if of_entity else fields.WRAPPERS_A).get(operation)
    if operation == fields.RECEPCIONAR:
        return [_wrapped(wrapper, one, of_entity) for one in _documents(made)]
    if operation == fields.CARGO:
        return [_wrapped(wrapper, one, of_entity) for one in _cargos(cuos)]
    if operation == fields.CONSULTAR:
        asked = [*cuos[:3], f"{_FIRST}", "999999999A", ""]
        return [f"<request>{one}</request>" if of_entity else _wrapped(wrapper, _question(one)) for one in asked]
    return {
        contract.GET_LISTA_ENTIDAD: ["<sidcatent>1</sidcatent>", "<vipent>10.0.0.1</vipent><sidcatent>8</sidcatent>"],
        contract.VALIDAR_ENTIDAD: [f"<vrucent>{IGP}</vrucent>", "<vrucent>20100000001</vrucent>"],
        contract.GET_CUO_ENTIDAD: [f"<ruc>{OEFA}</ruc><servicio>3011</servicio>", f"<ruc>{IGP}</ruc>"],
        contract.GET_CUO: ["<ip>10.1.1.1</ip>", f"<ruc>{OEFA}</ruc><servicio>3011</servicio>"],
    }.get(operation, [""])


def _wrapped(wrapper, values, of_entity=False):
    order = fields.RECEPCION_D if of_entity and "vasu" in values else tuple(values)
    return f"<{wrapper}>{elements({name: values[name] for name in order if name in values})}</{wrapper}>"


def _question(cuo):
    return {"vrucentrem": OEFA, "vrucentrec": IGP, "vcuo": cuo}


def _documents(made):
    """Right in everything, and different: annexes, carnet, one layer of base64, dates, a receiver in the hub."""
    changes = (
        {}, {"vrucentrec": MINAM, "ccodtipdoc": "02"}, {"dfecdoc": "2026/11/20"}, {"dfecdoc": "2026-11-20"},
        {"bpdfdoc": base64.b64encode(PDF).decode()}, {"ctipdociderem": "2", "vnumdociderem": "001234567"},
        {"snumanx": "2", "lstanexos": ("Plano 1.zip", "Cuadro ñ.xlsx"), "vurldocanx": "https://oefa.gob.pe/anexos"},
        {"vcuoref": "4010337392", "vurldocanx": None, "snumanx": None},
    )  # fmt: skip
    return [document(vcuo=str(_FIRST + next(made) % _KEPT), **change) for change in changes]


def _cargos(cuos):
    cargo = {
        "vrucentrem": OEFA, "vrucentrec": MINAM, "vcuoref": "", "vnumregstd": "000123", "vanioregstd": "2026",
        "dfecregstd": "2026-11-21T10:00:00-05:00", "vuniorgstd": "Archivo", "vusuregstd": "LPAZ",
        "bcarstd": base64.b64encode(base64.b64encode(PDF)).decode(), "vobs": "", "cflgest": "R",
    }  # fmt: skip
    observed = {"cflgest": "O", "vobs": "Falta la firma de quien remite", "bcarstd": "", "vnumregstd": ""}
    return [cargo | {"vcuo": cuos[0]}, cargo | {"vcuo": cuos[1]} | observed, cargo | {"vcuo": "9999999999"}]
