"""Letters that come back, written for these tests in the forms that mail servers use."""

from __future__ import annotations

TOKEN = "0123456789abcdef0123456789abcdef"
OURS = (
    f"Return-Path: <bounce+{TOKEN}@boras.example>\nFrom: Borås <naringsliv@boras.example>\n"
    f"To: Anna <anna@firma.example>\nSubject: Nyhetsbrev om spam och karantän\nMessage-ID: <{TOKEN}@boras.example>\n"
    "\nDin e-postbrevlåda är full? user unknown, mailbox full, blocked, spam.\n"
)


def report(
    status: str = "5.1.1",
    diagnostic: str = "smtp; 550 5.1.1 <anna@firma.example>: User unknown",
    *,
    action: str = "failed",
    text: str = "Your letter could not be delivered to one or more recipients.",
    to: str = f"bounce+{TOKEN}@boras.example",
    recipient: str = "anna@firma.example",
    ours: str = OURS,
    further: str = "",
) -> bytes:
    """A report as RFC 3464 describes it, with our letter given back."""
    fields = {"Final-Recipient": f"rfc822; {recipient}", "Action": action, "Status": status}
    if diagnostic:
        fields["Diagnostic-Code"] = diagnostic
    lines = "\n".join(f"{name}: {value}" for name, value in fields.items() if value) + f"\n{further}"
    return f"""Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.relay.example>
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="A.1/mx.relay.example"

--A.1/mx.relay.example
Content-Type: text/plain; charset=utf-8

{text}

--A.1/mx.relay.example
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.relay.example
Arrival-Date: Mon, 23 Nov 2026 09:00:00 +0100

{lines}
--A.1/mx.relay.example
Content-Type: message/rfc822

{ours}
--A.1/mx.relay.example--
""".encode()


def notice(
    text: str, *, sender: str = "MAILER-DAEMON@mx.example", subject: str = "failure notice", further: str = ""
) -> bytes:
    """A letter in words only, our letter below."""
    return (
        f"Return-Path: <>\nFrom: {sender}\nTo: bounce@boras.example\nSubject: {subject}\n{further}\n{text}\n\n"
        f"--- Below this line is a copy of the message.\n\n{OURS}"
    ).encode()


QMAIL = notice(
    "Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message to the "
    "following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n"
    "<anna@firma.example>:\n192.0.2.7 does not like recipient.\nRemote host said: 550 no mailbox by that name\n"
    "Giving up on 192.0.2.7."
)
EXIM = notice(
    "This message was created automatically by mail delivery software.\n\nA message that you sent could not be "
    "delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n"
    "  anna@firma.example\n    host mx.firma.example [192.0.2.9]\n    SMTP error from remote mail server after RCPT "
    "TO:<anna@firma.example>:\n    550 No such person at this address",
    subject="Mail delivery failed: returning message to sender",
    further="X-Failed-Recipients: anna@firma.example\nAuto-Submitted: auto-replied\n",
)
EXIM_FULL = EXIM.replace(b"550 No such person at this address", b"552 Mailbox quota exceeded")
EXIM_SENDER = EXIM.replace(b"after RCPT", b"after MAIL").replace(
    b"550 No such person", b"553 this domain does not exist"
)
EXIM_WARNING = notice(
    "This message was created automatically by mail delivery software.\n\nA message that you sent has not yet been "
    "delivered to one or more of its\nrecipients after more than 24 hours on the queue.\n\n  anna@firma.example\n"
    "    host mx.firma.example [192.0.2.9]: 450 4.1.1 user unknown, try again later",
    subject="Warning: message 1abc delayed 24 hours",
    further="X-Failed-Recipients: anna@firma.example\n",
)
EXCHANGE = report(
    "5.1.10",
    "smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient anna@firma.example not found by SMTP address lookup",
    text="Delivery has failed to these recipients:\n\nanna@firma.example\nThe address you sent your message to "
    "wasn't found at the destination domain. It might be misspelled or it might not exist.",
)
BROKEN_BOUNDARY = report().replace(b"\n--A.1/mx.relay.example", b"\n--Z")
COMPLAINT = f"""From: <feedback@postjanst.example>
To: bounce@boras.example
Subject: FW: Nyhetsbrev
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="f"

--f
Content-Type: text/plain

This is an email abuse report for an email message received from IP 192.0.2.1.

--f
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: SomeGenerator/1.0
Version: 1
Original-Rcpt-To: <anna@firma.example>

--f
Content-Type: message/rfc822

{OURS}
--f--
""".encode()
VACATION = (
    f"Return-Path: <>\nFrom: Anna <anna@firma.example>\nTo: bounce+{TOKEN}@boras.example\n"
    "Subject: Autosvar: Nyhetsbrev\nAuto-Submitted: auto-replied\nPrecedence: bulk\n\n"
    "Hej! Jag har slutat. Adressen finns inte längre, user unknown. Skriv till info@firma.example.\n"
).encode()
QUESTION = (
    "From: Anna <anna@firma.example>\nTo: bounce@boras.example\nSubject: Re: Nyhetsbrev\n\n"
    "Hej, min kollega säger att adressen kim@firma.example does not exist. Kan ni ändra?\n"
).encode()
RECEIPT = COMPLAINT.replace(b"feedback-report", b"disposition-notification")
