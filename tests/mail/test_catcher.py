"""The letter catcher: the same SMTP way as in production, and no name leads out of its folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from eventsys.config import Settings
from eventsys.errors import NotFound
from eventsys.mail.catcher import caught_letter, caught_letters, letters_folder, running_catcher
from eventsys.mail.compose import Attachment, Email, Inline
from eventsys.mail.models import State
from tests.mail.conftest import deliver_all, post_letters, states


@pytest.fixture
def caught(app, manners, use_settings, tmp_path) -> Iterator[Settings]:
    given = replace(app.extensions["eventsys_settings"], data_dir=str(tmp_path))
    with running_catcher(given) as served:
        use_settings(data_dir=str(tmp_path), smtp_url=served.smtp_url)
        yield served


def test_letters_are_caught_and_can_be_read(caught, manners) -> None:
    manners.builds[1] = lambda _row: Email(
        "Du är anmäld", "Hej å\n", '<p>Hej å <img src="cid:qr"></p>',
        (Attachment("biljett.pdf", "application/pdf", b"%PDF"),), (Inline("qr", "image/png", b"PNG"),),
    )  # fmt: skip
    post_letters(12)
    deliver_all()
    assert set(states().values()) == {State.ACCEPTED}
    listed = caught_letters()
    assert len(listed) == 12
    assert [each.name for each in listed] == sorted((each.name for each in listed), reverse=True)
    [first] = [each for each in listed if "person1@" in each.recipient]
    letter = caught_letter(first.name)
    assert (letter.file.subject, letter.text.strip()) == ("Du är anmäld", "Hej å")
    assert 'src="data:image/png;base64,UE5H"' in letter.html
    assert [(file.filename, file.content) for file in letter.attachments] == [("biljett.pdf", b"%PDF")]
    assert ("Delivered-To", "person1@firma.example") in letter.headers


def test_swedish_addresses_are_caught_too(caught) -> None:
    post_letters(1, address="åsa@väv.example")
    deliver_all()
    assert set(states().values()) == {State.ACCEPTED}
    assert "åsa@" in dict(caught_letter(caught_letters()[0].name).headers)["Delivered-To"]


@pytest.mark.parametrize(
    "name", ["../eventsys.sqlite3", "/etc/passwd", "", "x.eml", "20270305T113000000000-abcdef01.eml/../../x", "\0"]
)
def test_no_name_leads_out_of_the_folder(caught, name: str) -> None:
    (letters_folder() / "x.eml").write_text("x")
    with pytest.raises(NotFound):
        caught_letter(name)


def test_nothing_is_caught_when_a_relay_is_set(tmp_path) -> None:
    given = Settings(smtp_url="smtp://relay.example", data_dir=str(tmp_path))
    with running_catcher(given) as served:
        assert served is given
    assert not (tmp_path / "letters").exists()
