"""What deploy/ holds, read; and the programs that judge it, where the machine has them."""

import os
import shutil
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest
import yaml

from hub.settings import IN_FILES, Settings

DEPLOY = Path(__file__).parents[2] / "deploy"
OF_GUNICORN = {"MESA_BIND", "MESA_WEB_WORKERS", "MESA_WEB_THREADS"}
PROGRAMS = {"web", "worker", "papers", "returns", "migrate"}


def program(name):
    """The path of a program that judges. Where it is missing the test is left out; `make deploy-check` fails."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        missing = f"{name} no está en esta máquina: make deploy-check lo instala, o dice por qué no puede"
        (pytest.fail if os.environ.get("MESA_DEPLOY_CHECK") else pytest.skip)(missing)
    return found


def settings_that_exist():
    """The names of the environment's variables that a program of the hub reads."""
    names = {"DATABASE_URL" if one.name == "database_url" else f"MESA_{one.name.upper()}" for one in fields(Settings)}
    in_files = {"DATABASE_URL_FILE" if name == "database_url" else f"MESA_{name.upper()}_FILE" for name in IN_FILES}
    return names | in_files | OF_GUNICORN


def env_file(path):
    """name -> value of a file of settings; those behind a comment sign too."""
    lines = [line.removeprefix("#").strip() for line in (DEPLOY / path).read_text("utf-8").splitlines()]
    named = [line.partition("=") for line in lines if line.split("=")[0].isupper() and "=" in line]
    return {name: value for name, _, value in named}


@cache
def compose():
    return yaml.safe_load((DEPLOY / "container" / "compose.yaml").read_text("utf-8"))


@cache
def manifests():
    """Every object of deploy/kubernetes as it is written, before kustomize puts together what belongs together."""
    listed = yaml.safe_load((DEPLOY / "kustomization.yaml").read_text("utf-8"))["resources"]
    return [one for file in listed for one in yaml.safe_load_all((DEPLOY / file).read_text("utf-8"))]


def of_kind(*kinds):
    return [one for one in manifests() if one["kind"] in kinds]


def workloads():
    return of_kind("Deployment", "StatefulSet", "Job")


def container(workload):
    (only,) = workload["spec"]["template"]["spec"]["containers"]
    return only
