"""The directory that partners keep: signed, versioned, with rotation, revocation and successors in it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from hub import published
from hub.clock import now
from hub.core.bodies import AdapterKind, AdapterRecord
from hub.core.errors import ContractError
from hub.issuing import hub_keys, issue_directory
from hub.wire.statements import DIRECTORY, REPORT, open_statement, sign_statement
from hub.worker import make_tools


@pytest.fixture(scope="module")
def tools(hub):
    found = make_tools(hub.house.settings, hub.engine)
    yield found
    found.live_directory.stop()


def read(hub, **headers):
    sent = {"Authorization": f"Bearer {hub.token()}"} | headers
    return hub.http.get(f"{hub.url}/api/v1/directorio", headers=sent, timeout=20)


def opened(hub, answer):
    ca = (hub.keys / "ca" / "crt.pem").read_bytes()
    return open_statement(answer.text, DIRECTORY, [ca], now())


def test_it_is_signed_and_names_every_body_with_its_way(hub, tools):
    issue_directory(tools)
    told = opened(hub, read(hub))
    igp = next(one for one in told["entidades"] if one["codigo"] == "igp")
    assert told["mesa"]["ruc"] == hub.ruc and {one["uso"] for one in told["mesa"]["certificados"]} == {
        "sobres", "credenciales",
    }  # fmt: skip
    assert (igp["ruc"], igp["medio"], igp["limites"]["principalBytes"]) == (hub.ruc_of("igp"), "rest", 10 * 1024**2)
    assert igp["certificados"][0]["pem"].startswith("-----BEGIN CERTIFICATE")
    assert len(told["entidades"]) == len(hub.directory.entities)


def test_it_is_not_sent_again_while_it_holds(hub, tools):
    issue_directory(tools)
    first = read(hub)
    assert read(hub, **{"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert issue_directory(tools) == 0


def test_another_signature_is_not_believed(hub, tools):
    issue_directory(tools)
    head, body, signature = read(hub).text.split(".")
    ca = (hub.keys / "ca" / "crt.pem").read_bytes()
    other = sign_statement(hub.signer("igp"), DIRECTORY, {"version": 1}).split(".")
    for forged in (f"{head}.{other[1]}.{signature}", f"{head}.{body}.{other[2]}"):
        with pytest.raises(ContractError):
            open_statement(forged, DIRECTORY, [ca], now())
    with pytest.raises(ContractError):
        open_statement(read(hub).text, REPORT, [ca], now())
    with pytest.raises(ContractError):
        open_statement(read(hub).text, DIRECTORY, [hub.signer("igp").certificate_pem], now())


def content(hub, **changes):
    bodies = tuple(replace(one, **changes) if one.code == "igp" else one for one in hub.directory.entities)
    directory = replace(hub.directory, entities=bodies)
    return published.content_of(directory, hub_keys(hub.keys), {}, "http://mesa.prueba")


def of_igp(told):
    return next(one for one in told["entidades"] if one["codigo"] == "igp")


@pytest.mark.parametrize("kind", AdapterKind)
def test_every_way_can_be_told(hub, kind):
    found = of_igp(content(hub, adapter=AdapterRecord(kind)))
    assert found["medio"] == kind.value and ("recibe" in found["capacidades"]) is (kind is not AdapterKind.PIDE)


def test_two_certificates_overlap_and_a_revoked_one_says_so(hub):
    [first] = hub.directory.entity("igp").certificates
    second = replace(first, fingerprint="f" * 64, revoked_at=now())
    found = of_igp(content(hub, certificates=(first, second)))["certificados"]
    assert [one["revocado"] is None for one in found] == [True, False]


def test_a_body_that_left_names_its_successor(hub):
    found = of_igp(content(hub, left_on=date(2026, 1, 1), successor="senace"))
    assert found["dejoDeAtender"] == "2026-01-01"
    assert found["sucesora"] == {"codigo": "senace", "ruc": hub.ruc_of("senace")}


def test_the_version_grows_with_what_it_says_and_not_with_the_days(hub, session_of):
    at, session = now() + timedelta(days=30), session_of
    def version():
        return published.newest(session).version
    published.issue(session, content(hub), str, at)
    first = version()
    assert not published.issue(session, content(hub), str, at + timedelta(hours=1))
    assert published.issue(session, content(hub), str, at + timedelta(days=2)) and version() == first
    assert published.issue(session, content(hub, is_verified=True, acronym="OTRO"), str, at) and version() == first + 1


@pytest.fixture
def session_of(hub):
    with hub.session() as session:
        yield session
        session.rollback()
