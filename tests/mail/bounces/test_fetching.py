"""Fetching what came back, from a Maildir and from a real IMAP server."""

import imaplib
import socket
import threading

import pytest
from sqlalchemy import func, select

from eventsys.clock import now
from eventsys.database import db
from eventsys.mail.bounces import Kind, actors
from eventsys.mail.bounces import fetching as fetching_module
from eventsys.mail.bounces.actors import fetch_bounces
from eventsys.mail.bounces.fetching import fetch
from eventsys.mail.bounces.mailboxes import MailboxTrouble
from eventsys.mail.bounces.models import IncomingLetter
from eventsys.mail.models import State
from tests.mail.bounces import letters
from tests.mail.bounces.scenes import letter, maildir, report_of, state_of, suppressed
from tests.servers import free_port

pytestmark = pytest.mark.usefixtures("app")


def kept() -> int:
    db.session.remove()
    return db.session.scalar(select(func.count()).select_from(IncomingLetter))


def names(folder) -> list[str]:
    return sorted(str(file.relative_to(folder)) for part in ("new", "cur") for file in (folder / part).iterdir())


def test_a_maildir_is_emptied_of_bounces_and_people_keep_their_letters(tmp_path):
    sent = letter()
    box = maildir(tmp_path, [report_of(sent), letters.QUESTION, letters.VACATION])
    fetched = fetch(f"maildir://{box}")
    assert fetched == {Kind.ADDRESS_WRONG: 1, Kind.NOT_A_BOUNCE: 1, Kind.AUTO_REPLY: 1}
    assert state_of(sent) is State.BOUNCED
    assert names(box) == ["cur/1001.M1P1.host:2,F"]
    assert fetch(f"maildir://{box}") == {}


def test_what_people_write_is_not_kept_here(tmp_path):
    fetch(f"maildir://{maildir(tmp_path, [letters.QUESTION])}")
    (row,) = db.session.scalars(select(IncomingLetter))
    assert (row.raw, row.address, row.said) == (None, "", "")


def test_a_round_that_was_killed_before_the_letter_left_the_mailbox_is_made_good(tmp_path, monkeypatch):
    sent = letter()
    box = maildir(tmp_path, [report_of(sent), letters.QUESTION])

    def power_cut(*_given):
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr("eventsys.mail.bounces.mailboxes.MaildirFolder.remove", power_cut)
        cut.setattr(fetching_module, "draw_all", lambda: None)
        with pytest.raises(KeyboardInterrupt):
            fetch(f"maildir://{box}")
    assert (kept(), len(names(box)), state_of(sent)) == (1, 2, State.ACCEPTED)
    fetch(f"maildir://{box}")
    assert (kept(), names(box), state_of(sent)) == (2, ["cur/1001.M1P1.host:2,F"], State.BOUNCED)


def test_nothing_leaves_the_mailbox_when_it_could_not_be_kept(tmp_path, monkeypatch):
    box = maildir(tmp_path, [report_of(letter())])

    def disk_full(_raw):
        raise OSError("no space left")

    with monkeypatch.context() as full:
        full.setattr(fetching_module, "keep", disk_full)
        with pytest.raises(OSError, match="no space"):
            fetch(f"maildir://{box}")
    assert len(names(box)) == 1


def test_one_letter_that_cannot_be_followed_up_stops_no_other(tmp_path, app):
    def fails(_address):
        raise RuntimeError

    app.extensions["eventsys_on_complaint"] = [fails]
    try:
        first, second = letter(1), letter(2, address="bo@firma.example")
        complaint = letters.COMPLAINT.replace(letters.TOKEN.encode(), first.token.encode())
        fetch(f"maildir://{maildir(tmp_path, [complaint, report_of(second)])}")
        assert (state_of(first), state_of(second)) == (State.ACCEPTED, State.BOUNCED)
    finally:
        del app.extensions["eventsys_on_complaint"]
    fetch(f"maildir://{tmp_path}")
    assert state_of(first) is State.COMPLAINED


@pytest.mark.parametrize("url", ["maildir:///nowhere/at/all", "pop3://a@b", "imap://[", "imap:///INBOX"])
def test_a_mailbox_that_cannot_be_read_is_told_in_plain_words(url):
    with pytest.raises(MailboxTrouble, match="EVENTSYS_BOUNCE_MAILBOX_URL"):
        fetch(url)


def test_the_tick_rings_every_few_minutes_and_only_with_a_mailbox(app, use_settings, tmp_path):
    queue = app.extensions["eventsys_broker"].queues["bounces"]
    actors.due()
    assert queue.qsize() == 0
    use_settings(bounce_mailbox_url=f"maildir://{maildir(tmp_path)}")
    app.extensions.pop("eventsys_bounces_rung_at", None)
    actors.due()
    actors.due()
    assert queue.qsize() == 1
    app.extensions["eventsys_bounces_rung_at"] = now() - actors.EVERY
    actors.due()
    assert queue.qsize() == 2


def test_the_worker_goes_on_when_the_mailbox_is_away(use_settings):
    use_settings(bounce_mailbox_url=f"imap://a:b@127.0.0.1:{free_port()}/INBOX")
    fetch_bounces(0)
    assert kept() == 0


# --- IMAP ---------------------------------------------------------------------------------------------------------


def test_an_imap_mailbox_is_emptied_of_bounces_and_people_keep_their_letters(imap):
    sent = letter()
    imap.deliver(report_of(sent), letters.QUESTION, letters.VACATION)
    fetched = fetch(imap.url())
    assert fetched == {Kind.ADDRESS_WRONG: 1, Kind.NOT_A_BOUNCE: 1, Kind.AUTO_REPLY: 1}
    assert (state_of(sent), list(suppressed())) == (State.BOUNCED, ["anna@firma.example"])
    assert imap.letters() == [(letters.QUESTION, {"\\Flagged"})]
    assert fetch(imap.url()) == {}


def test_a_letter_that_somebody_else_marked_as_deleted_is_left_alone(imap):
    imap.deliver(letters.QUESTION)
    imap.say("STORE", "1", "+FLAGS", r"(\Deleted)")
    imap.deliver(report_of(letter()))
    fetch(imap.url())
    assert imap.letters() == [(letters.QUESTION, {"\\Deleted"})]


def test_an_imap_folder_with_a_name_of_its_own_is_read(imap):
    imap.deliver(report_of(letter()), folder="Studsar och annat")
    assert fetch(imap.url("Studsar%20och%20annat")).total() == 1
    assert imap.letters("Studsar och annat") == []


@pytest.mark.parametrize(
    ("given", "told"), [({"password": "fel"}, "cannot be read"), ({"folder": "Saknas"}, "no folder")]
)
def test_a_wrong_password_or_folder_is_told_without_the_password(imap, given, told):
    with pytest.raises(MailboxTrouble, match=told) as trouble:
        fetch(imap.url(**given))
    assert "fel" not in str(trouble.value).split()
    assert imap.password not in str(trouble.value)


def test_a_server_that_hangs_up_is_trouble_and_no_crash():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)
        port = server.getsockname()[1]
        threading.Thread(target=lambda: server.accept()[0].close(), daemon=True).start()
        with pytest.raises(MailboxTrouble):
            fetch(f"imap://a:b@127.0.0.1:{port}/INBOX")


def test_no_password_goes_over_the_network_in_the_clear(imap, monkeypatch):
    monkeypatch.setattr(imaplib.IMAP4, "login", lambda *_given: pytest.fail("the password was said"))
    with pytest.raises(MailboxTrouble):
        fetch(imap.url().replace("127.0.0.1", "127.0.0.2"))
