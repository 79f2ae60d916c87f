"""What deploy/monitoring hands to Prometheus and Grafana: checked by promtool, and against our own names."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from hub.core.monitoring import Kind
from hub.monitoring.figures import FIGURES
from hub.papers.operator_words import WORDS

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy" / "monitoring"
NAMED = re.compile(r"\bmesa_[a-z_]+")


def rules():
    return [one for group in yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"] for one in group["rules"]]


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not on this machine")
@pytest.mark.parametrize(
    "arguments", [("check", "rules", "alerts.yml"), ("test", "rules", "alerts-test.yml"),
                  ("check", "config", "prometheus.yml")],
)  # fmt: skip
def test_promtool_takes_the_rules_and_each_fires_on_its_condition(arguments):
    done = subprocess.run(["promtool", *arguments], cwd=FOLDER, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_rules_and_dashboard_name_only_figures_that_we_give():
    dashboard = json.loads((FOLDER / "grafana.json").read_text())
    asked = [one["expr"] for one in rules()]
    asked += [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    named = {name for expression in asked for name in NAMED.findall(expression)}
    assert named <= set(FIGURES)
    assert len({panel["id"] for panel in dashboard["panels"]}) == len(dashboard["panels"])


def test_every_alert_of_either_kind_has_its_page_of_the_runbook():
    pages = {one["annotations"]["runbook"] for one in rules()} | {kind.page for kind in Kind}
    for page in pages:
        text = (ROOT / page).read_text()
        assert all(f"## {part}" in text for part in ("What it means", "Check", "Remedy")), page
    written = {f"docs/operate/{file.name}" for file in (ROOT / "docs" / "operate").glob("*.md")}
    assert written == pages
    listed = (ROOT / "docs" / "operate.md").read_text()
    assert all(page.removeprefix("docs/") in listed for page in pages)


def test_every_kind_is_told_in_words():
    assert set(WORDS) == set(Kind)
