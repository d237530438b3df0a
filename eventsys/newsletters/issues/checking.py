"""What is to be known before an issue is sent, in plain words: each check is good, worth a thought, or a stop.

A check is a function that is given the issue and answers with what it found. Other parts have theirs (recipients,
pace); the page puts them together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from email.utils import parseaddr
from enum import StrEnum

from eventsys.clock import local, now
from eventsys.config import settings
from eventsys.events.models import Event, EventState
from eventsys.i18n import number, short_day
from eventsys.newsletters.addresses import issue_url
from eventsys.newsletters.issues.articles import missing_in
from eventsys.newsletters.issues.links import addresses_in, trouble_with
from eventsys.newsletters.issues.models import Article, ArticleKind, ArticleState, Issue
from eventsys.newsletters.issues.proofs import standing_of
from eventsys.newsletters.issues.rendering import letter_of
from eventsys.newsletters.issues.showing import events_of
from eventsys.newsletters.issues.trying import with_examples

HEAVY, TOO_HEAVY = 90_000, 100_000
"""Bytes of HTML. Gmail shows the first 102 kB of a letter, and hides the rest and the link to leave."""


class Verdict(StrEnum):
    GOOD = "good"
    THINK = "think"
    STOP = "stop"


@dataclass(frozen=True)
class Check:
    """One finding in Swedish: `what` was looked at, `words` says how it is and what to do.

    `article_id` is the article that it is about, when it is about one.
    """

    verdict: Verdict
    what: str
    words: str
    article_id: int | None = None


CheckOf = Callable[[Issue], Iterable[Check]]


def checks_of(issue: Issue, functions: Iterable[CheckOf]) -> list[Check]:
    """All findings, in the order of the functions."""
    return [check for function in functions for check in function(issue)]


# --- words --------------------------------------------------------------------------------------------------------


def check_words(issue: Issue) -> Iterator[Check]:
    """Subject and preheader."""
    if not issue.subject:
        yield Check(Verdict.STOP, "Ämnesrad", "Numret har ingen ämnesrad. Skriv en under Innehåll.")
    elif len(issue.subject) > 90:
        yield Check(
            Verdict.THINK,
            "Ämnesrad",
            f"{len(issue.subject)} tecken. De flesta program visar 60, så börja med det viktiga.",
        )
    else:
        yield Check(Verdict.GOOD, "Ämnesrad", issue.subject)
    if not issue.preheader:
        words = "Texten som visas efter ämnesraden i inkorgen är tom. Skriv en mening som lockar till läsning."
        yield Check(Verdict.THINK, "Förhandstext", words)
    else:
        yield Check(Verdict.GOOD, "Förhandstext", issue.preheader)


def check_articles(issue: Issue) -> Iterator[Check]:
    """That there are some, that all are ready, and that nothing is missing in them."""
    if not issue.articles:
        yield Check(Verdict.STOP, "Artiklar", "Numret har inga artiklar. Lägg till minst en under Innehåll.")
        return
    unready = [one for one in issue.articles if one.state is not ArticleState.READY]
    for article in unready:
        yield Check(Verdict.STOP, "Artiklar", f"”{_named(article)}” är inte klar än.", article.id)
    if not unready:
        how_many = (
            "1 artikel, och den är klar."
            if len(issue.articles) == 1
            else f"{len(issue.articles)} artiklar, alla klara."
        )
        yield Check(Verdict.GOOD, "Artiklar", how_many)
    for article in issue.articles:
        for field, text in missing_in(article):
            if field != "alt":
                yield Check(Verdict.STOP, "Artiklar", f"”{_named(article)}”: {text}", article.id)


def check_pictures(issue: Issue) -> Iterator[Check]:
    """That each picture is described for those who do not see it."""
    shown = [one for one in issue.articles if one.picture_id is not None]
    lacking = [one for one in shown if not one.alt]
    for article in lacking:
        words = f"Bilden i ”{_named(article)}” saknar beskrivning. Skriv vad den visar."
        yield Check(Verdict.STOP, "Bilder", words, article.id)
    if shown and not lacking:
        yield Check(Verdict.GOOD, "Bilder", "Alla bilder är beskrivna för den som inte ser dem.")


def _named(article: Article) -> str:
    return article.heading or "Utan rubrik"


# --- links --------------------------------------------------------------------------------------------------------


def check_links(issue: Issue) -> Iterator[Check]:
    """That our own addresses lead somewhere. Other sites are not asked: only the form of their addresses is."""
    found, own = 0, issue_url(issue.year, issue.number)
    for article in issue.articles:
        for address in addresses_in(article):
            found += 1
            if address != own and (trouble := trouble_with(address)):
                yield Check(Verdict.STOP, "Länkar", f"{trouble} Den står i ”{_named(article)}”.", article.id)
    if found:
        how_many = "1 länk." if found == 1 else f"{number(found)} länkar."
        words = f"{how_many} Länkar till våra egna sidor är prövade. Pröva de andra i provbrevet."
        yield Check(Verdict.GOOD, "Länkar", words)


# --- what time does to it -----------------------------------------------------------------------------------------


def check_events(issue: Issue) -> Iterator[Check]:
    """Events that are cancelled, are not published, or are over when the letter comes."""
    events = events_of(issue.articles)
    about = [one for one in issue.articles if one.kind is ArticleKind.EVENT and one.event_id in events]
    troubled = [(one, trouble) for one in about if (trouble := _event_trouble(events[one.event_id or 0], issue))]
    for article, (verdict, words) in troubled:
        yield Check(verdict, "Evenemang", f"”{_named(article)}”: {words}", article.id)
    if about and not troubled:
        yield Check(Verdict.GOOD, "Evenemang", "Alla evenemang är publicerade och ligger efter utskicket.")


def _event_trouble(event: Event, issue: Issue) -> tuple[Verdict, str] | None:
    if event.state is EventState.CANCELLED:
        return Verdict.STOP, "evenemanget är inställt. Ta bort artikeln eller skriv om den."
    if event.state is EventState.DRAFT:
        return Verdict.STOP, "evenemanget är inte publicerat, så länken leder ingenstans."
    if local(event.starts_at).date() < _leaves_on(issue):
        return Verdict.THINK, f"evenemanget är {short_day(event.starts_at)}, före utskicket."
    return None


def check_procurements(issue: Issue) -> Iterator[Check]:
    """Procurements whose last day for tenders is over when the letter comes."""
    dated = [one for one in issue.articles if one.kind is ArticleKind.PROCUREMENT and one.last_day is not None]
    over = [one for one in dated if one.last_day is not None and one.last_day < _leaves_on(issue)]
    for article in over:
        words = (
            f"”{_named(article)}”: sista dag för anbud är {short_day(article.last_day or date.min)}, före utskicket."
        )
        yield Check(Verdict.STOP, "Upphandlingar", words, article.id)
    if dated and not over:
        yield Check(Verdict.GOOD, "Upphandlingar", "Alla går fortfarande att lämna anbud i när numret kommer.")


def _leaves_on(issue: Issue) -> date:
    today = local(now()).date()
    planned = local(issue.sends_at).date() if issue.sends_at else issue.send_on
    return max(planned, today) if planned else today


# --- the letter ---------------------------------------------------------------------------------------------------


def check_weight(issue: Issue) -> Iterator[Check]:
    """How much HTML the letter is, as a reader gets it."""
    if not issue.articles:
        return
    size = len(with_examples(letter_of(issue)).html.encode())
    shown = f"{size / 1000:.0f}".replace(".", ",")
    clip = "Gmail visar bara de första 102 kB och gömmer resten, med länken för att sluta få brevet."
    if size > TOO_HEAVY:
        yield Check(Verdict.STOP, "Storlek", f"{shown} kB. {clip} Korta texterna till högst 100 kB.")
    elif size > HEAVY:
        yield Check(Verdict.THINK, "Storlek", f"{shown} kB, nära gränsen. {clip}")
    else:
        yield Check(Verdict.GOOD, "Storlek", f"{shown} kB av 102 kB. Bilderna räknas inte.")


def check_approval(issue: Issue) -> Iterator[Check]:
    """That a colleague has approved, and that what was approved is still true."""
    standing = standing_of(issue)
    if standing.is_approved and standing.proof is not None:
        if letter_of(issue).sha256 == standing.proof.sha256:
            yield Check(Verdict.GOOD, "Godkännande", "En kollega har godkänt precis det brev som skickas.")
        else:
            words = "Brevet är godkänt, men något det hämtar har ändrats sedan dess, till exempel ett evenemangs tid. "
            yield Check(Verdict.THINK, "Godkännande", words + "Be om ett nytt godkännande om det nya ska med.")
    elif standing.waits:
        yield Check(Verdict.STOP, "Godkännande", "Numret väntar på godkännande. Ingen har svarat än.")
    elif standing.is_outdated:
        yield Check(Verdict.STOP, "Godkännande", "Numret har ändrats sedan du frågade. Be om ett nytt godkännande.")
    else:
        yield Check(Verdict.STOP, "Godkännande", "Ingen kollega har godkänt numret. Be om godkännande under Kontroll.")


def check_sender(_issue: Issue) -> Iterator[Check]:
    """Whom the letter comes from. What DNS says of the domain takes time to find out, so a command does that."""
    address = parseaddr(settings().mail_from)[1]
    domain = address.rpartition("@")[2]
    if "." not in domain:
        words = f"Brevet skulle komma från {address}, som ingen mottagare godtar. Be driften ställa in avsändaren."
        yield Check(Verdict.THINK, "Avsändare", words)
        return
    words = f"{address}. Driften ser med kommandot eventsys check mail {domain} om SPF, DKIM och DMARC stämmer."
    yield Check(Verdict.GOOD, "Avsändare", words)


CHECKS: tuple[CheckOf, ...] = (
    check_words,
    check_articles,
    check_pictures,
    check_links,
    check_events,
    check_procurements,
    check_weight,
    check_sender,
    check_approval,
)
