"""The way of the national contract, for its tests: the adapter on a clock that stands still."""

from adapters.iotramite import Iotramite
from hub.papers.transfer_sheet import transfer_sheet
from tests.fixtures.parcels import NOW

NAMESPACE = "http://ws.wsiotramite.segdi.gob.pe/"
CUO = "0000012345"


def an_adapter(**change):
    return Iotramite(**{"transfer_sheet": transfer_sheet, "now": lambda: NOW, "timeout": 2.0} | change)
