"""The example of alert rules for Prometheus: it can be read, and speaks of figures that there are."""

from __future__ import annotations

import re
import shutil
import subprocess

import yaml

from eventsys.operations.models import Kind
from eventsys.paths import PACKAGE
from tests.staff_fixtures import visitor

RULES = PACKAGE.parent / "deploy" / "prometheus-alerts.yml"


def rules() -> list[dict]:
    groups = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def test_every_rule_has_a_name_a_condition_a_severity_and_words():
    assert len({rule["alert"] for rule in rules()}) == len(rules()) >= 10
    for rule in rules():
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}, rule["alert"]
        assert rule["expr"].strip(), rule["alert"]
        assert rule["labels"]["severity"] in {"critical", "warning"}, rule["alert"]
        assert rule["annotations"]["summary"].strip(), rule["alert"]
    if promtool := shutil.which("promtool"):
        subprocess.run([promtool, "check", "rules", str(RULES)], check=True)


def test_every_figure_that_a_rule_names_is_there(app):
    visitor(app).post("/personal/logga-in", data={"email": "nobody@boras.example", "password": "fel lösenord"})
    text = visitor(app).get("/metrics").text
    there = set(re.findall(r"^(eventsys_\w+)", text, re.M))
    for rule in rules():
        named = set(re.findall(r"\beventsys_\w+", rule["expr"]))
        assert named, rule["alert"]
        assert named <= there, rule["alert"]


def test_every_kind_of_trouble_has_a_rule():
    covered = {
        Kind.CLOCK: "eventsys_tick_lag_seconds", Kind.WORKERS: "eventsys_workers", Kind.RELAY: "eventsys_relay_stopped",
        Kind.LETTERS: "eventsys_oldest_due_letter_seconds", Kind.DISK: "eventsys_disk_free_bytes",
    }  # fmt: skip
    text = RULES.read_text(encoding="utf-8")
    for kind in Kind:
        assert covered.get(kind, kind.value) in text, kind
