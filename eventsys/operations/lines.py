"""The page about how the system runs: a line a part, with its state in a word and what to do when it is bad."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from urllib.parse import urlsplit

from eventsys.clock import local
from eventsys.companies.models import ImportState
from eventsys.config import settings
from eventsys.health import newest_version
from eventsys.i18n import clock, moment, number, short_day, url
from eventsys.mail.delivery.run import relay_name
from eventsys.mail.models import WAITING, MailingState, State
from eventsys.operations.models import Kind
from eventsys.operations.sight import Sight
from eventsys.operations.troubles import Found, megabytes, troubles_in
from eventsys.operations.words import TROUBLES

BACKUP_IS_OLD = timedelta(days=8)
_PORTS = {"redis": 6379, "rediss": 6379, "amqp": 5672, "amqps": 5671}


@dataclass(frozen=True)
class Line:
    """One part of the system. `tone` and `word` are its state; `advice` says what to do, when there is something."""

    label: str
    tone: str
    word: str
    text: str
    advice: str = ""
    url: str = ""
    link: str = ""


def lines_of(sight: Sight) -> list[Line]:
    """Every line of the page, in the order it shows them."""
    found = {one.kind: one for one in troubles_in(sight)}
    return [make(sight, found) for make in _LINES]


def _line(
    label: str, found: Found | None, sight: Sight, good: tuple[str, str], bad: str, url: str = "", link: str = ""
) -> Line:
    """`good` is the word and the text when all is well, `bad` the word for a trouble that lasts."""
    if found is None:
        return Line(label, "good", *good, url=url, link=link)
    lasts = found.lasts(sight.at)
    advice = TROUBLES[found.kind].advice if lasts else ""
    return Line(label, "bad" if lasts else "warn", bad if lasts else "Dröjer", found.detail, advice, url, link)


Troubles = dict[Kind, Found]


def _clock(sight: Sight, found: Troubles) -> Line:
    text = f"Såg senast efter vad som ska göras kl. {local(sight.ticked_at):%H.%M.%S}." if sight.ticked_at else ""
    return _line("Klockan", found.get(Kind.CLOCK), sight, ("Går", text), "Står still")


def _workers(sight: Sight, found: Troubles) -> Line:
    text = f"{number(sight.workers)} hördes av under de senaste två minuterna."
    return _line("Arbetare", found.get(Kind.WORKERS), sight, ("Igång", text), "Ingen")


def _broker(_sight: Sight, _found: Troubles) -> Line:
    where = settings().broker_url
    if not where:
        return Line("Jobbkön", "good", "I samma process", "Webben, arbetarna och klockan är en process.")
    if _answers(where):
        return Line("Jobbkön", "good", "Svarar", f"{urlsplit(where).scheme} på {urlsplit(where).hostname}.")
    return Line(
        "Jobbkön",
        "bad",
        "Svarar inte",
        f"{urlsplit(where).scheme} på {urlsplit(where).hostname} går inte att nå.",
        "Sidorna fungerar och inget går förlorat, men brev och inläsningar väntar. "
        "Be den som sköter servern starta kön.",
    )


def _answers(where: str) -> bool:
    address = urlsplit(where)
    try:
        socket.create_connection((address.hostname or "", address.port or _PORTS[address.scheme]), timeout=2).close()
    except OSError:
        return False
    return True


def _letters(sight: Sight, found: Troubles) -> Line:
    to, waiting = url("desk.show_letters"), sum(sight.letters[state] for state in WAITING)
    text = f"{number(sight.letters[State.ACCEPTED])} skickade, {number(waiting)} väntar."
    if unknown := sight.letters[State.UNKNOWN]:
        text += f" {number(unknown)} är {'okänt' if unknown == 1 else 'okända'}."
    since = min((due.since for due in sight.due.values()), default=None)
    text += f" Äldst på tur sedan {moment(since)}." if since else ""
    if waiting and Kind.RELAY in found:
        return Line("Brev", "warn", "Väntar", f"{text} De går när brevservern tar emot dem.", "", to, "Brev")
    return _line("Brev", found.get(Kind.LETTERS), sight, ("Går", text), "Blir liggande", to, "Brev")


def _relay(sight: Sight, found: Troubles) -> Line:
    text = f"{relay_name()}. {number(sight.relay.sent_today)} brev i dag."
    return _line(
        "Brevserver", found.get(Kind.RELAY), sight, ("Tar emot", text), "Stoppad", url("desk.show_letters"), "Brev"
    )


def _mailings(sight: Sight, found: Troubles) -> Line:
    on_their_way = [course.name for course in sight.courses if course.state is MailingState.SENDING]
    paused = sight.mailings[MailingState.PAUSED]
    text = f"På väg: {', '.join(on_their_way)}." if on_their_way else "Inget utskick är på väg."
    text += f" {number(paused)} {'pausat' if paused == 1 else 'pausade'}." if paused else ""
    to = url("newsletters_staff.show_year")
    return _line("Utskick", found.get(Kind.MAILINGS), sight, ("I ordning", text), "Står still", to, "Nyhetsbrev")


def _imports(sight: Sight, found: Troubles) -> Line:
    words = {
        ImportState.WAITING: "väntar", ImportState.READING: "läses", ImportState.CONFIRMED: "väntar på att tas in",
        ImportState.APPLYING: "tas in",
    }  # fmt: skip
    under_way = [
        f"{number(sight.imports.by_state[state])} {word}"
        for state, word in words.items()
        if sight.imports.by_state[state]
    ]
    text = f"{', '.join(under_way)}." if under_way else "Ingen fil väntar."
    to = url("companies_staff.show_imports")
    return _line("Inläsningar", found.get(Kind.IMPORTS), sight, ("I ordning", text), "Blir liggande", to, "Inläsningar")


def _wishes(sight: Sight, found: Troubles) -> Line:
    to = url("privacy_staff.show_requests")
    if sight.wishes.overdue and Kind.ERASING not in found:
        told = f"{number(sight.wishes.overdue)} begäran har inte besvarats i tid."
        if sight.wishes.overdue > 1:
            told = f"{number(sight.wishes.overdue)} begäranden har inte besvarats i tid."
        return Line("Personuppgifter", "bad", "För sent", told, "Svara så snart det går.", to, "Personuppgifter")
    erasing = sight.wishes.erasing
    text = f"{number(erasing)} radering{'ar' if erasing > 1 else ''} pågår." if erasing else "Ingen radering väntar."
    return _line(
        "Personuppgifter", found.get(Kind.ERASING), sight, ("I ordning", text), "Blir liggande", to, "Personuppgifter"
    )


def _retention(sight: Sight, found: Troubles) -> Line:
    last = sight.retention.last
    text = f"Gick senast {moment(last.begun_at)}." if last else "Har inte gått än. Den börjar kl. 02.00 varje natt."
    to = url("retention.show_rules")
    return _line("Gallring", found.get(Kind.RETENTION), sight, ("I ordning", text), "Blir liggande", to, "Gallring")


def _backup(sight: Sight, _found: Troubles) -> Line:
    taken_at = sight.backed_up_at
    if taken_at is None:
        told = "Ingen har tagits med eventsys backup. Kopior som tas på annat sätt syns inte här."
        return Line("Säkerhetskopia", "neutral", "Ingen uppgift", told)
    text = f"Togs senast {moment(taken_at)}."
    if sight.at - taken_at < BACKUP_IS_OLD:
        return Line("Säkerhetskopia", "good", "Finns", text)
    return Line("Säkerhetskopia", "warn", "Gammal", text, "Be den som sköter servern ta en ny: eventsys backup.")


def _database(sight: Sight, _found: Troubles) -> Line:
    kind = "SQLite" if settings().sqlalchemy_url.startswith("sqlite") else "PostgreSQL"
    text = f"{kind}, {megabytes(sight.database_bytes)}, version {sight.database_version}."
    if sight.database_version == newest_version():
        return Line("Databas", "good", "Svarar", text)
    told = f"{text} Programmet väntar sig version {newest_version()}."
    return Line("Databas", "bad", "Fel version", told, "Be den som sköter servern köra eventsys db upgrade.")


def _disk(sight: Sight, found: Troubles) -> Line:
    disk = sight.disk
    if disk is None:
        return Line("Disk", "neutral", "Okänt", "Datamappen finns inte på den här maskinen.")
    text = f"{megabytes(disk.free)} ledigt av {megabytes(disk.total)} där datamappen ligger."
    return _line("Disk", found.get(Kind.DISK), sight, ("Plats finns", text), "Nästan full")


def _program(sight: Sight, _found: Troubles) -> Line:
    when = f"Sidan visar läget {short_day(sight.at)} kl. {clock(sight.at)}."
    return Line("Program", "good", f"Version {version('eventsys')}", when)


_LINES: tuple[Callable[[Sight, Troubles], Line], ...] = (
    _clock, _workers, _broker, _letters, _relay, _mailings, _imports, _wishes, _retention, _backup, _database, _disk,
    _program,
)  # fmt: skip
