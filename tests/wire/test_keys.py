"""Keys on disk: made once, never overwritten, readable by their owner alone."""

import stat
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from hub.wire.keys import KeyFailure, load_signer, make_demo_keys
from hub.wire.seal import open_sealed, seal
from hub.wire.sobre import build
from hub.wire.trusted import leaf_of, rucs_in
from tests.wire import sector
from tests.wire.sector import HUB, IGP, NOW, trust_of, trusted

SECTOR = {"minam": (HUB, "Ministerio del Ambiente"), "igp": (IGP, "Instituto Geofísico del Perú")}
FILES = {
    "ca/key.pem", "ca/crt.pem", "ca/crl.pem",
    "hub/envelope.key.pem", "hub/envelope.crt.pem", "hub/token.key.pem", "hub/token.crt.pem",
    "hub/seal.key.pem", "hub/seal.crt.pem", "hub/ledger.key.pem", "hub/ledger.crt.pem",
    "entities/minam.crt.pem", "entities/igp.crt.pem", "sandbox/minam.key.pem", "sandbox/igp.key.pem",
}  # fmt: skip


def make(folder):
    return make_demo_keys(folder, SECTOR, operator="minam", now=NOW)


def files_of(folder):
    return {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}


def test_everything_is_made_and_only_its_owner_may_read_it(tmp_path):
    made = make(tmp_path)
    files = files_of(tmp_path)
    assert set(files) == FILES == {str(path.relative_to(tmp_path)) for path in made.written}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files.values()} == {0o600}


def test_a_second_time_makes_nothing_and_changes_nothing(tmp_path):
    make(tmp_path)
    before = {name: path.read_bytes() for name, path in files_of(tmp_path).items()}
    assert make(tmp_path).written == []
    assert {name: path.read_bytes() for name, path in files_of(tmp_path).items()} == before


def test_what_a_stop_half_way_left_out_is_made_and_fits(tmp_path):
    make(tmp_path)
    (tmp_path / "entities" / "igp.crt.pem").unlink()
    (tmp_path / "hub" / "envelope.crt.pem").unlink()
    assert {path.name for path in make(tmp_path).written} == {"igp.crt.pem", "envelope.crt.pem"}
    assert load_signer(tmp_path / "sandbox" / "igp.key.pem", tmp_path / "entities" / "igp.crt.pem")


def test_an_institutions_own_certificate_is_left_alone_without_a_key(tmp_path):
    make(tmp_path)
    (tmp_path / "sandbox" / "igp.key.pem").unlink()
    assert make(tmp_path).written == []


def test_the_certificates_name_their_ruc_and_the_authority_signed_them(tmp_path):
    make(tmp_path)
    ca = x509.load_pem_x509_certificate((tmp_path / "ca" / "crt.pem").read_bytes())
    for name, ruc in {"entities/igp": IGP, "hub/envelope": HUB, "hub/token": HUB}.items():
        leaf = leaf_of((tmp_path / f"{name}.crt.pem").read_bytes())
        leaf.x509.verify_directly_issued_by(ca)
        assert set(rucs_in(leaf.der)) == {ruc}
        assert leaf.valid_from < NOW < leaf.valid_until < NOW + timedelta(days=800)


def test_the_list_of_revoked_is_signed_by_the_authority_and_empty(tmp_path):
    make(tmp_path)
    ca = x509.load_pem_x509_certificate((tmp_path / "ca" / "crt.pem").read_bytes())
    crl = x509.load_pem_x509_crl((tmp_path / "ca" / "crl.pem").read_bytes())
    assert crl.is_signature_valid(ca.public_key())
    assert len(crl) == 0


def test_a_loaded_key_seals_what_its_certificate_opens(tmp_path):
    make(tmp_path)
    signer = load_signer(tmp_path / "sandbox" / "igp.key.pem", tmp_path / "entities" / "igp.crt.pem")
    raw = seal(build(sector.cargo()), signer)
    found = open_sealed(raw, trust_of({IGP: [trusted(signer)]}), receiver_ruc=HUB, now=NOW)
    assert found.message == sector.cargo()


def pem_of(key):
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a key",
        sector.signer_of(IGP).certificate_pem,
        pem_of(rsa.generate_private_key(65537, 1024)),
        pem_of(ec.generate_private_key(ec.SECP384R1())),
        pem_of(ec.generate_private_key(ec.SECP256R1())),
    ],
    ids=["empty", "garbage", "certificate", "rsa-1024", "p-384", "of-another-certificate"],
)
def test_a_key_that_cannot_sign_is_named_by_its_file(tmp_path, content):
    (tmp_path / "k.pem").write_bytes(content)
    (tmp_path / "c.pem").write_bytes(sector.signer_of(IGP).certificate_pem)
    with pytest.raises(KeyFailure) as failure:
        load_signer(tmp_path / "k.pem", tmp_path / "c.pem")
    assert "k.pem" in str(failure.value)


def test_a_file_that_is_missing_is_named(tmp_path):
    with pytest.raises(KeyFailure, match=r"k\.pem"):
        load_signer(tmp_path / "k.pem", tmp_path / "c.pem")
