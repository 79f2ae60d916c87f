"""The units for systemd: taken by systemd itself, closed, and each starts a program that there is."""

import shutil
import subprocess

import pytest

from tests.deploy.files import DEPLOY, env_file, program, settings_that_exist

UNITS = DEPLOY / "systemd"
STARTED = ("mesa-web.service", "mesa-worker@1.service", "mesa-papers@1.service", "mesa-returns.service",
           "mesa-migrate.service", "mesa-doctor.service", "mesa-backup.service")  # fmt: skip
MOST_EXPOSED = 1.5
"""Of ten, as `systemd-analyze security` counts: what is left is the network, which is what they are for."""


@pytest.fixture
def root(tmp_path):
    """A machine on which the hub is installed, as far as systemd looks."""
    shutil.copytree(UNITS, tmp_path / "etc/systemd/system")
    system = tmp_path / "usr/lib/systemd/system"
    system.mkdir(parents=True)
    for name in ("sysinit", "basic", "shutdown", "multi-user", "network-online"):
        (system / f"{name}.target").write_text("[Unit]\n")
    for name in ("opt/mesa-integrada/.venv/bin/mesa", "bin/kill"):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text("#!/bin/sh\n")
        path.chmod(0o755)
    return tmp_path


def analyze(root, *arguments):
    return subprocess.run(
        [program("systemd-analyze"), f"--root={root}", *arguments], capture_output=True, text=True, timeout=30
    )


def test_systemd_takes_every_unit_without_a_word(root):
    done = analyze(root, "verify", "mesa.target", *STARTED)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize("unit", STARTED)
def test_what_a_unit_may_do_on_the_machine_is_little(root, unit):
    done = analyze(root, "security", "--offline=true", f"--threshold={int(MOST_EXPOSED * 10)}", "--no-pager", unit)
    assert done.returncode == 0, done.stdout[-600:] + done.stderr


def test_every_unit_starts_a_command_that_there_is_and_is_held_by_the_common_part():
    from hub.cli import _parser

    for file in UNITS.glob("mesa-*.service"):
        lines = file.read_text("utf-8").splitlines()
        started = [line.split("/mesa ")[1] for line in lines if line.startswith("ExecStart=")]
        assert started
        for command in started:
            assert _parser().parse_args(command.split()).command
        assert "WantedBy=mesa.target" in lines or "Type=oneshot" in lines
    assert "SystemCallFilter=~@privileged @resources" in (UNITS / "mesa-.service.d/closed.conf").read_text("utf-8")


def test_every_variable_of_the_example_is_a_setting():
    assert env_file("mesa.env.example").keys() <= settings_that_exist()
