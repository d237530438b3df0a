"""The systemd units of deploy/ are understood, and start what there is."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from eventsys.cli import cli
from eventsys.config import load_settings
from tests.deploy.conftest import DEPLOY
from tests.servers import require

UNITS = DEPLOY / "systemd"


def test_systemd_finds_nothing_to_say_about_the_units(tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("eventsys")
    for unit in UNITS.iterdir():
        text = unit.read_text(encoding="utf-8").replace("/opt/eventsys/.venv/bin/eventsys", str(program))
        text = re.sub(r"^(User|Group)=.*", r"\1=root", text, flags=re.MULTILINE)
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    units = [path.replace("@.", "@8001.") for path in map(str, sorted(tmp_path.iterdir()))]
    for template in tmp_path.glob("*@.service"):
        shutil.copy(template, str(template).replace("@.", "@8001."))
    said = subprocess.run(
        [require("systemd-analyze"), "verify", "--man=no", "--recursive-errors=no", *units],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert (said.returncode, said.stderr) == (0, "")


def test_every_unit_starts_a_command_that_there_is() -> None:
    started = [
        line.partition(".venv/bin/eventsys ")[2].split()
        for unit in UNITS.glob("*.service")
        for line in unit.read_text(encoding="utf-8").splitlines()
        if line.startswith("ExecStart=")
    ]
    assert started
    for command, *options in started:
        known = {option for parameter in cli.commands[command].params for option in parameter.opts}
        assert {option for option in options if option.startswith("--")} <= known, command


def test_the_target_names_the_ports_that_nginx_knows() -> None:
    target = (UNITS / "eventsys.target").read_text(encoding="utf-8")
    nginx = (DEPLOY / "nginx" / "eventsys.conf").read_text(encoding="utf-8")
    ports = re.findall(r"eventsys-web@(\d+)\.service", target)
    assert ports == re.findall(r"server 127\.0\.0\.1:(\d+)", nginx)


def test_the_example_of_an_environment_is_read() -> None:
    lines = (DEPLOY / "eventsys.env.example").read_text(encoding="utf-8").splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    settings = load_settings(given)
    assert settings.trusted_proxies == 1
    assert settings.served_securely
    assert settings.broker_url
    assert not settings.secret_key, "nobody runs with a key that stands in an example"
