"""Splicing: whatever the values are, the standard library reads them back, and every line keeps its length."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventsys.forms import squeeze
from eventsys.mail.message import dot_stuffed
from eventsys.mail.splice import CannotSplice, Rendered, Splice, list_headers

AT = datetime(2026, 3, 12, 8, 30, tzinfo=UTC)
LEAVE = "https://boras.example/avsluta/abc?x=1&y=2"
LETTER = Rendered(
    "Till @@NAME@@: Företagsamt nr 1",
    "Hej @@NAME@@!\n.En rad med punkt.\nHos @@COMPANY@@@@NAME@@.\nSvara: https://boras.example/svar?n=@@NAME@@\n@@LEAVE@@\n"
    + "åäö " * 80,
    '<!doctype html><html lang="sv"><body><p title="@@NAME@@">Hej <b>@@NAME@@</b></p>\n.punkt\n'
    '<a href="https://boras.example/svar?n=@@NAME@@&amp;c=@@COMPANY@@">Svara</a> <a href="@@LEAVE@@">Avsluta</a>'
    + "<p>Räksmörgås @@NOT_OURS@@ </p>" * 40
    + "</body></html>",
    ("NAME", "COMPANY", "LEAVE"),
    list_headers("foretagsamt.boras.example"),
    "Redaktionen <red@boras.example>",
)
SPLICE = Splice(LETTER, "Näringslivsenheten <naringsliv@boras.example>", "b0")

nasty = st.one_of(
    st.text(max_size=40),
    st.text("abc.=@<>&\"'\\åäö \t\r\n\0?%_שלום\u202e\u00ad", max_size=120),
    st.sampled_from(["@@NAME@@", "=?utf-8?q?x?=", ".", "..", "\r\n.\r\n", "A" * 400, "å" * 190, "</p>", "Bcc: a@b.se"]),
)


def read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)  # type: ignore[return-value]


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    assert found is not None
    return str(found.get_content()).replace("\r\n", "\n")


def name_in(raw: bytes) -> str:
    """The name in To. The newer parser of the standard library puts blanks between the words of a long name."""
    words = str(message_from_bytes(raw)["To"]).rpartition("<")[0].strip()
    return str(make_header(decode_header(words))) if "=?" in words else parseaddr(f"{words} <a@b.se>")[0]


@settings(deadline=None, max_examples=150)
@given(name=nasty, company=nasty)
def test_any_value_is_read_back_as_it_was_and_every_line_keeps_its_length(name: str, company: str) -> None:
    values = {"NAME": name, "COMPANY": company, "LEAVE": LEAVE}
    raw = SPLICE.message("anna@firma.example", name, "t1@boras.example", values, AT)
    head, _, body = raw.partition(b"\r\n\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(len(line) for line in body.split(b"\r\n")) <= 76
    assert max(len(line) for line in head.split(b"\r\n")) <= 998
    assert SPLICE.on_the_wire("anna@firma.example", name, "t1@boras.example", values, AT) == dot_stuffed(raw)
    message, kept, firm = read(raw), squeeze(name), squeeze(company)
    assert set(message.keys()) == {
        "From", "Reply-To", "Content-Language", "MIME-Version", "To", "Subject", "Date", "Message-ID", "List-Id",
        "List-Unsubscribe", "List-Unsubscribe-Post", "Content-Type",
    }  # fmt: skip
    assert message["Subject"] == f"Till {kept}: Företagsamt nr 1"[:300]
    assert name_in(raw) == kept[:200].strip()
    assert message["To"].addresses[0].addr_spec == "anna@firma.example"
    text = part(message, "plain").split("\n")
    assert text[:3] == [f"Hej {kept}!", ".En rad med punkt.", f"Hos {firm}{kept}."]
    assert parse_qs(urlsplit(text[3]).query).get("n", [""]) == [kept]
    assert text[4] == LEAVE
    page = part(message, "html")
    assert f'<p title="{html.escape(kept)}">Hej <b>{html.escape(kept)}</b></p>' in page
    links = [html.unescape(link) for link in re.findall(r'href="([^"]*)"', page)]
    query = parse_qs(urlsplit(links[0]).query)
    assert (query.get("n", [""]), query.get("c", [""])) == ([kept], [firm])
    assert links[1] == LEAVE
    assert page.count("@@NOT_OURS@@") == 40, "what is not one of our tokens is text"


def test_headers_of_a_list_stand_on_one_line_each() -> None:
    raw = SPLICE.message(
        "åsa@räksmörgås.example", "Åsa", "t1@boras.example", {"NAME": "", "COMPANY": "", "LEAVE": LEAVE}, AT
    )
    lines = raw.decode().split("\r\n")
    assert f"List-Unsubscribe: <{LEAVE}>" in lines
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines
    assert "List-Id: <foretagsamt.boras.example>" in lines
    assert "Message-ID: <t1@boras.example>" in lines
    assert parseaddr(str(read(raw)["Reply-To"]))[1] == "red@boras.example"
    assert "Auto-Submitted" not in raw.decode()


@pytest.mark.parametrize(
    "leave", ["https://x.se/a b", "https://x.se/å", "https://x.se/>x", 'https://x.se/",a', "x" * 1000]
)
def test_a_value_that_would_break_a_header_is_refused(leave: str) -> None:
    with pytest.raises(CannotSplice):
        SPLICE.message("a@b.example", "", "t@b", {"NAME": "", "COMPANY": "", "LEAVE": leave}, AT)


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "/avsluta", ""])
def test_only_web_addresses_become_whole_links(link: str) -> None:
    splice = Splice(Rendered("x", "x", '<a href="@@L@@">x</a>', ("L",)), "a@b.example", "b")
    with pytest.raises(CannotSplice):
        splice.message("a@b.example", "", "t@b", {"L": link}, AT)


def test_a_token_in_a_tag_must_stand_between_quotes() -> None:
    for page in ("<a href=@@L@@>x</a>", "<p @@L@@>x</p>"):
        with pytest.raises(CannotSplice):
            Splice(Rendered("x", "x", page, ("L",)), "a@b.example", "b")


def test_a_letter_is_the_same_after_its_bytes_and_any_change_changes_its_fingerprint() -> None:
    assert Rendered.from_bytes(LETTER.to_bytes()) == LETTER
    assert Rendered(LETTER.subject, LETTER.text, LETTER.html + " ").sha256 != LETTER.sha256
