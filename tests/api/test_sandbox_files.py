"""The sandbox's institution files by its system at the real hub, and is told what became of it."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
import requests

from hub.models import Filing, ReceivedSobre
from tests.fixtures.sandbox import Keys, Sandbox
from tests.stack import ROOT


@pytest.fixture
def igp(hub, tmp_path):
    keys = Keys.__new__(Keys)
    keys.folder = Path(hub.keys)
    keys.hub_certificate = keys.folder / "hub" / "envelope.crt.pem"
    institution = Sandbox("rest", "igp", tmp_path / "igp", keys, hub.url)
    yield institution.start()
    institution.stop()


def test_it_leaves_its_document_and_sends_its_sobre(hub, igp):
    asked = {"to": hub.ruc_of("senace"), "subject": "Desde el sistema del IGP", "content": "%PDF-1.4 " + "x" * 99}
    told = requests.post(f"{igp.url}/control/present", json=asked, timeout=30).json()
    assert told["status"] == 202, told
    [row] = hub.rows(ReceivedSobre, cuo=told["cuo"])
    assert hub.rows(Filing, id=row.filing_id)[0].subject == "Desde el sistema del IGP"


def test_what_it_asks_wrongly_is_said(hub, igp):
    assert requests.post(f"{igp.url}/control/present", json={}, timeout=30).status_code == 400


def test_the_command_of_the_page_files_at_the_other(hub, igp):
    page = (ROOT / "docs" / "attach" / "rest.md").read_text("utf-8")
    command, said = re.search(r"^\$ (curl .*MI_URL/control/present)\n(.*)", page, re.M).groups()
    told = {"PATH": os.environ["PATH"], "MI_URL": igp.url, "OTRA_RUC": hub.ruc_of("senace")}
    done = subprocess.run(["bash", "-uc", command], env=told, capture_output=True, text=True, timeout=60)
    told = json.loads(done.stdout)
    assert told.keys() == json.loads(said).keys() and told["status"] == 202, done
    assert 'estado="guardado"' in told["answer"] and hub.rows(ReceivedSobre, cuo=told["cuo"])
    assert requests.get(f"{igp.url}/control/refused", timeout=30).json() == []
