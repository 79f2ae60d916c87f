"""The published contract is the one that answers: valid OpenAPI, every route in it, every example run."""

import os
import re
import subprocess
import sys

import pytest
import requests
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from hub.api.contract.described import operation_of
from hub.api.contract.document import refusals_of, routes
from hub.api.contract.first_calls import STEPS, in_code
from hub.guards import guard_of
from hub.wire import sobre
from tests.api.examples import Examples
from tests.stack import ROOT


@pytest.fixture(scope="module")
def published(hub):
    return requests.get(f"{hub.url}/api/v1/openapi.json", timeout=20).json()


@pytest.fixture(scope="module")
def examples(hub, tmp_path_factory):
    return Examples(hub, tmp_path_factory.mktemp("ejemplos"))


def test_the_document_is_valid_openapi_3_1(published):
    OpenAPIV31SpecValidator(published).validate()
    assert published["openapi"].startswith("3.1")


def test_every_route_of_the_door_is_in_it(hub, published):
    rules = [rule for rule in hub.app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")]
    missing = [rule.rule for rule in rules if operation_of(hub.app.view_functions[rule.endpoint]) is None]
    assert missing == ["/api/v1/"]  # the page that shows it
    assert len(rules) - 1 == len({endpoint for _, _, endpoint, _ in routes(hub.app)})


def test_names_are_unique_and_every_operation_has_an_example(published):
    found = [one for path in published["paths"].values() for one in path.values()]
    names = [one["operationId"] for one in found]
    assert len(names) == len(set(names)) and all(one.get("x-ejemplo") for one in found)


def test_a_guard_is_told_as_security(hub, published):
    for path, method, endpoint, _ in routes(hub.app):
        is_bearer = guard_of(hub.app, endpoint) == "bearer"
        assert published["paths"][path][method]["security"] == ([{"credencial": []}] if is_bearer else [])


def test_every_refusal_is_told_with_its_sentence(hub, published):
    for path, method, endpoint, operation in routes(hub.app):
        answers = published["paths"][path][method]["responses"]
        for refusal in refusals_of(operation, guard_of(hub.app, endpoint)):
            told = answers[str(refusal.status)]["description"]
            assert refusal.wire in told or refusal.status in {one.status for one in operation.answers}


def test_it_tells_how_calls_are_repeated_paged_kept_and_limited(published):
    for path in published["paths"].values():
        for one in path.values():
            assert "Retry-After" in one["responses"]["429"]["headers"], one["operationId"]
            kept = "ETag" in one["responses"].get("200", {}).get("headers", {})
            assert kept == ("304" in one["responses"]), one["operationId"]
    tray = published["paths"]["/api/v1/mensajes"]["get"]
    assert {one["name"] for one in tray["parameters"]} == {"limite", "despues"}
    assert "siguiente" in published["components"]["schemas"]["Bandeja"]["required"]
    for told in ("IdMensaje", "If-None-Match", "Retry-After", "siguiente"):
        assert told in published["info"]["description"]


def test_the_page_tells_the_same_and_fetches_nothing_from_outside(hub, published):
    page = requests.get(f"{hub.url}/api/v1/", timeout=20)
    assert page.status_code == 200
    for path in published["paths"].values():
        for one in path.values():
            assert one["summary"] in page.text
    assert re.findall(r'(?:src|href)="(?:https?:)?//[^"]*"', page.text) == []


def test_what_is_code_is_shown_as_code(hub):
    page = requests.get(f"{hub.url}/api/v1/", timeout=20).text
    assert "`" not in page and "<code>siguiente</code>" in page and "docs/attach/README.md" in page
    assert in_code("`a<b` y <c>") == "<code>a&lt;b</code> y &lt;c&gt;"


def test_the_commands_of_the_first_call_are_accepted(hub, examples, leg, tmp_path):
    """All but the playground itself, which is this hub; the answer of each call is shown after a mark."""
    code = "igp"
    told = {
        "MESA_URL": hub.url, "MESA_RUC": hub.ruc, "MI_RUC": hub.ruc_of(code),
        "MI_CLAVE": hub.keys / "sandbox" / f"{code}.key.pem", "MI_CERT": hub.keys / "entities" / f"{code}.crt.pem",
    }  # fmt: skip
    (tmp_path / "juego").mkdir()
    (tmp_path / "juego" / "tuya.env").write_text("".join(f"export {name}={value}\n" for name, value in told.items()))
    (tmp_path / "mensaje.xml").write_bytes(sobre.build(hub.cargo(leg)))
    start, *commands = [step.commands for step in STEPS]
    assert start == ".venv/bin/mesa sandbox --carpeta juego"
    run = "\n".join(commands).replace(".venv/bin/python", f"PYTHONPATH={ROOT} {sys.executable}")
    done = subprocess.run(
        ["bash", "-ec", run.replace("curl -s", "curl -s -w '\\n%{http_code}\\n'")], cwd=tmp_path, capture_output=True,
        text=True, timeout=60, env={"PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert re.findall(r"^\d{3}$", done.stdout, re.M) == ["200", "200"], (done.stdout, done.stderr)
    assert '"mensajes"' in done.stdout and 'estado="aplicado"' in done.stdout


def test_every_example_gives_the_first_of_its_answers(hub, examples, published):
    for path, method, _, operation in routes(hub.app):
        done = examples.run(operation)
        assert done.status == operation.answers[0].status, (operation.name, done)
        schema = published["paths"][path][method]["responses"][str(done.status)]
        _check_body(published, schema.get("content", {}), done)


def _check_body(published, content, done):
    for media_type, told in content.items():
        assert media_type in ("*/*", done.media_type)
        if media_type == "application/json":
            shape = {**told["schema"], "components": published["components"]}
            Draft202012Validator(shape).validate(done.json())


def test_the_examples_are_what_a_shell_runs(examples):
    done = subprocess.run(
        ["bash", "-c", 'curl -s -o /dev/null -w "%{http_code}" "$MESA/salud"'],
        env={"PATH": os.environ["PATH"], "MESA": examples.hub.url}, capture_output=True, text=True, timeout=30,
    )  # fmt: skip
    assert done.stdout == "200"
