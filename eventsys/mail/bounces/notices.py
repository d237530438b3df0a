"""A letter that came back, taken apart: what is said in it, the report of RFC 3464, and what it gives back of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, message_from_string, policy
from email.message import Message

LARGEST = 256 * 1024
"""More is not read; servers put what they have to say first."""
_MOST_LINES = 6_000
_MOST_PARTS = 60
_LONGEST_TEXT = 40_000

Fields = dict[str, str]
"""One block of header-like lines, by name in small letters."""


@dataclass
class Notice:
    """The parts of an incoming letter that say something about one of ours."""

    headers: Fields
    content_type: str
    report_type: str
    texts: list[str] = field(default_factory=list)
    """What people are to read, without our letter where it is given back below."""
    blocks: list[Fields] | None = None
    """The blocks of message/delivery-status; None when there is no such part."""
    feedback: Fields | None = None
    """message/feedback-report (ARF, RFC 5965)."""
    is_receipt: bool = False
    """Has a message/disposition-notification: it was read, or deleted."""
    returned: list[str] = field(default_factory=list)
    """Headers of our letter as given back, as text."""

    @property
    def text(self) -> str:
        return "\n".join(self.texts)[:_LONGEST_TEXT]

    @property
    def recipients(self) -> list[Fields]:
        """The blocks of the report that are about a recipient."""
        about = [block for block in self.blocks or () if "final-recipient" in block or "action" in block]
        return [one for block in about for one in _one_by_one(block)]


def take_apart(raw: bytes) -> Notice:
    """The parts of a letter. May raise anything on letters made to do harm."""
    message = message_from_bytes(_bounded(raw), policy=policy.compat32)
    notice = Notice(_fields(message), message.get_content_type(), _parameter(message, "report-type"))
    for part in _parts(message):
        _take(part, notice)
    if not notice.text.strip() and not notice.blocks:
        _take_unreadable(raw, notice)
    if notice.blocks is None and notice.feedback is None:
        notice.blocks = _blocks_in_text(notice.text)
    return notice


def _bounded(raw: bytes) -> bytes:
    """No more than LARGEST bytes and _MOST_LINES lines: parts that are nested cost time for every line."""
    return b"".join(raw[:LARGEST].splitlines(keepends=True)[:_MOST_LINES])


def _take_unreadable(raw: bytes, notice: Notice) -> None:
    """The boundary is not where the headers say: everything is one text."""
    body = _bounded(raw).replace(b"\r\n", b"\n").partition(b"\n\n")[2].decode("latin-1")
    said, returned = _before_our_letter(body[:_LONGEST_TEXT], is_html=False)
    notice.texts.append(said)
    notice.returned.append(returned)


def _parts(message: Message) -> Iterator[Message]:
    """The parts in their order, not those inside a letter that is given back."""
    waiting, given = [message], 0
    while waiting and given < _MOST_PARTS:
        part, given = waiting.pop(0), given + 1
        content = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(content, list):
            waiting = [each for each in content if isinstance(each, Message)] + waiting
        else:
            yield part


def _take(part: Message, notice: Notice) -> None:
    kind = part.get_content_type()
    if kind in ("message/delivery-status", "message/global-delivery-status"):
        notice.blocks = [*(notice.blocks or []), *_blocks(part)]
    elif kind == "message/feedback-report":
        notice.feedback = _merged(_blocks(part))
    elif kind == "message/disposition-notification":
        notice.is_receipt = True
    elif kind in ("message/rfc822", "message/global", "message/partial"):
        notice.returned += [_lines(each) for each in _content(part)]
    elif kind in ("text/rfc822-headers", "text/rfc822", "message/rfc822-headers"):
        notice.returned.append(_text(part))
    elif kind == "text/plain" or (kind == "text/html" and not notice.texts):
        said, returned = _before_our_letter(_text(part), kind == "text/html")
        notice.texts.append(said)
        notice.returned.append(returned)


def _content(part: Message) -> list[Message]:
    content = part.get_payload()
    return [each for each in content if isinstance(each, Message)] if isinstance(content, list) else []


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return "\n".join(_lines(each) for each in _content(part))
    try:
        return content.decode(part.get_content_charset() or "utf-8", "replace")[:_LONGEST_TEXT]
    except (LookupError, UnicodeError):
        return content.decode("latin-1")[:_LONGEST_TEXT]


# --- blocks of fields ---------------------------------------------------------------------------------------------


def _blocks(part: Message) -> list[Fields]:
    """The blocks of a report. Some servers forget the empty line between two, or send the part as plain text."""
    content = part.get_payload()
    if isinstance(content, list):
        return [_fields(each) for each in content if isinstance(each, Message) and each.keys()]
    blocks = [message_from_bytes(each.encode("utf-8", "replace")) for each in re.split(r"\n\s*\n", _text(part))[:100]]
    return [_fields(block) for block in blocks if block.keys()]


def _blocks_in_text(text: str) -> list[Fields] | None:
    """Some servers write the report's lines into the text instead of a part of its own."""
    paragraphs = (each.lstrip("\n") for each in re.split(r"\n\s*\n", text.replace("\r\n", "\n"))[:200])
    reports = [each for each in paragraphs if _REPORT_LINES.search(each) and _FINAL_RECIPIENT.search(each)]
    return [_fields(message_from_string(each)) for each in reports] or None


_REPORT_LINES = re.compile(r"^(?:status|action|diagnostic-code):", re.IGNORECASE | re.MULTILINE)
_FINAL_RECIPIENT = re.compile(r"^(?:final|original)-recipient:", re.IGNORECASE | re.MULTILINE)


def _one_by_one(block: Fields) -> list[Fields]:
    """A block for each recipient, where a server forgot the empty line between them."""
    recipients = block.get("final-recipient", "").count("\n") + 1
    split = {name: value.split("\n") for name, value in block.items()}
    return [
        {name: values[number if len(values) == recipients else 0] for name, values in split.items()}
        for number in range(min(recipients, 50))
    ]


def _fields(message: Message) -> Fields:
    """Names and values of the headers; of several with one name all values, one to a line."""
    fields: Fields = {}
    for name, value in message.items()[:200]:
        name, value = name.lower(), " ".join(str(value)[:4000].split())
        fields[name] = f"{fields[name]}\n{value}" if name in fields else value
    return fields


def _merged(blocks: list[Fields]) -> Fields:
    return {name: value for block in reversed(blocks) for name, value in block.items()}


def _lines(message: Message) -> str:
    return "\n".join(f"{name}: {value}" for name, value in _fields(message).items())


def _parameter(message: Message, name: str) -> str:
    value = message.get_param(name)
    return value.lower() if isinstance(value, str) else ""


# --- where our own letter begins ----------------------------------------------------------------------------------

_OURS_BEGINS = re.compile(
    r"^(?:>? ?-{2,}[^\n]{0,60}(?:copy of|original message|returned message|unsent message|message header|"
    r"message follow|below this line|undelivered message)"
    r"|[^\n]{0,30}(?:message headers? follow|original message:|original message headers?:|copy of the message)"
    r"|received: (?:from|by|\()|return-path: ?<)[^\n]*",
    re.IGNORECASE | re.MULTILINE,
)
_TAGS = re.compile(r"<(?:style|script)\b[^<]{0,20000}</(?:style|script)>|<[a-z/!][^<>]{0,2000}>", re.IGNORECASE)


def _before_our_letter(text: str, is_html: bool) -> tuple[str, str]:
    """The text up to our letter, and our letter; words of ours must not be read as words of theirs."""
    if is_html:
        text = _TAGS.sub(" ", text[:_LONGEST_TEXT])
    begins = _OURS_BEGINS.search(text)
    return (text[: begins.start()], text[begins.start() :]) if begins else (text, "")
