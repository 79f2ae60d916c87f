"""Each WSDL that the hub serves is read by the tools with which others make their clients."""

import subprocess

import pytest
from zeep import Client

SERVED = (
    "/services/PcmIMgdTramite", "/services/PcmIMgdEntidad", "/services/PcmCuo", "/wsiopidetramite/IOTramite",
    "/wsentidad/Entidad", "/wsiotramite/Tramite", "/soap/mesadepartes",
)  # fmt: skip


@pytest.fixture(scope="module")
def addresses(town):
    return [f"{town.url}{path}?wsdl" for path in SERVED]


def test_by_zeep(addresses):
    for address in addresses:
        (service,) = Client(address).wsdl.services.values()
        assert all(port.binding._operations for port in service.ports.values())


def test_by_php(addresses):
    program = "foreach (array_slice($argv, 1) as $one) count((new SoapClient($one))->__getFunctions()) || exit(1);"
    subprocess.run(["php", "-d", "soap.wsdl_cache_enabled=0", "-r", program, *addresses], check=True, timeout=30)


TOOLS = {
    "nacional": (["org.apache.axis.wsdl.WSDL2Java", "-o"], (3,)),
    "propio": (["com.sun.tools.ws.WsImport", "-quiet", "-Xnocompile", "-s"], (5,)),
}


@pytest.mark.parametrize("stack", TOOLS)
def test_by_the_tools_of_java(addresses, compiled, tmp_path, stack):
    """Axis 1.4 and JAX-WS; `build` has read the others. Neither warns of anything."""
    options = (compiled / stack).read_text().split()[:-1]
    main, numbers = TOOLS[stack]
    for number in numbers:
        argv = ["java", *options, *main, tmp_path, addresses[number]]
        done = subprocess.run(argv, capture_output=True, text=True, timeout=60)
        assert not done.returncode and not done.stdout.strip() and any(tmp_path.rglob("*.java")), done
