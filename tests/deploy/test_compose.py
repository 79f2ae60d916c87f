"""One machine with containers: compose takes the file, and what it says agrees with the product and with itself."""

import json
import re
import shutil
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from hub.app import create_app
from hub.settings import Settings
from tests.deploy.files import DEPLOY, PROGRAMS, compose, env_file, program, settings_that_exist

SERVICES = compose()["services"]
ONCE = {"migrate", "entities", "bucket", "s3-folder"}


@pytest.fixture
def folder(tmp_path):
    """The folder of the containers as who installs it has it: with settings and secrets."""
    shutil.copytree(DEPLOY / "container", tmp_path / "deploy/container", symlinks=True)
    shutil.copytree(DEPLOY / "nginx", tmp_path / "deploy/nginx")
    here = tmp_path / "deploy/container"
    shutil.copy(here / "mesa.env.example", here / "mesa.env")
    subprocess.run(["sh", here / "secrets.sh"], check=True, capture_output=True, timeout=30)
    return here


def test_compose_takes_the_file(folder):
    done = subprocess.run([program("docker-compose"), "-f", folder / "compose.yaml", "config", "-q"],
                          capture_output=True, text=True, timeout=60)  # fmt: skip
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_secrets_are_made_once_and_nobody_else_gets_to_them(folder):
    secrets = folder / "secrets"
    assert secrets.stat().st_mode & 0o777 == 0o700
    was = {file.name: file.read_bytes() for file in secrets.iterdir()}
    again = subprocess.run(["sh", folder / "secrets.sh"], check=True, capture_output=True, text=True, timeout=30)
    assert {file.name: file.read_bytes() for file in secrets.iterdir()} == was
    assert again.stdout.count("ya estaba") == len(was)
    assert {one["file"] for one in compose()["secrets"].values()} == {f"secrets/{name}" for name in was}
    key = json.loads(was["s3.json"])["identities"][0]["credentials"][0]
    assert key["secretKey"].encode() == was["s3-secret"] and len(was["secret-key"]) == 64
    address = urlsplit(was["database-url"].decode())
    assert (address.password or "").encode() == was["database-password"] and address.hostname == "db"


def test_the_programs_read_their_settings_and_the_secrets_from_files(folder):
    environ = dict(SERVICES["web"]["environment"]) | env_file("container/mesa.env.example")
    assert environ.keys() <= settings_that_exist()
    for name, value in environ.items():
        environ[name] = value.replace("/run/secrets", str(folder / "secrets"))
    settings = Settings.from_env(environ)
    assert settings.database_url.startswith("postgresql://mesa:") and len(settings.secret_key) == 64
    assert settings.tracking_secret != settings.secret_key and settings.metrics_secret
    assert settings.clamav == "clamav:3310" and "3310" in (DEPLOY / "container/clamd.conf").read_text()
    assert Settings.from_env({**environ, "DATABASE_URL": "postgresql://other"}).database_url == "postgresql://other"


def test_every_program_runs_closed_as_nobody_special_and_what_is_done_once_is_not_done_again():
    assert {service["command"][0] for service in SERVICES.values() if "mesa-integrada" in service["image"]} == (
        PROGRAMS | {"entities"})  # fmt: skip
    for name, service in SERVICES.items():
        assert service["read_only"] is True and service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service.get("restart", "no") == ("no" if name in ONCE else "unless-stopped"), name
        user = str(service.get("user", "10001" if "mesa-integrada" in service["image"] else "0"))
        is_root = user.startswith("0")
        assert is_root == (name == "s3-folder"), name
        assert name in ONCE | {"worker", "papers", "returns"} or service["healthcheck"], name
    assert "USER 10001:10001" in (DEPLOY / "container/Containerfile").read_text()


def test_health_is_asked_of_a_door_that_there_is_and_the_proxy_finds_the_web():
    app = create_app(Settings(database_url="postgresql://127.0.0.1:1/x", secret_key="x", documents="/tmp/mesa-none"))
    asked = re.search(r"http://127\.0\.0\.1:5000(/[a-z/]+)", SERVICES["web"]["healthcheck"]["test"][-1])[1]
    assert asked == "/salud/listo" and asked in {str(rule) for rule in app.url_map.iter_rules()}
    assert SERVICES["proxy"]["environment"]["MESA_WEB"] == "web:5000"
    listens = re.findall(r"listen (\d+)", (DEPLOY / "nginx/container.conf").read_text())
    assert [port.split(":")[1] for port in SERVICES["proxy"]["ports"]] == listens
    assert SERVICES["db"]["networks"] == SERVICES["s3"]["networks"] == ["inside"]
    assert compose()["networks"]["inside"]["internal"] is True


def test_who_stops_is_given_the_time_to_finish():
    call = Settings().call_timeout
    assert call < int(SERVICES["worker"]["stop_grace_period"].rstrip("s")) < Settings().lease


def test_the_image_holds_all_that_the_programs_need_and_nothing_of_the_rest(tmp_path):
    """Its COPY lines are followed by hand, and the product is started from what they bring."""
    lines = [line.split()[1:] for line in (DEPLOY / "container/Containerfile").read_text().splitlines()
             if line.startswith("COPY ") and "--from" not in line]  # fmt: skip
    ignored = (DEPLOY / "container/Containerfile.containerignore").read_text().split()
    allowed = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    for *sources, target in lines:
        for source in sources:
            assert source in allowed, f"{source} is kept out of the build"
            path = DEPLOY.parent / source
            copied = tmp_path / target / ("" if path.is_dir() else source)
            if path.is_dir():
                shutil.copytree(path, copied, dirs_exist_ok=True)
            else:
                shutil.copy(path, copied)
    started = """import hub.worker, hub.paperwork_process, hub.returns_process, wsgi
print(hub.__file__, len(list(wsgi.app.url_map.iter_rules())))"""
    environ = {"DATABASE_URL": "postgresql://127.0.0.1:1/none", "MESA_SECRET_KEY": "x", "PATH": "/usr/bin:/bin",
               "MESA_DATA": str(tmp_path / "data")}  # fmt: skip
    done = subprocess.run([sys.executable, "-c", started], cwd=tmp_path, env=environ, capture_output=True, text=True,
                          timeout=60)  # fmt: skip
    assert done.returncode == 0, done.stderr
    place, rules = done.stdout.split()
    assert place.startswith(str(tmp_path)) and int(rules) > 100
