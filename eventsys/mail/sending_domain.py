"""What DNS says about a domain that letters are sent from: who may send, how letters are signed, where answers go.

Gmail, Yahoo and Microsoft refuse newsletters from a domain without SPF (RFC 7208), DKIM (6376) and DMARC (7489) that
fit together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum

import dns.exception
import dns.rdatatype
import dns.resolver
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.TXT import TXT


class Verdict(IntEnum):
    """How a part stands; the worst decides."""

    GOOD = 0
    MAY_BE_BETTER = 1
    MISSING = 2


@dataclass(frozen=True)
class Finding:
    """One part: SPF, DKIM, DMARC, MX; what was found, what it means, and the record to add when one is wanted."""

    part: str
    verdict: Verdict
    words: str
    record: str = ""


class DnsTrouble(Exception):
    """DNS did not answer, which says nothing about the domain."""


LookUp = Callable[[str, str], list[str]]
"""(name, "TXT" or "MX") -> the records as text; [] when there are none. Raises DnsTrouble."""


def look_up_with(resolver: dns.resolver.Resolver) -> LookUp:
    """Look up with a resolver of dnspython."""

    def look_up(name: str, kind: str) -> list[str]:
        try:
            answer = resolver.resolve(name, kind, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except dns.exception.DNSException as error:
            raise DnsTrouble(f"DNS does not answer about {name} ({type(error).__name__}). Try again.") from error
        return [_as_text(record) for record in answer]

    return look_up


def _as_text(record: object) -> str:
    if isinstance(record, TXT):
        return b"".join(record.strings).decode("utf-8", "replace")
    if isinstance(record, MX):
        return f"{record.preference} {record.exchange.to_text()}"
    return str(record)


# --- the parts ----------------------------------------------------------------------------------------------------


def findings(look_up: LookUp, domain: str, selector: str, bounce_domain: str, public_key: str = "") -> list[Finding]:
    """All parts of one domain. `bounce_domain` is that of the envelope sender, `public_key` our own (p= of its record).

    Raises DnsTrouble.
    """
    spf, dkim = _spf(look_up, bounce_domain), _dkim(look_up, domain, selector, public_key)
    aligned = _belongs(bounce_domain, domain)
    return [spf, dkim, _dmarc(look_up, domain, aligned), *_mx(look_up, domain, bounce_domain)]


def _belongs(one: str, other: str) -> bool:
    """Whether two domains align in DMARC's relaxed sense, as far as names tell without the list of public suffixes."""
    return one == other or one.endswith("." + other) or other.endswith("." + one)


def _spf(look_up: LookUp, domain: str) -> Finding:
    """SPF is asked about the domain of the envelope sender."""
    records = [each for each in look_up(domain, "TXT") if re.match(r"v=spf1( |$)", each, re.IGNORECASE)]
    if not records:
        return Finding(
            "SPF", Verdict.MISSING,
            f"{domain} does not say who may send for it. Put the host of your mail relay into the record.",
            f'{domain}. TXT "v=spf1 mx include:YOUR-RELAY ~all"',
        )  # fmt: skip
    if len(records) > 1:
        return Finding(
            "SPF", Verdict.MISSING, f"{domain} has {len(records)} SPF records. Only one may be there: merge them."
        )
    return _judged_spf(domain, records[0], look_up)


def _judged_spf(domain: str, record: str, look_up: LookUp) -> Finding:
    words = record.lower().split()
    if any(word in ("+all", "all") for word in words):
        return Finding("SPF", Verdict.MISSING, f"{domain} lets everybody send ({record}). End it with ~all or -all.")
    lookups = _lookups(look_up, record, set())
    if lookups > MOST_LOOKUPS:
        return Finding(
            "SPF", Verdict.MISSING,
            f"The record of {domain} needs {lookups} look-ups; after {MOST_LOOKUPS} servers give up. Take some out.",
        )  # fmt: skip
    ends = any(word.endswith("all") or word.startswith("redirect=") for word in words)
    if not ends:
        return Finding("SPF", Verdict.MAY_BE_BETTER, f"The record does not end ({record}). Add ~all or -all.")
    return Finding("SPF", Verdict.GOOD, f"{record} Check that your mail relay stands in it.")


MOST_LOOKUPS = 10  # RFC 7208, section 4.6.4


def _lookups(look_up: LookUp, record: str, seen: set[str]) -> int:
    """How many look-ups a record costs whoever checks it, those of included records too."""
    total = 0
    for word in record.lower().split()[1:]:
        name, _, value = word.lstrip("+-~?").partition("=" if "redirect=" in word else ":")
        name = name.partition("/")[0]
        total += name in ("include", "a", "mx", "ptr", "exists", "redirect")
        if name in ("include", "redirect") and value and "%" not in value and value not in seen and len(seen) < 20:
            seen.add(value)
            further = [each for each in look_up(value, "TXT") if each.lower().startswith("v=spf1")]
            total += _lookups(look_up, further[0], seen) if further else 0
    return total


def _dkim(look_up: LookUp, domain: str, selector: str, public_key: str) -> Finding:
    if not selector:
        return Finding(
            "DKIM", Verdict.MAY_BE_BETTER,
            "Not looked up: who signs your letters has told you a selector. Run again with --selector NAME.",
        )  # fmt: skip
    name = f"{selector}._domainkey.{domain}"
    records = look_up(name, "TXT")
    wanted = f'{name}. TXT "v=DKIM1; k=rsa; p={public_key or "PUBLIC-KEY-OF-WHO-SIGNS"}"'
    if not records:
        return Finding("DKIM", Verdict.MISSING, f"There is no key at {name}, so no signature holds.", wanted)
    tags = _tags(records[0])
    key = re.sub(r"\s", "", tags.get("p", ""))
    if not key:
        return Finding(
            "DKIM", Verdict.MISSING, f"The key at {name} is empty, which means that it was withdrawn.", wanted
        )
    if public_key and tags.get("k", "rsa") == "rsa" and key != public_key:
        return Finding("DKIM", Verdict.MISSING, f"The key at {name} is not the one of EVENTSYS_DKIM_KEY_FILE.", wanted)
    if "y" in tags.get("t", "").split(":"):
        return Finding("DKIM", Verdict.MAY_BE_BETTER, f"The key at {name} says t=y: only a test. Take t=y out.")
    return Finding("DKIM", Verdict.GOOD, f"There is a key at {name}.")


def _dmarc(look_up: LookUp, domain: str, aligned: bool) -> Finding:
    name, record = _dmarc_record(look_up, domain)
    if not record:
        return Finding(
            "DMARC", Verdict.MISSING, f"{domain} does not say what to do with letters that others forge in its name.",
            f'_dmarc.{domain}. TXT "v=DMARC1; p=none; rua=mailto:dmarc@{domain}"',
        )  # fmt: skip
    tags = _tags(record)
    policy = tags.get("p", "").lower()
    if policy not in ("none", "quarantine", "reject"):
        return Finding("DMARC", Verdict.MISSING, f"The record at {name} has no p= of none, quarantine or reject.")
    if not aligned or tags.get("aspf", "r").lower() == "s":
        # SPF cannot vouch for the From then; that is no fault as long as DKIM does.
        return Finding(
            "DMARC", Verdict.GOOD if aligned else Verdict.MAY_BE_BETTER,
            f"p={policy}. Letters pass by their DKIM signature only"
            + (" (aspf=s)." if aligned else ": the bounce address has another domain than the sender."),
        )  # fmt: skip
    if policy == "none":
        return Finding(
            "DMARC", Verdict.MAY_BE_BETTER,
            "p=none: enough for Gmail and Yahoo, but forged letters get through. Go on to p=quarantine in time.",
        )  # fmt: skip
    return Finding("DMARC", Verdict.GOOD, f"p={policy}.")


def _dmarc_record(look_up: LookUp, domain: str) -> tuple[str, str]:
    """The record of the domain, or of the one above it (RFC 7489, section 6.6.3)."""
    names = [domain]
    if domain.count(".") > 1:
        names.append(".".join(domain.split(".")[-2:]))
    for each in names:
        name = f"_dmarc.{each}"
        found = [record for record in look_up(name, "TXT") if record.lower().replace(" ", "").startswith("v=dmarc1")]
        if len(found) == 1:
            return name, found[0]
    return f"_dmarc.{domain}", ""


def _mx(look_up: LookUp, domain: str, bounce_domain: str) -> Iterator[Finding]:
    for each in dict.fromkeys((domain, bounce_domain)):
        servers = [record.split()[-1].rstrip(".") for record in look_up(each, "MX")]
        if not any(servers):
            yield Finding(
                "MX", Verdict.MISSING, f"No server takes letters for {each}: answers and bounces are lost.",
                f"{each}. MX 10 YOUR-MAIL-SERVER.",
            )  # fmt: skip
        else:
            yield Finding("MX", Verdict.GOOD, f"{each}: {', '.join(sorted(servers))}")


def _tags(record: str) -> dict[str, str]:
    """`v=DKIM1; p=...` as a dictionary."""
    pairs = (part.partition("=") for part in record.split(";") if "=" in part)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}
