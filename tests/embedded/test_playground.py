"""`mesa sandbox` in a folder that is in use: it says by what, and touches nothing there."""

import os

import pytest

from hub.embedded.errors import EmbeddedError
from hub.embedded.newcomer import Newcomer
from hub.embedded.playground import make
from hub.embedded.run import only_one


def test_a_folder_in_use_is_named_with_its_program_and_keeps_its_directory(tmp_path):
    make(tmp_path, Newcomer("tuya"))
    before = (tmp_path / "entities.yaml").read_text("utf-8")
    with only_one(tmp_path, "mesa sandbox"), pytest.raises(EmbeddedError) as raised:
        make(tmp_path, Newcomer("tuya", address="http://127.0.0.1:7955"))
    assert f"En {tmp_path} ya está en marcha «mesa sandbox» (proceso {os.getpid()})" in str(raised.value)
    assert (tmp_path / "entities.yaml").read_text("utf-8") == before


def test_one_that_an_older_program_holds_is_named_by_its_process(tmp_path):
    with only_one(tmp_path, ""), pytest.raises(EmbeddedError, match=rf"«otro programa» \(proceso {os.getpid()}\)"):
        make(tmp_path, Newcomer("tuya"))
