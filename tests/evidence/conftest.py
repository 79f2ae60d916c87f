"""An installation whose filing has walked, its bundle, and what an outsider is given to check it with."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from hub.clock import now
from hub.evidence.findings import Given
from hub.evidence.verifying import verify
from tests.evidence.forging import Files, Forged
from tests.evidence.installation import Installation


@pytest.fixture(scope="session")
def installation(make_database, migrated_template, tmp_path_factory):
    """One for the run; its filing walks first, so that the batches of its ledger are 1 to 4."""
    built = Installation(make_database(migrated_template), tmp_path_factory.mktemp("installation"))
    built.walked = built.walk(tmp_path_factory.mktemp("igp"))
    yield built
    built.close()


@dataclass(frozen=True)
class Walked:
    """A filing that came to its answer, and files for who checks it elsewhere.

    `path`: its bundle; `other_path`: that of a plainer filing; `rerouted_path`: of one that was refused and went on by
    the national contract; `ca`, `tsa`: what the hub publishes.
    """

    installation: Installation
    filing_id: int
    number: str
    path: Path
    other_path: Path
    rerouted_path: Path
    ca: Path
    tsa: Path

    def given(self, **more):
        return Given(**{"now": now(), "ca": self.ca.read_bytes(), "tsa": (self.tsa.read_bytes(),), **more})

    def report(self, path=None, **more):
        with (path or self.path).open("rb") as stream:
            return verify(stream, self.given(**more))


@pytest.fixture(scope="session")
def walked(installation, tmp_path_factory):
    (filing_id, number), (other_id, _), (rerouted_id, _) = installation.walked
    folder = tmp_path_factory.mktemp("outside")
    path, other_path, rerouted_path = (folder / f"{name}.asice" for name in ("expediente", "otro", "reenviado"))
    ca, tsa = folder / "ca.pem", folder / "tsa.pem"
    installation.make(filing_id, path)
    installation.make(other_id, other_path)
    installation.make(rerouted_id, rerouted_path)
    ca.write_bytes((installation.keys / "ca" / "crt.pem").read_bytes())
    tsa.write_bytes(installation.stamper.trusted)
    return Walked(installation, filing_id, number, path, other_path, rerouted_path, ca, tsa)


@pytest.fixture
def forge(walked, tmp_path):
    """forge(change, by="stranger") -> the report on a bundle of which `change(files)` altered the files.

    A stranger leaves the seal as it is. The "hub" is an insider who holds the seal's key and seals anew what they
    altered: only what lies below the outer seal can then name it.
    """

    def forged(change, by="stranger", **given):
        files = Files.of(walked.path)
        change(files)
        path = tmp_path / "forjado.asice"
        if by == "hub":
            files.seal_anew(path, walked.installation.seals())
        else:
            files.write(path)
        return Forged(walked.report(path, **given))

    return forged
