"""Certificates on screen: the new one beside the old one, and one that no longer counts, at once and for everybody."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import select, text

from hub import certifying, second_factor
from hub.clock import now
from hub.entities import load, versions
from hub.models import AuditEntry, Revocation, User
from tests.fixtures.house import ADMIN
from tests.fixtures.sandbox import wait_until
from tests.web.reading import text_of
from tests.web.staff import make_user

HERE = "/administracion/instituciones"


def a_certificate(days=365, name="Sistema de la institución", starts=-1):
    """PEM of a certificate that somebody made for themselves."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    at = datetime.now(UTC)
    built = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number(),
                                    at + timedelta(days=starts), at + timedelta(days=days))  # fmt: skip
    return built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


@pytest.fixture(scope="module")
def admin(house):
    return house.signed_in(ADMIN)


def held(house, code):
    """What a process that just started would read."""
    with house.session() as session:
        return load(session, datetime.now(UTC)).entity(code).certificates


def add(visitor, body, pem, **more):
    return visitor.post(f"{HERE}/{body}/certificados", {"pem": pem, **more})


def revoke(visitor, body, fingerprint, **typed):
    return visitor.post(f"{HERE}/{body}/certificados/{fingerprint}/revocar", typed)


def test_the_new_one_counts_beside_the_old_one_and_the_old_one_is_revoked(house, admin):
    (old,) = held(house, "senamhi")
    assert add(admin, "senamhi", a_certificate()).status_code == 303
    new = next(one for one in held(house, "senamhi") if one.fingerprint != old.fingerprint)
    assert len(held(house, "senamhi")) == 2 and new.revoked_at is None
    page = text_of(admin.get(f"{HERE}/senamhi/certificados").text)
    assert "364 días" in page and "Ya tiene dos que valen" in page
    answer = add(admin, "senamhi", a_certificate())
    assert answer.status_code == 422 and "revoca el que va a dejar de usar" in text_of(answer.text)
    assert revoke(admin, "senamhi", old.fingerprint).status_code == 422
    assert revoke(admin, "senamhi", old.fingerprint, reason="Cambió de sistema").status_code == 303
    assert {one.fingerprint for one in held(house, "senamhi") if one.revoked_at} == {old.fingerprint}
    assert "Revocado" in admin.get("/administracion/certificados").text
    with house.session() as session:
        row = session.get(Revocation, old.fingerprint)
        kinds = session.scalars(select(AuditEntry.kind).where(AuditEntry.entity_code == "senamhi")).all()
    assert row.reason == "Cambió de sistema" and {"certificate_added", "certificate_revoked"} <= {*kinds}
    assert revoke(admin, "senamhi", old.fingerprint, reason="Otra vez").status_code == 422


def test_of_two_that_are_added_at_once_one_is_refused_and_none_is_lost(house, admin):
    one_by_one = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
    with ThreadPoolExecutor(1) as pool, house.session() as session, house.session() as looking:
        by = session.scalar(select(User.id).where(User.email == ADMIN))
        first = certifying.add(session, "senamhi", a_certificate(), by, datetime.now(UTC))
        second = pool.submit(add, admin, "senamhi", a_certificate())
        wait_until(lambda: looking.scalar(text(one_by_one)) or second.done())
        session.commit()
        assert second.result().status_code == 422
    assert first in {one.fingerprint for one in held(house, "senamhi")}


def test_who_changes_the_directory_for_long_keeps_nobody_waiting_at_the_screen(house, admin, monkeypatch):
    monkeypatch.setattr(versions, "PATIENCE", "200ms")
    with ThreadPoolExecutor(1) as pool, house.session() as session:
        versions.lock(session)
        try:
            answer = pool.submit(add, admin, "igp", a_certificate()).result(timeout=20)
        finally:
            session.rollback()
    assert answer.status_code == 422 and "Alguien está cambiando el directorio" in text_of(answer.text)


def test_of_two_who_revoke_at_once_the_second_hears_what_the_first_did(house, admin):
    with house.session() as session:
        by = session.scalar(select(User.id).where(User.email == ADMIN))
        for _ in range(2):
            certifying.add(session, "oefa", a_certificate(), by, now())
        session.commit()
    one, other = (each.fingerprint for each in held(house, "oefa"))
    for first, second, said in ((one, other, "marca la casilla"), (other, other, "ya está revocado")):
        with house.session() as session:
            certifying.revoke(session, load(session, now()).entity("oefa"), first, "Sí", by, now(), is_sure=True)
            answer = while_it_waits(house, session, lambda which=second: revoke(admin, "oefa", which, reason="Sí"))
        assert answer.status_code == 422 and said in text_of(answer.text)


def while_it_waits(house, session, act):
    """Do it beside a transaction that is committed as soon as it waits for that one."""
    with ThreadPoolExecutor(1) as pool, house.session() as looking:
        second = pool.submit(act)
        wait_until(lambda: looking.scalar(text("select count(*) from pg_locks where not granted")) or second.done())
        session.commit()
        return second.result()


def test_the_last_one_asks_twice_and_says_what_stops(house, admin):
    (last,) = held(house, "senace")
    page = text_of(admin.get(f"{HERE}/senace/certificados/{last.fingerprint}/revocar").text)
    assert "Es el último que vale" in page and "sus acuses, sus cargos" in page
    answer = revoke(admin, "senace", last.fingerprint, reason="Robaron la clave")
    assert answer.status_code == 422 and "marca la casilla" in text_of(answer.text)
    assert held(house, "senace")[0].revoked_at is None
    assert revoke(admin, "senace", last.fingerprint, reason="Robaron la clave", sure="si").status_code == 303
    assert held(house, "senace")[0].revoked_at is not None
    assert add(admin, "senace", a_certificate()).status_code == 303
    assert len([one for one in held(house, "senace") if one.revoked_at is None]) == 1


WRONG = {
    "nothing": ("", "No es un certificado en PEM"), "no certificate": ("hola", "No es un certificado en PEM"),
    "a private key": (lambda: a_certificate() + "-----BEGIN PRIVATE KEY-----\n", "clave privada"),
    "one that ended": (lambda: a_certificate(days=-1, starts=-9), "Venció el"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_is_no_certificate_of_the_institution_is_refused_with_the_words_of_the_check(house, admin, case):
    pem, said = WRONG[case]
    before = held(house, "igp")
    answer = add(admin, "igp", pem() if callable(pem) else pem)
    assert answer.status_code == 422 and said in text_of(answer.text), text_of(answer.text)
    assert held(house, "igp") == before


def test_one_that_is_known_already_is_not_taken_again(house, admin):
    answer = add(admin, "oefa", held(house, "igp")[0].pem)
    assert answer.status_code == 422 and re.search("ya está registrado|es del RUC", text_of(answer.text))


def with_second_step(house):
    """A further administrator, and a function that gives the code of the minute on their telephone."""
    email = make_user(house, "minam", ["sector_admin"])
    visitor = house.signed_in(email)
    with house.session() as session:
        user = session.scalars(select(User).where(User.email == email)).unique().one()
        row = second_factor.begin(session, user.id)
        row.confirmed_at = now()
        session.commit()
    return visitor, pyotp.TOTP(second_factor.secret_of(house.services.tracking_secret, row)).now


def test_who_has_a_second_step_proves_it_again(house):
    visitor, code = with_second_step(house)
    (first, *_) = held(house, "igp")
    assert 'name="code"' in visitor.get(f"{HERE}/igp/certificados/{first.fingerprint}/revocar").text
    for wrong in ({}, {"code": "000000"}):
        answer = revoke(visitor, "igp", first.fingerprint, reason="Sí", sure="si", **wrong)
        assert answer.status_code == 422 and "Ese código no es" in text_of(answer.text)
    assert add(visitor, "igp", a_certificate(), code="000000").status_code == 422
    assert held(house, "igp") == (first,)
    assert add(visitor, "igp", a_certificate(), code=code()).status_code == 303
    assert len(held(house, "igp")) == 2
