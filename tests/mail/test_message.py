"""The bytes of a letter: readable by a strict parser, and no value can add a header or a line too long."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsys.mail.compose import Attachment, Email, Inline
from eventsys.mail.message import Envelope, build_message, dot_stuffed, envelope_sender
from tests.mail.conftest import deliver_all, delivery, post_letters

AT = datetime(2027, 3, 5, 10, 30, tzinfo=UTC)
ICS = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Fredagslunch på Åsbohallen\r\nEND:VCALENDAR\r\n"


def envelope(**given: str) -> Envelope:
    values = {
        "sender": "Näringslivsenheten <naringsliv@boras.example>", "reply_to": "", "address": "a@firma.example",
        "name": "Åsa Öberg", "message_id": "abc@boras.example", "token": "abc", "lang": "sv", **given,
    }  # fmt: skip
    return Envelope(**values)


def parsed(email: Email, **given: str) -> EmailMessage:
    raw = build_message(email, envelope(**given), AT)
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert raw.endswith(b"\r\n")
    message: EmailMessage = message_from_bytes(raw, policy=policy.default)  # type: ignore[assignment]
    for part in message.walk():
        assert part.defects == []
    return message


def test_headers_are_complete_and_encoded() -> None:
    message = parsed(Email("Du är anmäld: Fredagslunch 5 mars", "Hej\n", ""), reply_to="Svar <svar@boras.example>")
    assert message["Subject"] == "Du är anmäld: Fredagslunch 5 mars"
    assert message["From"].addresses[0].display_name == "Näringslivsenheten"
    assert message["To"].addresses[0].display_name == "Åsa Öberg"
    assert message["Reply-To"].addresses[0].addr_spec == "svar@boras.example"
    assert message["Message-ID"] == "<abc@boras.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "sv"
    assert message["Date"].datetime == AT
    assert "List-Unsubscribe" not in message


def test_a_whole_letter_has_its_parts_in_the_places_programs_look_for_them() -> None:
    email = Email(
        "Biljett", "Text å\n", '<p>Å <img src="cid:qr"></p>',
        (Attachment("Inbjudan.ics", "text/calendar", ICS.encode(), {"method": "REQUEST"}),
         Attachment("biljett åäö.pdf", "application/pdf", b"%PDF" * 100)),
        (Inline("qr", "image/png", b"\x89PNG" * 50),),
    )  # fmt: skip
    message = parsed(email)
    assert message.get_content_type() == "multipart/mixed"
    alternative, calendar_file, ticket = message.iter_parts()
    text, related, calendar = alternative.iter_parts()
    assert [part.get_content_type() for part in (alternative, text, related, calendar, calendar_file)] == [
        "multipart/alternative", "text/plain", "multipart/related", "text/calendar", "application/ics",
    ]  # fmt: skip
    page, picture = related.iter_parts()
    assert page.get_content().strip() == '<p>Å <img src="cid:qr"></p>'
    assert (picture["Content-ID"], picture.get_content()) == ("<qr>", b"\x89PNG" * 50)
    assert calendar["Content-Type"].params["method"] == "REQUEST"
    assert "Åsbohallen" in calendar.get_content()
    assert calendar_file.get_content() == ICS.encode()
    assert ticket.get_filename() == "biljett åäö.pdf"
    assert ticket.get_content() == b"%PDF" * 100


def test_a_published_calendar_is_only_a_file() -> None:
    email = Email("K", "t", "<p>t</p>", (Attachment("k.ics", "text/calendar", ICS.encode(), {"method": "PUBLISH"}),))
    alternative, file = parsed(email).iter_parts()
    assert len(list(alternative.iter_parts())) == 2
    assert file["Content-Type"].params["method"] == "PUBLISH"


def test_further_headers_are_ascii_on_one_line() -> None:
    address = "<https://event.example.se/avsluta/" + "x" * 200 + ">"
    message = parsed(Email("S", "t", "", headers=(("List-Unsubscribe", address),)))
    assert message["List-Unsubscribe"] == address
    with pytest.raises(ValueError, match="not a header"):
        build_message(Email("S", "t", "", headers=(("Bad header", "x"),)), envelope(), AT)


@given(
    subject=st.text(max_size=400),
    name=st.text(max_size=300),
    text=st.text(max_size=500),
)
def test_no_text_can_add_a_header_or_break_the_letter(subject: str, name: str, text: str) -> None:
    message = parsed(Email(subject, text, f"<p>{text}</p>"), name=name)
    assert set(message.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Language", "MIME-Version",
        "Content-Type",
    }  # fmt: skip
    assert message["To"].addresses[0].addr_spec == "a@firma.example"


@given(text=st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=300))
def test_text_arrives_as_it_was(text: str) -> None:
    assert parsed(Email("S", text, "")).get_content() == text + "\r\n"


def test_line_breaks_in_names_and_subjects_become_blanks() -> None:
    message = parsed(Email("Ett\r\nBcc: x@y.se", "t", ""), name="Eva\r\nBcc: x@y.se")
    assert message["Bcc"] is None
    assert message["Subject"] == "Ett Bcc: x@y.se"


def test_dots_at_line_starts_are_doubled() -> None:
    assert dot_stuffed(b".a\r\n..b\r\nc.\r\n") == b"..a\r\n...b\r\nc.\r\n"


def test_dots_arrive_as_they_were_written(relay, manners) -> None:
    manners.builds[1] = lambda _row: Email("Punkter", ".\n..\n.x\nslut\n", "")
    post_letters(1)
    deliver_all()
    assert relay.letters[0].message.get_content().replace("\r\n", "\n") == ".\n..\n.x\nslut\n"


def test_bounces_find_their_letter_by_the_envelope_sender(relay, use_settings) -> None:
    use_settings(bounce_address="bounce@boras.example")
    [one] = post_letters(1)
    deliver_all()
    assert relay.letters[0].sender == f"bounce+{delivery(one).token}@boras.example"
    assert envelope_sender("", "Namn <a@b.se>", "x") == "a@b.se"
