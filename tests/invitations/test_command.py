"""`eventsys import guests`, as an operator meets it."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from flask.cli import ScriptInfo

from eventsys.cli import cli
from eventsys.errors import Refused
from eventsys.events.invitations.standing import Standing
from tests.invitations.scenes import counts

LIST = "Namn;E-post\nÅsa Ek;asa@ek.example\nBo;bo@\nÅsa;ASA@ek.example\n"


@pytest.fixture
def run(app, tmp_path):
    def call(text, *args):
        file = tmp_path / "gäster.csv"
        file.write_bytes(text.encode("latin-1"))
        command = ["import", "guests", str(file), *args]
        return CliRunner().invoke(cli, command, obj=ScriptInfo(create_app=lambda: app), catch_exceptions=True)

    return call


def test_a_dry_run_says_what_each_line_would_be_and_changes_nothing(event, run):
    answer = run(LIST, "--event", event.slug, "--dry-run")
    assert answer.exit_code == 0
    assert [line.split()[:2] for line in answer.output.splitlines()[:3]] == [
        ["2", "new"], ["3", "wrong"], ["4", "double"],
    ]  # fmt: skip
    assert "1 new, 1 double, 1 wrong." in answer.output
    assert counts(event) == {}


def test_the_list_is_taken_in_and_nothing_is_sent(event, run):
    answer = run(LIST, "--event", event.slug)
    assert "1 on the guest list now" in answer.output
    assert counts(event) == {Standing.LISTED: 1}


@pytest.mark.parametrize(("text", "slug"), [(LIST, "finns-inte"), ("Namn\nÅsa\n", ""), ("", "")])
def test_what_cannot_be_is_refused_in_one_line(event, run, text, slug):
    answer = run(text, "--event", slug or event.slug)
    assert answer.exit_code == 1
    assert isinstance(answer.exception, Refused)
