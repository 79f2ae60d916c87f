"""Whether a rule that we hand out fires on figures as they are: judged by promtool, with the time that it waits for."""

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


def fires(folder, name, figures):
    """True where the rule fires once the figures have stayed so for as long as it waits."""
    (expr,) = (one["expr"] for one in rules() if one["alert"] == name)
    series = [
        {"series": one + _labels(labels), "values": f"{float(value)}x{MINUTES}"}
        for one in sorted(set(NAMES.findall(expr))) for labels, value in figures.get(one, ())
    ]  # fmt: skip
    quiet = {"eval_time": f"{MINUTES - 1}m", "alertname": name, "exp_alerts": []}
    test = {"interval": "1m", "input_series": series, "alert_rule_test": [quiet]}
    file = folder / f"{name}.yml"
    file.write_text(yaml.safe_dump({"rule_files": [str(FOLDER / "alerts.yml")], "tests": [test]}))
    done = subprocess.run([PROMTOOL, "test", "rules", str(file)], capture_output=True, text=True)
    assert done.returncode == 0 or "got:[" in done.stdout + done.stderr, done.stdout + done.stderr
    return done.returncode != 0


def _labels(labels):
    return "{" + ",".join(f'{name}="{value}"' for name, value in labels.items()) + "}"
