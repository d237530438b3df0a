"""`eventsys bounces fetch` as an operator meets it."""

import pytest

from tests.house.test_command import eventsys
from tests.mail.bounces import letters
from tests.mail.bounces.scenes import maildir


def test_the_command_reads_the_mailbox_once_and_says_what_came(tmp_path):
    box = maildir(tmp_path / "box", [letters.report(), letters.VACATION])
    assert eventsys(tmp_path, "db", "upgrade").returncode == 0
    said = eventsys(tmp_path, "bounces", "fetch", EVENTSYS_BOUNCE_MAILBOX_URL=f"maildir://{box}")
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.split("\n")[-2].split() == ["2", "new"]
    assert not list(box.glob("new/*"))


@pytest.mark.parametrize("url", ["", "maildir:///nowhere"])
def test_the_command_says_in_one_line_what_it_lacks(tmp_path, url):
    assert eventsys(tmp_path, "db", "upgrade").returncode == 0
    said = eventsys(tmp_path, "bounces", "fetch", EVENTSYS_BOUNCE_MAILBOX_URL=url)
    assert (said.returncode, said.stderr.count("\n")) == (1, 1)
    assert "EVENTSYS_BOUNCE_MAILBOX_URL" in said.stderr
