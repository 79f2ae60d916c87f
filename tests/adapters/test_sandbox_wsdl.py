"""The sandbox institutions that speak SOAP serve their own contract, with their own address in it."""

import pytest
import zeep

from tests.adapters.institution import NEVER


@pytest.mark.parametrize(("kind", "code", "path", "port", "operations"), [
    ("soap", "senace", "/mesadepartes", "Institucion", {"recibirSobre", "recibirMensaje", "consultarSobre"}),
    ("iotramite", "oefa", "/wsiotramite/Tramite", "TramitePort",
     {"cargoResponse", "consultarTramiteResponse", "recepcionarTramiteResponse"}),
])  # fmt: skip
def test_zeep_reads_it_and_calls_where_it_says(sandbox, hub_stub, kind, code, path, port, operations):
    one = sandbox(kind, code, **NEVER)
    for asked in (f"{one.url}{path}?wsdl", f"{one.url}{path}"):
        [service] = zeep.Client(asked).wsdl.services.values()
        assert {name: place.binding_options["address"] for name, place in service.ports.items()} == {
            port: f"{one.url}{path}"
        }
        assert set(service.ports[port].binding._operations) == operations
    if kind == "iotramite":
        said = zeep.Client(f"{one.url}{path}?wsdl").service.consultarTramiteResponse("999999999A")
        assert said.vcodres == "0001"
    else:
        with pytest.raises(zeep.exceptions.Fault, match="CREDENCIAL_INVALIDA"):
            zeep.Client(f"{one.url}{path}?wsdl").service.consultarSobre(credencial="x", cuo="0000000001")
