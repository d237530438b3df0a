"""Letters as their reader's programs see them: links, tickets, calendar entries, papers."""

from __future__ import annotations

import io
import re
import urllib.request
from email.message import EmailMessage
from typing import Any

import icalendar
import pypdf
import zxingcpp
from lxml import html
from PIL import Image

LINK = re.compile(r"https?://[^\s<>\"')]+")


class ReadLetter:
    """One letter."""

    def __init__(self, message: EmailMessage) -> None:
        self.message = message
        self.subject = str(message["Subject"])
        self.to = str(message["To"])

    def body(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        assert part is not None, f"no {kind} part"
        return str(part.get_content())

    @property
    def text(self) -> str:
        return self.body("plain")

    @property
    def links(self) -> set[str]:
        """Every address in the letter, in the text and in the HTML."""
        hrefs = {str(link) for link in html.fromstring(self.body("html")).xpath("//@href | //@src")}
        shown = {link.rstrip(".,") for link in LINK.findall(self.text)}
        return {link for link in hrefs | shown if not link.startswith(("mailto:", "tel:", "cid:"))}

    def link_to(self, part: str) -> str:
        """The one address that holds this part."""
        [found] = {link for link in self.links if part in link}
        return found

    def attached(self, content_type: str) -> bytes:
        [part] = [part for part in self.message.walk() if part.get_content_type() == content_type]
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        return content

    @property
    def scanned(self) -> str:
        """What a scanner reads from the ticket's picture, on the letter's white as phones show it."""
        picture = Image.open(io.BytesIO(self.attached("image/png"))).convert("L")
        [code] = zxingcpp.read_barcodes(picture)
        return str(code.text)

    @property
    def calendar(self) -> icalendar.Calendar:
        return icalendar.Calendar.from_ical(self.attached("text/calendar"))

    @property
    def entry(self) -> Any:
        [entry] = self.calendar.walk("VEVENT")
        return entry

    @property
    def paper(self) -> str:
        """The text of the PDF."""
        [page] = pypdf.PdfReader(io.BytesIO(self.attached("application/pdf"))).pages
        return page.extract_text()


def status_of(url: str) -> int:
    with urllib.request.urlopen(url, timeout=20) as answer:
        return int(answer.status)
