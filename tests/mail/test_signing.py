"""DKIM: what leaves is signed, the signature holds, and a key that cannot be used stops nothing for good."""

import subprocess

import dkim
import pytest
from sqlalchemy import select

from eventsys.config import Settings
from eventsys.database import db, transaction
from eventsys.mail.compose import Email
from eventsys.mail.letters import MailingLetter
from eventsys.mail.mailings.course import start
from eventsys.mail.mailings.freezing import Recipient, freeze, new_mailing
from eventsys.mail.models import Relay, State
from eventsys.mail.signing import Signer, SigningTrouble, signer_of
from eventsys.mail.splice import Rendered
from tests.mail.conftest import deliver_all, post_letters, states


@pytest.fixture(scope="session")
def key_file(tmp_path_factory):
    file = tmp_path_factory.mktemp("dkim") / "dkim.pem"
    subprocess.run(["openssl", "genrsa", "-out", str(file), "2048"], check=True, capture_output=True)
    return file


@pytest.fixture(scope="session")
def dns(key_file):
    """Answers as DNS would: the public key at its selector."""
    public = subprocess.run(
        ["openssl", "rsa", "-in", str(key_file), "-pubout", "-outform", "PEM"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    record = "v=DKIM1; k=rsa; p=" + "".join(public.splitlines()[1:-1])

    def answer(name: bytes, timeout: int = 5) -> bytes | None:
        return record.encode() if name == b"nyhetsbrev._domainkey.boras.example." else None

    return answer


def given(key_file, **other: str) -> dict[str, str]:
    return {
        "dkim_domain": "boras.example", "dkim_selector": "nyhetsbrev", "dkim_key_file": str(key_file), **other
    }  # fmt: skip


def newsletter(_delivery) -> Email:
    headers = (
        ("List-Id", "<nyheter.boras.example>"),
        ("List-Unsubscribe", "<https://boras.example/avsluta/abc>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    )
    return Email("Företagsamt åäö", "Hej.\n.punkt först\n", "<p>Hej åäö</p>\n.punkt", headers=headers)


def test_a_letter_leaves_with_a_signature_that_holds(relay, manners, use_settings, key_file, dns):
    use_settings(**given(key_file))
    manners.builds[1] = newsletter
    post_letters(1)
    deliver_all()
    (letter,) = relay.wait_for(1)
    assert letter.raw.startswith(b"DKIM-Signature: ")
    assert dkim.verify(letter.raw, dnsfunc=dns)


def test_the_letters_of_a_mailing_are_signed_too(app, relay, use_settings, key_file, dns):
    use_settings(**given(key_file))
    app.extensions["eventsys_letters"]["tests/signed"] = MailingLetter(lambda claims: [{"NAME": "Åsa"} for _ in claims])
    with transaction():
        mailing = new_mailing("Nummer 1")
        letter = Rendered("Företagsamt", "Hej @@NAME@@\n.punkt\n", "<p>Hej @@NAME@@</p>\n.punkt", ("NAME",))
        freeze(mailing.id, "tests/signed", letter, [Recipient(1, "a@firma.example", "Åsa")])
        start(mailing.id)
    deliver_all()
    (came,) = relay.wait_for(1)
    assert dkim.verify(came.raw, dnsfunc=dns)
    del app.extensions["eventsys_letters"]["tests/signed"]


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (b"Subject: ", b"Subject: KOP NU "),
        (b"List-Unsubscribe: <https://boras.example", b"List-Unsubscribe: <https://evil.example"),
        (b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", b""),
        (b"\r\nTo: ", b"\r\nTo: x@evil.example\r\nTo: "),
        (b"\r\nFrom: ", b"\r\nFrom: x@evil.example\r\nFrom: "),
        (b"Content-Type: multipart/alternative", b"Content-Type: multipart/mixed"),
        (b"Hej.", b"Nej."),
    ],
)
def test_what_is_changed_on_the_way_breaks_the_signature(
    relay, manners, use_settings, key_file, dns, was, becomes
):  # fmt: skip
    use_settings(**given(key_file))
    manners.builds[1] = newsletter
    post_letters(1)
    deliver_all()
    (letter,) = relay.wait_for(1)
    assert was in letter.raw
    assert not dkim.verify(letter.raw.replace(was, becomes, 1), dnsfunc=dns)


def test_without_settings_nothing_is_signed(relay):
    post_letters(1)
    deliver_all()
    (letter,) = relay.wait_for(1)
    assert b"DKIM-Signature" not in letter.raw


def test_letters_wait_while_the_key_cannot_be_used_and_go_when_it_can(relay, use_settings, key_file, dns):
    use_settings(**given(key_file.parent / "gone.pem"))
    post_letters(1)
    deliver_all()
    assert states() == {1: State.QUEUED}
    row = db.session.scalars(select(Relay)).one()
    assert "signeras" in row.stop_reason
    row.stopped_until = None
    db.session.commit()
    use_settings(**given(key_file))
    deliver_all()
    (letter,) = relay.wait_for(1)
    assert dkim.verify(letter.raw, dnsfunc=dns)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"dkim_selector": ""}, "all three"),
        ({"dkim_key_file": "/nowhere/dkim.pem"}, "cannot be read"),
        ({"dkim_selector": "åäö"}, "DNS"),
        ({"dkim_domain": "a" * 70 + ".se"}, "DNS"),
    ],
)
def test_settings_that_cannot_work_are_told_in_plain_words(key_file, wrong, told):
    with pytest.raises(SigningTrouble, match=told):
        signer_of(Settings(**given(key_file, **wrong)))


def test_a_file_that_is_no_key_is_told_in_plain_words(tmp_path):
    (tmp_path / "key.pem").write_text("-----BEGIN RSA PRIVATE KEY-----\nnonsense\n-----END RSA PRIVATE KEY-----\n")
    with pytest.raises(SigningTrouble, match="openssl genrsa"):
        signer_of(Settings(**given(tmp_path / "key.pem")))


def test_the_key_is_read_once(relay, use_settings, key_file, tmp_path):
    copy = tmp_path / "copy.pem"
    copy.write_bytes(key_file.read_bytes())
    use_settings(**given(copy))
    post_letters(1)
    deliver_all()
    copy.unlink()
    post_letters(1, first=2)
    deliver_all()
    assert [letter.raw[:14] for letter in relay.wait_for(2)] == [b"DKIM-Signature"] * 2


def test_a_long_letter_is_signed_whole(key_file, dns):
    signer = Signer(b"boras.example", b"nyhetsbrev", key_file.read_bytes())
    letter = b"From: a@boras.example\r\nTo: b@firma.example\r\nSubject: x\r\nDate: x\r\n\r\n" + b"rad\r\n" * 12_000
    signed = signer.signed(letter)
    assert dkim.verify(signed, dnsfunc=dns)
    assert not dkim.verify(signed + b"mer\r\n", dnsfunc=dns)
