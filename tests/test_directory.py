"""Where this clone runs a real sector, or a demonstration, its tests know nothing of it."""

import os

from hub.cli import _know_the_demo
from hub.embedded.parts import sandboxes
from tests.directory import directory, played_here


def test_addresses_of_a_real_sector_do_not_stop_the_rehearsals(tmp_path):
    file = tmp_path / "entities.yaml"
    file.write_text(played_here(directory().read_text("utf-8")), "utf-8")
    before = sandboxes(file)
    text = file.read_text("utf-8")
    for one in before:
        text = text.replace(f"${{{one.variable}:-http://127.0.0.1:{one.port}{one.path}}}", f"https://{one.code}.example/x")
    file.write_text(text, "utf-8")
    assert not sandboxes(file)
    after = sandboxes(directory(file))
    assert [(one.code, one.way, one.variable, one.path) for one in after] == [
        (one.code, one.way, one.variable, one.path) for one in before
    ]
    assert file.read_text("utf-8") == text


def test_a_command_in_this_process_does_not_find_the_demonstration_of_this_clone(monkeypatch):
    for name in ("DATABASE_URL", "MESA_DATA"):
        monkeypatch.delenv(name, raising=False)
    before = dict(os.environ)
    _know_the_demo()
    assert dict(os.environ) == before
