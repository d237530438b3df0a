"""The finished welcome letter: parsed by the standard library, its QR codes read, and the same as yesterday."""

from __future__ import annotations

import email
import email.policy
import io
import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
import zxingcpp
from flask import Flask
from PIL import Image

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.mail.splice import Rendered, Splice
from eventsys.newsletters.issues.models import Picture
from eventsys.newsletters.subscriptions.models import SignUpCode
from eventsys.newsletters.welcome.letters import example_of
from eventsys.newsletters.welcome.models import WelcomeRound, WelcomeSettings
from eventsys.newsletters.welcome.rendering import keep_qr_codes, letter_of
from tests.factories import make_event, make_series
from tests.newsletters.issues.test_letter import Structure, part
from tests.newsletters.welcome.scenes import a_round, again
from tests.staff_fixtures import see_anew

SNAPSHOT = Path(__file__).parent / "snapshots" / "welcome.txt"
VALUES = {
    "LEAVE": "https://event.example/avsluta/abc?brev=companies", "RECIPIENT": "Ås & Öbergs <Färgeri> AB",
    "PREFERENCES": "https://event.example/nyhetsbrev/val/abc",
}  # fmt: skip


@pytest.fixture(autouse=True)
def in_april():
    with time_machine.travel(datetime(2027, 4, 5, 8, tzinfo=UTC), tick=False):
        yield


def whole_round() -> WelcomeRound:
    """With a gathering to come, and its pictures kept."""
    series = make_series(name="Välkomstträff")
    make_event(
        series=series, slug="valkomsttraff-maj", title="Välkomstträff för nya företagare", place="Stadshuset",
        address="Kungsgatan 55, Borås", starts_at=datetime(2027, 5, 12, 15, tzinfo=UTC),
    )  # fmt: skip
    with transaction():
        db.session.get_one(WelcomeSettings, 1).series_id = series.id
    found = a_round()
    with transaction():
        keep_qr_codes(db.session.get_one(WelcomeRound, found.id), "Ask", now())
        db.session.get_one(SignUpCode, found.code_id).code = "abc234"
        keep_qr_codes(db.session.get_one(WelcomeRound, found.id), "Ask", now())
    return again(found)


def received(letter: Rendered) -> email.message.EmailMessage:
    splice = Splice(letter, "Näringslivsenheten <naringsliv@boras.example>", letter.sha256[:24])
    raw = splice.message("åsa@foretag.example", "", "id@boras.example", VALUES, now())
    return email.message_from_bytes(raw, policy=email.policy.default)  # type: ignore[return-value]


def test_the_letter_says_the_same_as_in_its_snapshot(app: Flask) -> None:
    """A change of text is wanted? Run with WRITE_SNAPSHOTS=1, and read the difference before keeping it."""
    letter = letter_of(whole_round())
    text = f"Subject: {letter.subject}\n\n{letter.text}"
    if os.environ.get("WRITE_SNAPSHOTS"):
        SNAPSHOT.write_text(text, encoding="utf-8")
    assert text == SNAPSHOT.read_text(encoding="utf-8")


def test_a_company_gets_whole_html_in_its_own_name(app: Flask) -> None:
    message = received(letter_of(whole_round()))
    html = part(message, "html")
    found = Structure(html)
    assert found.open == []
    assert "Hej Ås &amp; Öbergs &lt;Färgeri&gt; AB," in html
    assert "Hej Ås & Öbergs <Färgeri> AB," in part(message, "plain")
    assert VALUES["LEAVE"] in found.links
    assert VALUES["PREFERENCES"] in found.links
    assert "http://127.0.0.1:8000/nyhetsbrev?kalla=abc234" in found.links
    assert "http://127.0.0.1:8000/evenemang/valkomsttraff-maj" in found.links
    assert "@@" not in html + part(message, "plain")
    assert message["List-Unsubscribe"] == f"<{VALUES['LEAVE']}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_its_qr_codes_are_pictures_of_ours_that_lead_where_the_buttons_do(app: Flask) -> None:
    images = Structure(letter_of(whole_round()).html).images
    read = []
    for image in images:
        token = re.fullmatch(r"http://127\.0\.0\.1:8000/bild/(\S+)", str(image["src"]))
        assert token
        assert image["alt"]
        content = db.session.query(Picture).filter_by(token=token[1]).one().content
        (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(content)).convert("L"))
        read.append(code.text)
    assert read == [
        "http://127.0.0.1:8000/evenemang/valkomsttraff-maj", "http://127.0.0.1:8000/nyhetsbrev?kalla=abc234",
    ]  # fmt: skip


def test_without_a_gathering_or_pictures_the_letter_is_whole(app: Flask) -> None:
    made = a_round()
    with transaction():
        db.session.query(Picture).delete()
    letter = letter_of(again(made))
    found = Structure(letter.html)
    assert (found.open, found.images) == ([], [])
    assert "/nyhetsbrev?kalla=" in letter.text


def test_equal_rows_give_equal_bytes_and_pictures_are_kept_once(app: Flask) -> None:
    found = whole_round()
    first = letter_of(found).to_bytes()
    with transaction():
        keep_qr_codes(db.session.get_one(WelcomeRound, found.id), "Lo", now())
    see_anew()
    assert letter_of(again(found)).to_bytes() == first
    assert db.session.query(Picture).count() == 3  # the first code's own, and the two that are shown


def test_words_of_an_event_cannot_be_tokens(app: Flask) -> None:
    found, event = a_round(), make_event(title="@@LEAVE@@", place="@@RECIPIENT@@")
    with transaction():
        db.session.get_one(WelcomeRound, found.id).event_id = event.id
    letter = letter_of(again(found))
    assert letter.html.count("@@LEAVE@@") == 1
    assert letter.html.count("@@RECIPIENT@@") == 1


def test_an_example_has_no_personal_link(app: Flask) -> None:
    shown = example_of(letter_of(whole_round()), "Ås & Co AB")
    assert "@@" not in shown.html + shown.text
    assert "/avsluta/" not in shown.html
    assert "Hej Ås &amp; Co AB," in shown.html
    assert "Hej Ås & Co AB," in shown.text
