"""The `eventsys` command as an operator meets it: plain words, exit codes, and documents that name every setting."""

import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from eventsys.config import Settings, variable_of
from tests.servers import ROOT


def eventsys(folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("EVENTSYS_")}
    return subprocess.run(
        [str(Path(sys.executable).with_name("eventsys")), *words],
        env={**clean, "EVENTSYS_DATA_DIR": str(folder), "EVENTSYS_LOG_LEVEL": "ERROR", **settings},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_check_says_in_plain_words_what_would_stop_production(tmp_path):
    said = eventsys(tmp_path, "check")
    assert said.returncode == 1
    for words in ("EVENTSYS_BASE_URL", "EVENTSYS_SMTP_URL", "EVENTSYS_SECRET_KEY", "eventsys db upgrade"):
        assert words in said.stdout
    assert "Traceback" not in said.stderr


def test_check_lists_every_setting_and_no_secret(tmp_path):
    said = eventsys(tmp_path, "check", "--settings", EVENTSYS_SECRET_KEY="hush-hush")
    assert said.returncode == 0
    assert all(variable_of(one) in said.stdout for one in fields(Settings))
    assert "hush-hush" not in said.stdout


def test_a_database_is_checked_upgraded_and_checked_again(tmp_path):
    assert eventsys(tmp_path, "db", "check").returncode == 1
    assert eventsys(tmp_path, "db", "upgrade").returncode == 0
    said = eventsys(tmp_path, "db", "check")
    assert (said.returncode, said.stdout) == (0, "The database is at the newest version.\n")


@pytest.mark.parametrize(
    ("words", "settings", "told"),
    [
        (["check"], {"EVENTSYS_SMTP_PER_MINUTE": "many"}, "EVENTSYS_SMTP_PER_MINUTE"),
        (["check"], {"EVENTSYS_BASE_URL": "event.example.se"}, "EVENTSYS_BASE_URL"),
        (["web"], {}, "EVENTSYS_SECRET_KEY"),
        (["worker"], {"EVENTSYS_SECRET_KEY": "x"}, "EVENTSYS_BROKER_URL"),
    ],
)
def test_a_wrong_or_missing_setting_is_named_in_one_line(tmp_path, words, settings, told):
    said = eventsys(tmp_path, *words, **settings)
    assert said.returncode == 1
    assert told in said.stderr
    assert said.stderr.count("\n") == 1


def test_one_tick_looks_once_and_ends(tmp_path):
    assert eventsys(tmp_path, "db", "upgrade").returncode == 0
    said = eventsys(tmp_path, "tick", EVENTSYS_SECRET_KEY="x")
    assert (said.returncode, said.stderr) == (0, "")


def test_wrong_use_ends_with_two(tmp_path):
    assert eventsys(tmp_path, "serve", "--port", "many").returncode == 2


def test_the_operations_page_names_every_setting():
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    names = [variable_of(one) for one in fields(Settings)]
    missing = [name for name in names if name not in page and name.removeprefix("EVENTSYS_OIDC") not in page]
    assert not missing
