"""Whoever opens the bare address of a sandbox institution is told what it is; its contract is not touched by that."""

import pytest
import requests

from tests.adapters.institution import NEVER


@pytest.mark.parametrize(("kind", "code", "asked", "status", "answered"), [
    ("rest", "igp", "/?estado=1", 400, "PEDIDO_MAL_FORMADO"),
    ("soap", "senace", "/?wsdl", 200, "definitions"),
    ("iotramite", "oefa", "/?wsdl", 200, "definitions"),
])  # fmt: skip
def test_it_says_where_to_look_and_uses_up_no_misbehaviour(sandbox, kind, code, asked, status, answered):
    one = sandbox(kind, code, **NEVER)
    one.control(fail=1)
    for address in (one.url, f"{one.url}/"):
        told = requests.get(address, timeout=10)
        assert (told.status_code, told.headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
        assert f"«{code}»" in told.text and "/control/held" in told.text and "?wsdl" in told.text
    assert requests.get(f"{one.url}{asked}", timeout=10).status_code == 500
    contract = requests.get(f"{one.url}{asked}", timeout=10)
    assert contract.status_code == status and answered in contract.text
