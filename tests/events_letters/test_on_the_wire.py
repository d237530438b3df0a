"""Letters as bytes for the wire: what a mail program, a phone's camera and a calendar find in them."""

from __future__ import annotations

import email.policy
import io
from email.message import EmailMessage
from email.parser import BytesParser
from typing import cast

import pytest
import zxingcpp
from flask import Flask
from icalendar import Calendar
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from eventsys.clock import now
from eventsys.mail.compose import Email
from eventsys.mail.message import Envelope, build_message
from tests.events_letters.conftest import letters_in
from tests.events_letters.every_letter import ticket_to

KARINS_CODE = "T1KARINABERG222222"


def on_the_wire(letter: Email, lang: str = "sv", name: str = "Karin Åberg") -> EmailMessage:
    envelope = Envelope(
        sender="Näringslivsenheten <naringsliv@boras.example>",
        reply_to="",
        address="karin.aberg@foretag.se",
        name=name,
        message_id="abc@boras.example",
        token="abc",
        lang=lang,
    )
    parsed = BytesParser(policy=email.policy.default).parsebytes(build_message(letter, envelope, now()))
    assert isinstance(parsed, EmailMessage)
    assert not [part.defects for part in parsed.walk() if part.defects]
    return parsed


def part_of(message: EmailMessage, kind: str) -> EmailMessage:
    [found] = [part for part in message.walk() if part.get_content_type() == kind]
    assert isinstance(found, EmailMessage)
    return found


@pytest.mark.parametrize("name", ["ticket", "event_changed"])
def test_the_qr_code_in_the_letter_is_the_ticket_code(app: Flask, lang: str, name: str) -> None:
    message = on_the_wire(letters_in(lang)[name], lang)
    picture = part_of(message, "image/png")
    assert picture["Content-ID"] == "<ticket>"
    assert 'src="cid:ticket"' in part_of(message, "text/html").get_content()
    assert read_codes(picture.get_content()) == [KARINS_CODE]


def test_the_qr_code_survives_being_shown_small_and_blurred(app: Flask) -> None:
    picture = Image.open(io.BytesIO(letters_in("sv")["ticket"].inline[0].content)).convert("L")
    for side in (116, 145, 232):
        shown = picture.resize((side, side), Image.Resampling.BICUBIC)
        assert [code.text for code in zxingcpp.read_barcodes(shown)] == [KARINS_CODE]


def test_subject_and_names_arrive_as_they_were_written(app: Flask) -> None:
    message = on_the_wire(letters_in("sv")["ticket"])
    assert message["Subject"] == "Du är anmäld: Fredagslunch 5 mars kl. 11.30"
    assert message["To"].addresses[0].display_name == "Karin Åberg"
    assert "Välkommen fredag 5 mars kl. 11.30–13.00." in part_of(message, "text/plain").get_content()


def test_a_line_break_in_a_name_adds_no_header(app: Flask) -> None:
    hostile = "Anna\r\nBcc: all@foretag.se"
    message = on_the_wire(ticket_to(hostile, f"Lunch {hostile}"), name=hostile)
    assert message["Bcc"] is None
    assert message["Subject"].startswith("Du är anmäld: Lunch Anna Bcc: all@foretag.se")


def test_the_calendar_entry_stands_beside_the_text_and_as_a_file(app: Flask) -> None:
    message = on_the_wire(letters_in("sv")["ticket"])
    beside = part_of(message, "text/calendar")
    assert beside.get_param("method") == "REQUEST"
    assert Calendar.from_ical(beside.get_content())["METHOD"] == "REQUEST"
    assert [part.get_filename() for part in message.iter_attachments()] == ["evenemang.ics", "biljett.pdf"]


def test_a_cancellation_says_so_in_the_content_type_too(app: Flask) -> None:
    beside = part_of(on_the_wire(letters_in("sv")["event_cancelled"]), "text/calendar")
    assert beside.get_param("method") == "CANCEL"
    assert Calendar.from_ical(beside.get_content())["METHOD"] == "CANCEL"


# --- the printed ticket -------------------------------------------------------------------------------------------


def test_the_printed_ticket_is_one_page_with_the_code(app: Flask, lang: str) -> None:
    reader = PdfReader(io.BytesIO(pdf_of(letters_in(lang)["ticket"])))
    [page] = reader.pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
    assert read_codes(page.images[0].data) == [KARINS_CODE]
    words = page.extract_text()
    expected = ("Karin Åberg", "KARI-NABE", "Väveriet i Borås AB", "Åhaga", "Åhagagatan 1, Borås", KARINS_CODE)
    assert not [word for word in expected if word not in words]


def test_the_printed_ticket_speaks_the_language_of_the_booking(app: Flask) -> None:
    swedish = PdfReader(io.BytesIO(pdf_of(letters_in("sv")["ticket"])))
    english = PdfReader(io.BytesIO(pdf_of(letters_in("en")["ticket"])))
    assert [str(reader.root_object["/Lang"]) for reader in (swedish, english)] == ["sv", "en"]
    assert swedish.metadata is not None
    assert english.metadata is not None
    assert swedish.metadata.title == "Biljett till Fredagslunch"
    assert english.metadata.title == "Ticket to Friday lunch"
    assert "Fredag 5 mars kl. 11.30–13.00" in swedish.pages[0].extract_text()
    assert "Friday 5 March at 11:30–13:00" in english.pages[0].extract_text()


def test_the_printed_qr_code_is_at_least_45_millimetres_wide(app: Flask) -> None:
    [page] = PdfReader(io.BytesIO(pdf_of(letters_in("sv")["ticket"]))).pages
    widths: list[float] = []

    def note(operator: bytes, _operands: object, matrix: list[float], _text_matrix: object) -> None:
        if operator == b"Do":
            widths.append(abs(matrix[0]))

    page.extract_text(visitor_operand_before=note)
    millimetres = max(widths) / 72 * 25.4
    symbol_without_quiet_zone = millimetres * 21 / 29
    assert symbol_without_quiet_zone >= 45


def test_a_screen_reader_can_read_the_printed_ticket(app: Flask) -> None:
    reader = PdfReader(io.BytesIO(pdf_of(letters_in("sv")["ticket"])))
    assert str(cast(DictionaryObject, reader.root_object["/MarkInfo"])["/Marked"]) == "True"
    assert "/StructTreeRoot" in reader.root_object


def test_long_names_stay_on_one_small_page(app: Flask) -> None:
    long_name, long_title = "Maximiliana Öberg-Wallenstierna " * 3, "Näringslivsdagen med upphandlingsforum " * 4
    content = pdf_of(ticket_to(long_name.strip(), long_title.strip()))
    [page] = PdfReader(io.BytesIO(content)).pages
    assert "Biljettkod" in page.extract_text()
    assert len(content) < 60_000


def pdf_of(letter: Email) -> bytes:
    [pdf] = [file.content for file in letter.attachments if file.content_type == "application/pdf"]
    return pdf


def read_codes(png: bytes) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(png)).convert("L"))]
