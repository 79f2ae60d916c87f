"""Which rules that we hand out fire on figures as they are: judged by promtool, with the time that it waits for."""

import re
import shutil
import subprocess

import requests
import yaml
from prometheus_client.parser import text_string_to_metric_families

from tests.monitoring.test_rules import FOLDER, rules

PROMTOOL = shutil.which("promtool")
NAMES = re.compile(r"\b(?:mesa_[a-z_]+|up)\b")
MINUTES = 120
"""Of the same figures: longer than any rule waits."""


def scraped(port):
    """What Prometheus would have of a hub at a port of this machine: {name: [(labels, value)]}."""
    try:
        answer = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=60)
    except requests.ConnectionError:
        return {"up": [({"job": "mesa"}, 0)]}
    found = {"up": [({"job": "mesa"}, int(answer.ok))]}
    for family in text_string_to_metric_families(answer.text):
        found[family.name] = [(one.labels, one.value) for one in family.samples]
    return found


def firing(folder, names, figures):
    """Which of these rules fire once the figures have stayed so for as long as each waits."""
    asked = " ".join(one["expr"] for one in rules() if one["alert"] in names)
    series = [
        {"series": one + _labels(labels), "values": f"{float(value)}x{MINUTES}"}
        for one in sorted(set(NAMES.findall(asked))) for labels, value in figures.get(one, ())
    ]  # fmt: skip
    quiet = [{"eval_time": f"{MINUTES - 1}m", "alertname": name, "exp_alerts": []} for name in names]
    test = {"interval": "1m", "input_series": series, "alert_rule_test": quiet}
    file = folder / "quiet.yml"
    file.write_text(yaml.safe_dump({"rule_files": [str(FOLDER / "alerts.yml")], "tests": [test]}))
    done = subprocess.run([PROMTOOL, "test", "rules", str(file)], capture_output=True, text=True)
    found = re.findall(r"alertname: (\w+), time", done.stdout + done.stderr)
    assert bool(found) is bool(done.returncode), done.stdout + done.stderr
    return [name for name in names if name in found]


def _labels(labels):
    return "{" + ",".join(f'{name}="{value}"' for name, value in labels.items()) + "}"
