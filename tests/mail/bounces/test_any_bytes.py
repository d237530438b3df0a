"""Whatever arrives, reading it raises nothing and ends soon."""

import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventsys.mail.bounces import Bounce, Kind, read
from tests.mail.bounces import letters

KNOWN = [value for value in vars(letters).values() if isinstance(value, bytes)] + [letters.report()]
SECONDS = 10.0  # on a machine that does other things too; alone it is a tenth
quick = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def holds(raw: bytes) -> None:
    found = read(raw)
    assert isinstance(found, Bounce)
    assert found.kind in Kind
    assert found.address is None or "@" in found.address
    assert "\n" not in found.said


@quick
@given(st.binary(max_size=3000))
def test_random_bytes(raw):
    holds(raw)


@quick
@given(st.sampled_from(KNOWN), st.integers(0, 4000))
def test_letters_cut_off_anywhere(letter, end):
    holds(letter[:end])


@quick
@given(st.sampled_from(KNOWN), st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 255)), max_size=40))
def test_letters_with_damaged_bytes(letter, damage):
    raw = bytearray(letter)
    for place, byte in damage:
        raw[place % len(raw)] = byte
    holds(bytes(raw))


@quick
@given(st.sampled_from(KNOWN), st.sampled_from(KNOWN), st.integers(0, 3000), st.integers(0, 3000))
def test_letters_grafted_onto_others(one, other, begin, end):
    holds(one[:begin] + other[end:])


@pytest.mark.parametrize(
    "charset", ["utf-16", "unicode-1-1-utf-7", "x-unknown", "idna", "base64", "\x00", "rot13", "undefined"]
)
@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "x-uuencode", "8bit", "nonsense"])
def test_lies_about_charset_and_encoding(charset, encoding):
    lie = f"charset={charset}\nContent-Transfer-Encoding: {encoding}".encode()
    holds(letters.report().replace(b"charset=utf-8", lie))
    holds(letters.QMAIL.replace(b"\n\n", b"\nContent-Type: text/plain; " + lie + b"\n\n", 1))


def nested(depth: int) -> bytes:
    parts = [b"--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n" % (level, level + 1) for level in range(depth)]
    return b"From: mailer-daemon@x.example\nContent-Type: multipart/mixed; boundary=b0\n\n" + b"".join(parts)


ENDLESS = {
    "parts in parts": nested(5000),
    "letters in letters": b"From: MAILER-DAEMON\n" + b"Content-Type: message/rfc822\n\n" * 15_000,
    "reports": b"Content-Type: multipart/report; boundary=z\n\n"
    + b"--z\nContent-Type: message/delivery-status\n\nAction: failed\n\n" * 9000,
    "recipients": b"Content-Type: message/delivery-status\n\n"
    + b"Final-Recipient: rfc822;a@b.se\nAction: failed\n\n" * 10_000,
    "empty lines": b"From: MAILER-DAEMON\n\n" + b"\n" * 500_000,
    "headers": b"".join(b"X-%d: y\n" % number for number in range(40_000)),
    "addresses": b"From: MAILER-DAEMON\n\n" + b"a@" * 250_000,
    "tags": b"From: MAILER-DAEMON\nContent-Type: text/html\n\n" + b"<style <a " * 50_000,
    "dashes": b"From: MAILER-DAEMON\n\n" + b"-" * 500_000,
    "half phrases": b"From: MAILER-DAEMON\n\n" + b"user not " * 60_000,
    "noise": random.Random(7).randbytes(2_000_000),
}


@pytest.mark.parametrize("what", ENDLESS)
def test_letters_made_to_take_for_ever_end_soon(what):
    began = time.monotonic()
    holds(ENDLESS[what])
    assert time.monotonic() - began < SECONDS
