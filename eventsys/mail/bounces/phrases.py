"""Whose fault it was that a letter came back: from the server's own words, and from its enhanced status (RFC 3463).

The reasons are asked in the order of the table, so that an address is called wrong only when nothing speaks against it:
that would cost a good subscriber. Numbers alone do not do: servers say `5.1.1 mailbox full`. Nor do words alone:
filters say `user unknown` of people who refuse a letter. So a second witness is asked for, see `whose_fault`.

The phrases are the texts of RFC 3463 and 5321 and those that Postfix, Exim, sendmail, qmail, Exchange, Domino, Gmail,
Yahoo and Outlook.com answer with. In a phrase `(a|b)` is a choice, `..` stands for at most four words, `.` for the end,
and `<who>` for the words of WORDS.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What came into the mailbox for bounces."""

    ADDRESS_WRONG = "address_wrong"
    LATER = "later"
    REFUSED_US = "refused_us"
    COMPLAINT = "complaint"
    AUTO_REPLY = "auto_reply"
    NOT_A_BOUNCE = "not_a_bounce"


class Reason(NamedTuple):
    """Why letters come back, whose fault that is, and how servers say it."""

    kind: Kind
    why: str
    phrases: str


WORDS = {
    "<who>": "(user|username|recipient|recipients|mailbox|address|addresses|account|addressee|alias|person|rcpt|name)",
    "<box>": "(mailbox|inbox|mail box|maildrop|mailfolder|account|storage|disk|file system|mail)",
    "<no such>": "(unknown|invalid|no such|bad|wrong|illegal|nonexistent|non-existent|undefined|no)",
    "<found>": "(exist|found|find|known|recognized|recognised|valid|listed|here|present|registered|local|unique)",
    "<asleep>": "(disabled|suspended|inactive|inactivated|deactivated|locked|expired|frozen|on hold)",
    "<sender>": "(sender|senders|originator|return|mail from|from|envelope from)",
    "<us>": "(client|your|source|sending|originating|remote)",
    "<refused>": "(rejected|reject|refuses|refused|blocked|denied|filtered)",
}
NOBODY = "nobody has this address"
SAYS_SO = "the domain takes no letters, or its directory does not know the name"

REASONS = (
    Reason(Kind.REFUSED_US, "our letter is too large", """
        (message|mail|letter|email|e-mail) .. too (big|large|long)
        (message|mail) size
        size exceeds .. (fixed|maximum)
        """),
    Reason(Kind.LATER, "the mailbox is full", """
        <box> .. (full|overfull)
        quota
        (size|storage|space|mailbox|disk) .. (exceeded|exceeds|limit)
        (exceeded|exceeds|over|reached) .. (storage|mailbox|disk|inbox)
        (insufficient|not enough|no|out of) .. (storage|space)
        too (much|many) (mail|messages|data) (in|on)
        """),
    Reason(Kind.LATER, "their machine has trouble", """
        (could not|cannot|unable to|failed to) (create|open|lock|write|append|chdir|rename)
        command (died|failed|timed out|output)
        (mailer|system|configuration|i/o|config|internal|internal server) error
        misconfigured
        mail loop
        loops back
        too many (hops|received)
        """),
    Reason(Kind.LATER, "we came too early or were too many at once", """
        (greylisted|greylisting|greylist|graylisted|graylisting|grey-listed)
        not found try again
        malformed or unexpected name server reply
        too (many|frequent|fast) .. (connections|messages|mails|sessions|recipients|sent|requests)
        rate (limit|limited|limits|that|exceeded|exceeds)
        (receiving|sending|sent|received) .. (rate|too many|too quickly|too fast)
        (throttled|throttling|ratelimited|rate-limited|speeding)
        """),
    Reason(Kind.REFUSED_US, "spam, a blocklist or our reputation", """
        (spam|spammer|junk|unsolicited|spamming|phishing|suspicious|anti-spam|antispam)
        bulk (mail|email|e-mail)
        (blocked|blacklist|blacklisted|blocklist|blocklisted|black list|block list|denylist|banned|dnsbl|rbl|rbls)
        (reputation|abuse|abusive|whitelist|whitelisted)
        (is|are|currently|been|now|address) listed (in|on|at|by|with)
        """),
    Reason(Kind.REFUSED_US, "we did not prove who we are", """
        (spf|dkim|dmarc|domainkeys|sender id|sender policy framework)
        (authenticate|authenticated|unauthenticated|authentication|authorized|authorised|unauthorized|authorization)
        (reverse|rdns|ptr|fcrdns|helo|ehlo|starttls|tls|encryption|encrypted)
        cannot find your (hostname|host name|reverse)
        <us> .. (host|hostname|ip|server|mta) .. (rejected|denied|refused|name|ptr)
        <sender> (address|domain|verify|verification|header|path|host)
        (sender|senders) .. (rejected|denied|refused|not allowed|invalid|not valid|unknown|not found|does not exist)
        (sender|domain of sender) .. (resolve|exist|null mx)
        """),
    Reason(Kind.REFUSED_US, "a rule of theirs", """
        (policy|policies|prohibited|prohibition|restricted|moderated)
        (not permitted|no permission|have permission|not allowed)
        (relay|relaying|relayed|rcpthosts)
        (only|just) (accepts|accepting|accept|allows|receives|receive)
        (not|never) (accept|accepting|accepts) .. (from|sent)
        (user|recipient|addressee|owner) <refused> .. (message|mail|letter|delivery|you|your)
        (virus|malware|infected|attachment|attachments|security|firewall)
        (message|mail|content|letter|email|e-mail|data) .. (filtered|filter|blocked|denied|prohibited|contains)
        (message|mail|content) (rejected|refused|is rejected|was rejected|has been rejected)
        """),
    Reason(Kind.REFUSED_US, "our letter is malformed", """
        (content|header|line|body) .. (too big|too large|too long|larger than)
        (rfc|malformed header|bare lf|8bit|8-bit|non-ascii|syntax error|mime|conversion)
        (missing|invalid|duplicate|no|multiple) .. (header|headers|from:|content)
        """),
    Reason(Kind.LATER, "the account sleeps or is closed for now", """
        <who> .. <asleep>
        (customer|inbox) .. <asleep>
        <asleep> (user|account|mailbox|recipient|for)
        (user|account|mailbox) .. not active
        """),
    Reason(Kind.ADDRESS_WRONG, "no server takes letters for this domain", """
        (host|domain|hostname|domain name|node) .. (unknown|not found|not exist|not be found|not known|invalid)
        (unknown|no such|invalid|bad|nonexistent|non-existent|unrouteable|unroutable) .. (host|domain|hostname)
        (unrouteable|unroutable) (address|mail domain)
        no (mx|mail host|mail hosts|mail exchanger|mail exchangers|mail server|mx or a|a) .. (found|for|record|records)
        domain is not reachable
        nxdomain
        (cannot|could not|unable to) (find|resolve|locate) .. (host|domain|mx|mail exchanger|hostname|name)
        """),
    Reason(Kind.ADDRESS_WRONG, SAYS_SO, """
        (null mx|nullmx|mail receiving disabled)
        (host|domain|system) .. not (accept|accepting|accepts) (mail|email|e-mail|any mail|network messages)
        not (listed|found) in .. (directory|address book|ldap)
        recipient name is not recognized
        550 .. requested action not taken mailbox unavailable
        recipient address rejected access denied
        does not have .. account
        no valid recipients for
        """),
    Reason(Kind.LATER, "nobody answered in time, or not now", """
        (timed out|timeout|time out|time-out|retry time|retry timeout|expired|too long|queue|undelivered for)
        connection .. (refused|reset|lost|dropped|failed|closed|timed)
        (could not|cannot|unable to|failed to) .. (connect|establish|contact|reach|communicate)
        (unreachable|not responding|no route|no answer|network error)
        (try again|try later|retry|temporarily|temporary|transient|deferred|delayed|busy|unverified)
        """),
    Reason(Kind.ADDRESS_WRONG, NOBODY, """
        <no such> .. <who>
        unknown .. local-part
        <who> .. (unknown|invalid|nonexistent|non-existent|incorrect|undeliverable|notfound)
        <who> .. not .. <found>
        (entry|one|nobody) .. not .. <found>
        <who> .. (no longer|has moved|has left|does not have)
        <who> .. has been (replaced|deleted|removed|closed)
        (he|she|who) .. (no longer|has moved|has left)
        not (a|an|our|found|known|valid|listed) .. <who>
        not (a|an|our|found|known|valid|listed) .. (customer|directory|address book)
        (no longer|not) (exist|exists|valid|in use|on this server|on our server|employed)
        no longer (accepts|accepting|works|here)
        (no one|nobody) .. (here|name|address|exists|found)
        (mailbox|mail box) (unavailable|not available)
        recipient address rejected (user|undeliverable)
        address rejected .
        (userunknown|badrcptto|badrecipientto|recipnotfound|user_unknown)
        """),
)  # fmt: skip


# --- reading the words --------------------------------------------------------------------------------------------

_CONTRACTIONS: Mapping[str, str] = {
    "can't": "cannot", "can not": "cannot", "couldn't": "could not", "isn't": "is not", "wasn't": "was not",
    "doesn't": "does not", "don't": "do not", "won't": "will not", "didn't": "did not",
}  # fmt: skip
_NAMES = re.compile(
    r"https?://\S+|<?[\w.+=/-]{1,80}@[\w.-]{1,80}>?|\b(?:[\w-]{1,60}\.){1,8}[a-z]{2,20}\b|\[[\da-f.:]{3,45}\]"
)
_BETWEEN_WORDS = re.compile(r"(?:[^\w'/:-]|:(?!\w)|--+)+")


def plain(said: str) -> str:
    """The words in small letters on one line, without addresses, hosts and links, whose names must not be read."""
    words = _BETWEEN_WORDS.sub(" ", _NAMES.sub(" ", said[:4000].lower().replace("’", "'")))
    for short, long in _CONTRACTIONS.items():
        words = words.replace(short, long)
    return f" {words.strip()} . "


def _pattern(phrase: str) -> str:
    for word, choice in WORDS.items():
        phrase = phrase.replace(word, choice)
    written = " (?:[^ ]+ ){0,4}?".join(_CHOICES.sub("", re.escape(part)) for part in phrase.split(" .. "))
    return f" {written}(?= )"


_CHOICES = re.compile(r"\\(?=[ (|)])")  # what re.escape puts before our own marks


def _compiled(reason: Reason) -> re.Pattern[str]:
    return re.compile("|".join(_pattern(phrase.strip()) for phrase in reason.phrases.strip().splitlines()))


_TABLE = tuple((reason, _compiled(reason)) for reason in REASONS)


def reason_in(said: str) -> Reason | None:
    """The reason that a server's words give; None when they say nothing that we know."""
    words = plain(said)
    return next((reason for reason, pattern in _TABLE if pattern.search(words)), None)


# --- reading the number -------------------------------------------------------------------------------------------

# Subject and detail of RFC 3463 and its register. 1.6: the mailbox has moved and mail is no longer taken for it.
_ADDRESS_WRONG = {"1.1", "1.2", "1.3", "1.6", "1.10", "4.4"}
_OUR_LETTER = {"1.7", "1.8", "2.3", "3.4"}  # sender's address; too large


def by_status(status: str | None) -> Kind | None:
    """Whose fault, from an enhanced status as `5.1.1`; None when it tells nothing by itself, as `5.0.0`."""
    if status is None:
        return None
    digit, _, detail = status.partition(".")
    if digit == "4":
        return Kind.LATER
    if detail.startswith(("6.", "7.")) or detail in _OUR_LETTER:
        return Kind.REFUSED_US
    if detail in _ADDRESS_WRONG:
        return Kind.ADDRESS_WRONG
    return Kind.LATER if detail.startswith(("2.", "4.")) else None


# --- both together ------------------------------------------------------------------------------------------------

# Who else says that it is the address: the command it was the answer to, the program that puts letters into mailboxes,
# or the server that writes to us.
_WITNESS = re.compile(
    r"(?<!need )\bRCPT\b|does not like recipient|\bmail\.local:|\blmtp\b|"
    r"address (?:couldn.t be|wasn.t|was not|could not be|not) found",
    re.IGNORECASE,
)
_AT_MAIL = re.compile(r"(?:after|reply to|response to|>>>|following|command:) (?:the )?MAIL\b", re.IGNORECASE)
# RFC 3463: subject 1 is addressing. Numbers of three digits are Microsoft's own and hand on what another server said.
_IS_ABOUT_ADDRESS = re.compile(r"[45]\.1\.\d{1,2}")
_MICROSOFT_HAS_NO_SUCH_USER = "5.4.1"  # said by the directory of Exchange Online


# What PowerMTA, a mail server for many letters, writes into its reports.
_POWERMTA = {
    "bad-mailbox": Kind.ADDRESS_WRONG, "bad-domain": Kind.ADDRESS_WRONG, "quota-issues": Kind.LATER,
    "inactive-mailbox": Kind.LATER, "no-answer-from-host": Kind.LATER, "spam-related": Kind.REFUSED_US,
    "policy-related": Kind.REFUSED_US, "virus-related": Kind.REFUSED_US, "content-related": Kind.REFUSED_US,
    "relaying-issues": Kind.REFUSED_US,
}  # fmt: skip


def by_category(category: str) -> Kind | None:
    """Whose fault, from a report's X-PowerMTA-BounceCategory."""
    return _POWERMTA.get(category.strip().lower())


def whose_fault(said: str, status: str | None, around: str, reported: bool = False) -> Kind | None:
    """From a server's words, its number, and the text around them; None when they tell nothing.

    That nobody has an address needs a second witness: the number, the command that was answered, or a machine-readable
    report (`reported`) that gives no vaguer number; and the number must not speak of something else. Otherwise it
    counts as for now: three in a row stop the letters too.
    """
    reason, number = reason_in(said), by_status(status)
    if reason is None or reason.kind is not Kind.ADDRESS_WRONG:
        return reason.kind if reason else number
    if _AT_MAIL.search(around):
        return Kind.REFUSED_US  # it is our own address that they do not know
    about_address = number is Kind.ADDRESS_WRONG or bool(_IS_ABOUT_ADDRESS.fullmatch(status or ""))
    if about_address or status == _MICROSOFT_HAS_NO_SUCH_USER:
        return Kind.ADDRESS_WRONG
    if number is not None and not (reason.why is SAYS_SO and number is Kind.REFUSED_US):
        return number
    if reason.why is NOBODY and not (_WITNESS.search(around) or (reported and status is None)):
        return Kind.LATER
    return Kind.ADDRESS_WRONG
