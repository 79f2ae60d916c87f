"""Balances for institutions: their own, signed, good without our word; no other institution's, and no line changed."""

import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import select

from hub import balances
from hub.cli import main
from hub.clock import now
from hub.core.balances import faults
from hub.core.calendar import local_date
from hub.core.errors import ContractError
from hub.models import Comparison
from hub.wire.authority import make_authority
from hub.wire.balances import open_balance, sign_balance
from hub.wire.keys import load_signer

DAY = local_date(now()) - timedelta(days=1)


def closed(hub, day=DAY, code="igp"):
    """The balance of a day of an institution, as the worker makes it at the end of its comparison."""
    folder = hub.keys / "hub"
    signer = load_signer(folder / "ledger.key.pem", folder / "ledger.crt.pem")
    body = hub.directory.entity(code)
    with hub.session() as session:
        run = session.scalar(select(Comparison).where(Comparison.entity_id == body.id, Comparison.day == day))
        if run is None:
            run = Comparison(entity_id=body.id, day=day, asked_at=now(), started_at=now(), finished_at=now(), code="")
            session.add(run)
            session.flush()
        row = balances.make(session, hub.directory, body, run, lambda it: sign_balance(signer, it), now())
        session.commit()
    return row


def get(hub, path="", code="igp", **headers):
    sent = {"Authorization": f"Bearer {hub.token(code)}"} | headers
    return hub.http.get(f"{hub.url}/api/v1/balances{path}", headers=sent, timeout=20)


def ca_of(hub):
    return (hub.keys / "ca" / "crt.pem").read_bytes()


def test_its_balances_are_listed_and_each_is_good_with_the_authority_alone(hub):
    today = local_date(now())
    leg = hub.file()
    first, second = closed(hub), closed(hub, today)
    assert closed(hub, today).id == second.id  # one for a day
    told = get(hub).json()["balances"]
    assert [one["dia"] for one in told[:2]] == [f"{today}", f"{DAY}"]
    assert get(hub, f"?antes={today}").json()["balances"][0]["dia"] == f"{DAY}"
    given = get(hub, f"/{today}").json()
    content = open_balance(given["firmado"], [ca_of(hub)])
    assert faults(content, given["lineas"]) == []
    assert content["anterior"] == first.digest.hex() and content["entidad"] == hub.ruc_of("igp")
    assert leg.cuo in {one["cuo"] for one in given["lineas"]}
    again = get(hub, f"/{today}", **{"If-None-Match": get(hub, f"/{today}").headers["ETag"]})
    assert again.status_code == 304


def test_no_institution_reads_the_balance_of_another(hub):
    closed(hub)
    assert get(hub, f"/{DAY}", code="senace").json()["code"] == "BALANCE_DESCONOCIDO"
    assert get(hub, code="senace").json() == {"balances": []}
    for odd in ("2020-01-01", "ayer", "2026-13-40"):
        assert get(hub, f"/{odd}").status_code == 404
    assert hub.http.get(f"{hub.url}/api/v1/balances/{DAY}", timeout=20).status_code == 401


def test_a_balance_that_was_touched_says_so(hub):
    hub.file()
    given = balances.given(closed(hub, local_date(now())))
    content = open_balance(given["firmado"], [ca_of(hub)])
    lines = given["lineas"]
    assert faults(content, lines[1:]) == ["LINES_COUNT", "LINES_ROOT"]
    other_state = "sent" if lines[0]["estado"] == "registered" else "registered"
    assert faults(content, [{**lines[0], "estado": other_state}, *lines[1:]]) == ["LINES_ROOT"]
    assert faults(content, [*lines, lines[0]]) == ["LINES_REPEATED", "LINES_COUNT", "LINES_ROOT"]
    head, body, signature = given["firmado"].split(".")
    ca, other = ca_of(hub), make_authority(ec.generate_private_key(ec.SECP256R1()), now())
    by_another = sign_balance(hub.signer("senace"), content)
    for jws, authority, why in (
        (f"{head}.{body}.{signature[:-8]}AAAAAAAA", ca, "DECLARACION_FIRMA_INVALIDA"),
        (given["firmado"], other.certificate.public_bytes(Encoding.PEM), "DECLARACION_FIRMANTE_DESCONOCIDO"),
        (by_another, ca, "DECLARACION_FIRMANTE_NO_ES_EL_HUB"),
        ("nada", ca, "RAIZ_MAL_FORMADA"),
    ):
        with pytest.raises(ContractError) as refused:
            open_balance(jws, [authority])
        assert refused.value.code == why


def test_the_command_checks_a_file_with_the_published_certificate_alone(hub, tmp_path, capsys):
    closed(hub)
    paths = []
    for day in (DAY, local_date(now())):
        paths.append(tmp_path / f"{day}.json")
        paths[-1].write_text(json.dumps(balances.given(closed(hub, day))))
    ca = str(hub.keys / "ca" / "crt.pem")
    assert main(["balance", "verify", str(paths[1]), "--ca", ca, "--anterior", str(paths[0])]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Vale. Balance de") and "Sigue al anterior que diste." in said
    assert main(["balance", "verify", str(paths[0]), "--ca", ca, "--anterior", str(paths[1])]) == 1
    bad = json.loads(paths[1].read_text())
    bad["lineas"] = bad["lineas"][1:]
    paths[1].write_text(json.dumps(bad))
    assert main(["balance", "verify", str(paths[1]), "--ca", ca]) == 1
    assert "no son tantas" in capsys.readouterr().out
    assert main(["balance", "verify", ca, "--ca", ca]) == 1
    assert "no es un balance" in capsys.readouterr().err
