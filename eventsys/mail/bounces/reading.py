"""Reading what comes into the mailbox for bounces: what it is, whose fault, for which address and which letter."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from email import message_from_bytes
from email.utils import parseaddr

from flufl.bounce import all_failures

from eventsys.mail.bounces.notices import LARGEST, Fields, Notice, take_apart
from eventsys.mail.bounces.phrases import Kind, by_category, whose_fault


@dataclass(frozen=True)
class Bounce:
    """What one incoming letter says. `address` as the server gives it, in small letters."""

    kind: Kind
    address: str | None = None
    status: str | None = None
    """The enhanced status of RFC 3463, `5.1.1`."""
    token: str | None = None
    """Of the letter that it answers, as in our envelope sender and Message-ID."""
    by_envelope: bool = False
    """The token stood in the address that this letter came to, which only who had our letter can know."""
    is_final: bool = True
    """False for a warning: they still try."""
    said: str = ""
    """The server's words, on one line."""


NOTHING = Bounce(Kind.NOT_A_BOUNCE)


def read(raw: bytes) -> Bounce:
    """Read an incoming letter. Never raises, whatever the bytes are; what cannot be read is no bounce."""
    try:
        return _read(raw)
    except (Exception, RecursionError):  # a letter made to break the reader must not stop those behind it
        return NOTHING


def _read(raw: bytes) -> Bounce:
    notice = take_apart(raw)
    found = _judged(notice, raw)
    token, by_envelope = _token(notice, raw)
    return Bounce(found.kind, found.address, found.status, token, by_envelope, found.is_final, found.said)


def _judged(notice: Notice, raw: bytes) -> Bounce:
    if notice.feedback is not None or notice.report_type == "feedback-report":
        return _complaint(notice)
    if notice.is_receipt:
        return Bounce(Kind.AUTO_REPLY)
    if notice.recipients:
        return _from_report(notice)
    if _is_automatic_answer(notice):
        return Bounce(Kind.AUTO_REPLY)
    return _from_text(notice, raw)


# --- complaints and automatic answers -----------------------------------------------------------------------------

_NO_COMPLAINT = {"auth-failure", "not-spam", "dmarc"}  # RFC 6591: about forged letters, not about ours


def _complaint(notice: Notice) -> Bounce:
    feedback = notice.feedback or {}
    if feedback.get("feedback-type", "").lower() in _NO_COMPLAINT:
        return NOTHING
    address = _address(feedback.get("original-rcpt-to", "")) or _address_in_our_letter(notice)
    return Bounce(Kind.COMPLAINT, address, said=feedback.get("feedback-type", "")[:100])


_ANSWER_HEADERS = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-response-from", "x-autoreply-from")
_ANSWER_SUBJECT = re.compile(
    r"^\W*(?:auto(?:matic|matiskt|matisk|mated)?[ -:]*(?:reply|svar|response|antwort|answer)|out of (?:the )?office|"
    r"fr[åa]nvaro|ej p[åa] (?:kontoret|plats)|semester|vacation|away from|abwesen|poissaolo|i am away|"
    r"jag [äa]r (?:inte|ledig))",
    re.IGNORECASE,
)


def _is_automatic_answer(notice: Notice) -> bool:
    """RFC 3834. Postfix and Exim mark their bounces so too, hence the look at the sender."""
    headers = notice.headers
    if _is_from_a_mail_system(headers) or "x-failed-recipients" in headers:
        return False
    return (
        headers.get("auto-submitted", "no").lower().startswith(("auto-replied", "auto-notified"))
        or any(name in headers for name in _ANSWER_HEADERS)
        or headers.get("precedence", "").lower() in ("auto_reply", "auto-reply")
        or "oof" in headers.get("x-auto-response-suppress", "").lower().split(",")
        or bool(_ANSWER_SUBJECT.search(headers.get("subject", "")))
    )


_MAIL_SYSTEM = re.compile(r"mailer[-_]?daemon|postmaster|mail.delivery|mdaemon|mail system", re.IGNORECASE)
_FAILURE = re.compile(
    r"undeliver|not deliver|non.?deliver|delivery (?:status|fail|report|problem|notif|error|has failed)|failure notice|"
    r"mail (?:system )?(?:error|failure)|returned mail|mail delivery|returning (?:message|mail)|delivery failure|"
    r"couldn.t be delivered|could not be delivered|failed to deliver|error sending|bounce|"
    r"kunde inte levereras|olevererbar|unzustellbar|non remis|message status|failure delivery|rejected",
    re.IGNORECASE,
)


def _is_from_a_mail_system(headers: Fields) -> bool:
    return bool(_MAIL_SYSTEM.search(headers.get("from", ""))) or headers.get("from", "x").strip() in ("", "<>")


# --- reports ------------------------------------------------------------------------------------------------------

_ORDER = (Kind.ADDRESS_WRONG, Kind.REFUSED_US, Kind.LATER)


def _from_report(notice: Notice) -> Bounce:
    """RFC 3464: one block for each recipient; our letters have one, so the block that says most is taken."""
    failed = [block for block in notice.recipients if _action(block) in ("failed", "")]
    delayed = [block for block in notice.recipients if _action(block) == "delayed"]
    if not failed and not delayed:
        return NOTHING  # delivered, relayed, expanded
    bounces = [_of_block(block, notice, bool(failed)) for block in (failed or delayed)[:50]]
    return min(bounces, key=lambda bounce: _ORDER.index(bounce.kind))


def _action(block: Fields) -> str:
    return block.get("action", "").lower().partition(" ")[0].strip(";,")


def _of_block(block: Fields, notice: Notice, is_final: bool) -> Bounce:
    diagnostic = block.get("diagnostic-code", "").rpartition("\n")[2]
    given = _status(block.get("status", ""))
    said = _reply(diagnostic.partition(";")[2].strip() or diagnostic)
    status = _telling(_status(said), given)
    address = _address(block.get("original-recipient", "")) or _address(block.get("final-recipient", ""))
    remark = block.get("status", "").partition("(")[2]
    category = by_category(block.get("x-powermta-bouncecategory", ""))
    kind = (category or _whose_fault(f"{said} {remark}", status, notice.text)) if is_final else Kind.LATER
    return Bounce(kind, address, status, is_final=is_final, said=(said or remark)[:300])


def _whose_fault(said: str, status: str | None, text: str) -> Kind:
    """What the report says, else what stands in the text; what nobody can tell counts as for now."""
    if overruled := _REJECTED_BECAUSE.search(text):
        said = overruled[1]
    return whose_fault(said, status, f"{text} {said}", reported=True) or whose_fault(text, status, text) or Kind.LATER


_REJECTED_BECAUSE = re.compile(r"was automatically rejected:\s*([^\n]{3,200})")  # Dovecot's delivery agent

_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
_REPLY = re.compile(
    r"(?<![\w.-])[45]\d\d[ -](?:[45]\.\d{1,3}\.\d{1,3}[ :]|[^\w\n]{0,3}[A-Za-z(#])|(?<![\d.])[45]\.\d\.\d{1,3} "
)


def _status(text: str) -> str | None:
    found = _STATUS.search(text)
    return ".".join(found.groups()) if found else None


def _telling(*given: str | None) -> str | None:
    """The first status that says more than "something failed", else the first."""
    known = [status for status in given if status]
    return next((status for status in known if not status.endswith(".0.0")), known[0] if known else None)


def _reply(text: str) -> str:
    """From the server's answer on: before it stand hosts and programs, whose names say nothing about the reason."""
    begins = _REPLY.search(text)
    return text[begins.start() :].partition("\n\n")[0] if begins else text


# --- notices without a report -------------------------------------------------------------------------------------


def _from_text(notice: Notice, raw: bytes) -> Bounce:
    """qmail, Exim, old Exchange and many others tell people only."""
    addresses = _failed_addresses(notice, raw)
    if not (addresses or _looks_like_a_bounce(notice)):
        return NOTHING
    bounces = [bounce for address in addresses or ("",) if (bounce := _about(address, notice)) is not None]
    return min(bounces, key=lambda bounce: _ORDER.index(bounce.kind), default=NOTHING)


def _looks_like_a_bounce(notice: Notice) -> bool:
    headers = notice.headers
    if _is_from_a_mail_system(headers) or _FAILURE.search(headers.get("subject", "")):
        return True
    return headers.get("return-path", "").strip() == "<>" and bool(_FAILURE.search(notice.text[:1000]))


def _about(address: str, notice: Notice) -> Bounce | None:
    """What the text says about one address, from where it is named on."""
    text = notice.text
    at = text.lower().find(address) if address else -1
    paragraph = text[at + len(address) :] if address and at >= 0 else text
    said = _reply(paragraph)
    status = _telling(_status(said), _status(text))
    kind = whose_fault(said, status, paragraph) or whose_fault(text, status, text)
    if kind is None and not (address or any(_MESSAGE_ID.search(lines) for lines in notice.returned)):
        return None
    words = " ".join(said.split())[:300]
    return Bounce(kind or Kind.LATER, address or None, status, is_final=not _is_warning(notice), said=words)


def _is_warning(notice: Notice) -> bool:
    subject = notice.headers.get("subject", "").lower()
    return "warning" in subject or "delayed" in subject or "do not need to resend" in notice.text.lower()


def _failed_addresses(notice: Notice, raw: bytes) -> list[str]:
    named = notice.headers.get("x-failed-recipients", "")[:4000].replace(",", " ").split()
    found = [_address(each) for each in named] or [_address(each) for each in _by_flufl(raw)]
    return [each for each in dict.fromkeys(found) if each][:20]


def _by_flufl(raw: bytes) -> list[str]:
    """flufl.bounce knows many old formats. Only its addresses are taken: what it calls permanent is often not."""
    try:
        for_now, for_good = all_failures(message_from_bytes(_beginning(raw)))
    except Exception:  # its readers trip over broken letters
        return []
    return [each.decode("ascii", "replace") for each in sorted(for_good) or sorted(for_now)]


def _beginning(raw: bytes) -> bytes:
    """Its readers go through the lines some twenty times, so they get few."""
    return b"\n".join(raw[:_FLUFL_BYTES].splitlines()[:_FLUFL_LINES])


_FLUFL_BYTES, _FLUFL_LINES = 64 * 1024, 600
logging.getLogger("flufl.bounce").disabled = True  # it logs a traceback whenever a format is not the one it expected

# --- addresses and tokens -----------------------------------------------------------------------------------------

_ADDRESS = re.compile(r"[^\s<>()\[\];:,\"]{1,64}@[^\s<>()\[\];:,\"@]{1,190}")


def _address(text: str) -> str | None:
    """The first address in a field such as `rfc822;Anna@firma.se`, in small letters."""
    found = _ADDRESS.search(text[:1000])
    return found[0].strip("'.").lower() if found else None


def _address_in_our_letter(notice: Notice) -> str | None:
    for lines in notice.returned:
        if found := re.search(r"^to: ([^\n]{1,500})", lines, re.IGNORECASE | re.MULTILINE):
            return _address(parseaddr(found[1])[1])
    return None


_CAME_TO = ("to", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "apparently-to", "x-rcpt-to")
_VERP = re.compile(r"\+([0-9a-f]{32})@", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"<([0-9a-f]{32})@", re.IGNORECASE)


def _token(notice: Notice, raw: bytes) -> tuple[str | None, bool]:
    """The token of our letter, and whether it stood in the address that this one came to."""
    came_to = "\n".join(notice.headers.get(name, "") for name in _CAME_TO)
    if found := _VERP.search(came_to):
        return found[1].lower(), True
    answered = "\n".join(notice.headers.get(name, "") for name in ("in-reply-to", "references", "original-message-id"))
    for pattern in (_VERP, _MESSAGE_ID):
        for words in (*notice.returned, answered, notice.text, raw[:LARGEST].decode("latin-1")):
            if pattern is _MESSAGE_ID:
                words = words.replace(notice.headers.get("message-id", "<>"), "")
            if found := pattern.search(words):
                return found[1].lower(), False
    return None, False
