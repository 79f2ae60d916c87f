"""Where the clients of docs/attach are, what they are told, and how one is run."""

import hashlib
import os
import subprocess
from pathlib import Path

from tests.stack import ROOT

CLIENTS = ROOT / "docs" / "attach" / "clients"
PHP, JAVA = CLIENTS / "php", CLIENTS / "java"
RUCS = {"hub": "20492966658", "oefa": "20521286769", "senace": "20556097055", "igp": "20131367008"}
PDF = b"%PDF-1.4\n% \xc3\xb1\n" + bytes(range(256)) * 40 + b"\n%%EOF\n"
ANNEXES = {"Anexo 1 - plano.zip": b"PK\x03\x04" + bytes(range(256)) * 700, "Anexo 2 ñ.txt": PDF[::-1] + b"\r\n\0"}


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def written(folder):
    """(the document, its annexes) as files."""
    folder.mkdir(parents=True)
    for name, content in {"oficio.pdf": PDF, **ANNEXES}.items():
        (folder / name).write_bytes(content)
    return folder / "oficio.pdf", [folder / name for name in ANNEXES]


def run(argv, environ):
    """Run a client to its end; gives what it said as {name: value}, the last one of a name."""
    env = {**os.environ, **environ}
    done = subprocess.run(list(map(str, argv)), env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and not done.stderr, f"{argv}\n{done.stdout}\n{done.stderr}"
    lines = [line.partition(": ") for line in done.stdout.splitlines()]
    return {name: value for name, _, value in lines}


def read(*parts):
    return Path(*parts).read_bytes()
