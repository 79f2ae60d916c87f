"""A bundle of a filing that walked: checked elsewhere, with the published certificates and nothing else."""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import timedelta

import pytest

from hub.clock import now
from hub.core.errors import TemporaryFailure
from hub.evidence.findings import Level
from hub.evidence.saying import as_text
from hub.wire.asic import MANIFEST, SIGNATURE
from tests.evidence.forging import Files
from tests.evidence.installation import mesa
from tests.fixtures.sandbox import ROOT


def test_it_verifies_in_another_installation_with_the_published_certificates_alone(walked, tmp_path):
    done = mesa("verify", walked.path, "--ca", walked.ca, "--tsa", walked.tsa, empty=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("Expediente íntegro")


def codes(report, level):
    return {one.code for one in report.findings if one.level is level}


def unpack(path, folder):
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    return folder


def run(*command, folder):
    return subprocess.run([str(word) for word in command], cwd=folder, capture_output=True, text=True, timeout=30)


def test_everything_of_the_filing_is_in_it_and_proven(walked):
    report = walked.report()
    assert report.is_good and codes(report, Level.FALSE) == set(), report.findings
    files = Files.of(walked.path)
    assert [name.partition("-")[2] for name in files if name.startswith("mensajes/")] == [
        "sobre.xml", "acuse.xml", "cargo.xml", "sobre.xml", "acuse.xml", "cargo.xml", "estado.xml", "estado.xml",
    ]  # fmt: skip
    assert sum(name.startswith("documentos/") for name in files) == 3, "the correction's too"
    assert sum(name.startswith("papeles/") for name in files) == 2
    assert next(iter(files)) == "mimetype"
    assert {
        "CONTAINER_SIGNED", "CONTAINER_STAMPED", "ROOTS_SIGNED", "ROOT_STAMPED", "EVENTS_SEALED", "EVENTS_STAMPED",
        "MESSAGE_SIGNED", "COMMITMENT_FILER", "COMMITMENT_CONTENT", "DOCUMENT_TOLD", "PAPER_TOLD",
    } <= codes(report, Level.PROVEN)  # fmt: skip
    assert codes(report, Level.MISSING) == set()


def test_a_filing_that_was_refused_and_went_on_by_the_national_contract(walked):
    report = walked.report(walked.rerouted_path)
    assert report.is_good and codes(report, Level.FALSE) == set(), report.findings
    kinds = [name.rpartition("/")[2][4:-4] for name in Files.of(walked.rerouted_path) if name.startswith("mensajes/")]
    assert kinds[:4] == ["sobre", "acuse", "cargo", "sobre"] and set(kinds[4:]) <= {"respuesta", "cargo"}
    assert "ANSWER_KEPT" in codes(report, Level.PROVEN), "what the platform answered has no signature of its own"
    assert "Cargo: rechazado" in as_text(report)


def test_the_answer_for_a_program_has_codes_and_sentences(walked, tmp_path):
    done = mesa("verify", walked.path, "--ca", walked.ca, "--tsa", walked.tsa, "--json", empty=tmp_path)
    said = json.loads(done.stdout)
    assert (said["tramite"], said["integro"]) == (walked.number, True)
    assert all(one["codigo"] and one["frase"] and one["nivel"] for one in said["hallazgos"])


def test_without_the_published_certificate_nobody_is_believed(walked, tmp_path):
    done = mesa("verify", walked.path, empty=tmp_path)
    assert done.returncode == 1 and "falta el certificado publicado" in done.stdout and "(--ca)" in done.stdout


def test_without_the_authority_s_certificate_its_stamps_are_said_not_to_be_checked(walked, tmp_path):
    done = mesa("verify", walked.path, "--ca", walked.ca, empty=tmp_path)
    assert done.returncode == 0 and "(--tsa)" in done.stdout


@pytest.mark.parametrize("given", [["--ca", "no-existe.pem"], ["--fecha", "mañana"], ["--roots", "/dev/null"]])
def test_what_cannot_be_read_is_complained_of(walked, tmp_path, given):
    done = mesa("verify", walked.path, *given, empty=tmp_path)
    assert done.returncode == 1 and done.stderr.count("\n") == 1 and "Traceback" not in done.stderr


def test_events_that_wait_for_the_sealer_are_said_to_wait(installation, walked, tmp_path):
    filing_id, _ = installation.file("iiap")
    path = tmp_path / "nuevo.asice"
    installation.make(filing_id, path)
    report = walked.report(path)
    assert report.is_good and "EVENTS_NOT_SEALED" in codes(report, Level.MISSING)
    assert "pendientes de sellado" in as_text(report)
    assert {"DOCUMENT_TOLD", "PAPER_TOLD", "CONTAINER_STAMPED"} <= codes(report, Level.PROVEN)


def test_with_the_authority_down_it_is_given_all_the_same(installation, walked, tmp_path):
    path = tmp_path / "sin-sello.asice"
    built = installation.make(walked.filing_id, path, stamper=Down())
    report = walked.report(path)
    assert not built.is_stamped and report.is_good and "CONTAINER_NOT_STAMPED" in codes(report, Level.MISSING)


class Down:
    def stamp(self, sha256):
        raise TemporaryFailure("TSA_TIMEOUT")


def test_years_later_the_stamps_prove_that_who_signed_could(walked, tmp_path):
    command = ("verify", walked.path, "--ca", walked.ca, "--fecha", "2030-01-01")
    done = mesa(*command, "--tsa", walked.tsa, empty=tmp_path)
    assert done.returncode == 0 and done.stdout.count("enci") >= 3, done.stdout
    report = walked.report(now=now() + timedelta(days=1200))
    assert {"SIGNER_EXPIRED_SINCE", "ROOT_SIGNERS_WERE_VALID", "MESSAGE_SIGNERS_WERE_VALID"} <= codes(
        report, Level.PROVEN
    )


def test_years_later_without_a_stamp_it_says_that_nothing_proves_when(walked, tmp_path):
    report = walked.report(now=now() + timedelta(days=1200), tsa=())
    assert {"SIGNER_EXPIRED", "ROOT_SIGNER_EXPIRED", "MESSAGE_SIGNER_EXPIRED"} <= codes(report, Level.MISSING)
    assert report.is_good and not report.is_in_time
    assert "ningún sello de tiempo comprobado demuestra" in " ".join(as_text(report).split())


def test_openssl_checks_the_seal(walked, tmp_path):
    folder = unpack(walked.path, tmp_path / "suelto")
    verify = ("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-purpose", "any", "-out", "/dev/null")
    given = ("-CAfile", walked.ca, "-in", SIGNATURE, "-content", MANIFEST)
    assert run(*verify, *given, folder=folder).returncode == 0
    (folder / MANIFEST).write_bytes((folder / MANIFEST).read_bytes() + b" ")
    assert run(*verify, *given, folder=folder).returncode != 0


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_years_later_without_a_checked_stamp_it_is_not_said_to_be_whole(walked, tmp_path, more):
    done = mesa("verify", walked.path, "--ca", walked.ca, "--fecha", "2031-01-01", *more, empty=tmp_path)
    said = " ".join(done.stdout.split())
    assert done.returncode == 1 and "Expediente íntegro" not in said
    assert "Nada se ha cambiado, pero no se puede demostrar que se firmó a tiempo" in said
    assert not more or (json.loads(done.stdout)["integro"], json.loads(done.stdout)["a_tiempo"]) == (True, False)


@pytest.mark.parametrize("which", ["path", "other_path", "rerouted_path"])
def test_the_recipe_for_the_stamps_works_on_every_bundle(walked, tmp_path, which):
    """Of docs/evidence.md, as it stands there; a bundle need not hold the root 1, nor a stamp for its first root."""
    folder = unpack(getattr(walked, which), tmp_path / "suelto")
    shutil.copy(walked.tsa, folder / "tsa.pem")
    recipe = re.search(r"```sh\n(.*?)```", (ROOT / "docs" / "evidence.md").read_text(), re.DOTALL)[1]
    done = run("bash", "-e", "-c", recipe, folder=folder)
    assert done.returncode == 0 and (done.stdout + done.stderr).count("Verification: OK") == 2, done.stderr
    (folder / "libro/raices.txt").write_text("")
    assert run("bash", "-e", "-c", recipe, folder=folder).returncode != 0


@pytest.mark.skipif(shutil.which("xmlsec1") is None, reason="xmlsec1 is checked by make verify-external")
def test_xmlsec1_checks_each_message(walked, tmp_path):
    folder = unpack(walked.path, tmp_path / "suelto")
    for message in sorted(folder.glob("mensajes/*/*.xml")):
        owner = "hub" if message.name.endswith("sobre.xml") else "instituciones"
        checked = [
            run("xmlsec1", "--verify", "--pubkey-cert-pem", pem, message, folder=folder).returncode == 0
            for pem in folder.glob(f"certificados/{owner}/*.pem")
        ]
        assert any(checked), message.name


def test_the_events_can_be_checked_with_nothing_of_ours(walked, tmp_path):
    """The few lines of docs/evidence.md, run where the bundle was unpacked."""
    folder = unpack(walked.path, tmp_path / "suelto")
    lines = re.search(r"```python\n(.*?)```", (ROOT / "docs" / "evidence.md").read_text(), re.DOTALL)[1]
    done = run(sys.executable, "-I", "-c", lines, folder=folder)
    assert done.returncode == 0 and done.stdout.count("en la raíz") == len(Files.of(walked.path).events()), done.stderr
    path = folder / "datos/eventos.json"
    path.write_text(path.read_text().replace('"kind":"registered"', '"kind":"refused"', 1))
    assert run(sys.executable, "-I", "-c", lines, folder=folder).returncode == 1
