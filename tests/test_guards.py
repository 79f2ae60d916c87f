"""Every door has its guard, and the guard is there."""

import pytest
import requests

from hub.guards import ALLOW_LIST, BEARER, SIGNATURE, guard_of
from tests.api.conftest import hub  # noqa: F401


def test_every_route_carries_a_guard(hub):  # noqa: F811
    unguarded = sorted(rule.endpoint for rule in hub.app.url_map.iter_rules() if not guard_of(hub.app, rule.endpoint))
    assert unguarded == []


def test_every_guard_is_of_a_known_kind(hub):  # noqa: F811
    kinds = {guard_of(hub.app, rule.endpoint).partition(":")[0] for rule in hub.app.url_map.iter_rules()}
    assert kinds <= {"public", "role", SIGNATURE, BEARER, ALLOW_LIST}


def test_an_open_door_says_why(hub):  # noqa: F811
    guards = [guard_of(hub.app, rule.endpoint) for rule in hub.app.url_map.iter_rules()]
    assert all(guard.removeprefix("public:").strip() for guard in guards if guard.startswith("public"))


@pytest.mark.parametrize("kind", [SIGNATURE, BEARER])
def test_nobody_passes_a_machine_guard_with_empty_hands(hub, kind):  # noqa: F811
    rules = [rule for rule in hub.app.url_map.iter_rules() if guard_of(hub.app, rule.endpoint) == kind]
    assert rules
    for rule in rules:
        method = next(one for one in ("POST", "GET", "PUT", "PATCH", "DELETE", "HEAD") if one in rule.methods)
        path = rule.rule.replace("<cuo>", "0000000001").replace("<document_id>", "x")
        answer = requests.request(method, hub.url + path, timeout=10)
        assert answer.status_code in (400, 401, 415, 500)
        if method == "HEAD":
            continue  # an answer without words
        assert "CREDENCIAL_AUSENTE" in answer.text or "TIPO_DE_CONTENIDO_NO_ADMITIDO" in answer.text


def test_pages_for_staff_are_shut_to_strangers(hub):  # noqa: F811
    for rule in hub.app.url_map.iter_rules():
        if guard_of(hub.app, rule.endpoint).startswith("role") and "GET" in rule.methods and not rule.arguments:
            answer = requests.get(hub.url + rule.rule, timeout=10, allow_redirects=False)
            assert answer.status_code in (302, 303, 401, 403), rule.rule
