"""The page of choices: which letters, and what we call the reader."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from eventsys import audit
from eventsys.database import db
from eventsys.events.queries import in_order, series_of_letters
from eventsys.i18n import ENGLISH, language
from eventsys.newsletters.lists import COMPANIES, FORETAGSAMT, list_names, series_list
from eventsys.newsletters.subscriptions.consents import Origin, begin, end
from eventsys.newsletters.subscriptions.models import Reader, Way
from eventsys.newsletters.subscriptions.queries import lists_of, locked_reader
from eventsys.newsletters.subscriptions.words import consent_version


@dataclass(frozen=True)
class Offer:
    """A letter to choose, in the page's language."""

    key: str
    name: str
    text: str


def offers(also: Collection[str] = ()) -> list[Offer]:
    """The letters that can be chosen now, Företagsamt first; `also` are kept on offer though their series is over."""
    about = _("Nyheter för företagare, fyra gånger om året.")
    found = [Offer(FORETAGSAMT, "Företagsamt", about)]
    for series in in_order(series_of_letters()):
        in_english = language() == ENGLISH
        name = (series.name_en if in_english else "") or series.name
        summary = (series.summary_en if in_english else "") or series.summary
        found.append(Offer(series_list(series.id), _("Inbjudningar till %(series)s", series=name), summary))
    known = {one.key for one in found}
    names = list_names([key for key in also if key not in known])
    return found + [Offer(key, name, "") for key, name in names.items()]


def names_by_key(keys: Collection[str]) -> dict[str, str]:
    """What lists are called in the page's language, in the order given; those that are gone are missing."""
    known = {one.key: one.name for one in offers(keys)}
    known[COMPANIES] = _("Brev till alla företag")
    return {key: known[key] for key in keys if key in known}


def names_of(keys: Collection[str]) -> list[str]:
    """The names alone."""
    return list(names_by_key(keys).values())


def choose(
    reader_id: int, wanted: Collection[str], offered: Collection[str], name: str, organisation: str, at: datetime
) -> Reader:
    """Of the letters offered the reader has those wanted, and no other. Raises NotFound. Flushes, does not commit."""
    reader = locked_reader(reader_id)
    reader.name, reader.organisation = name, organisation
    on_the_page = Origin(Way.PAGE, text_version=consent_version())
    begun = [key for key in offered if key in wanted and begin(reader, key, on_the_page, at)]
    has = set(lists_of(reader))
    ended = [key for key in offered if key in has and key not in wanted and end(reader, key, Way.PAGE, at)]
    if begun or ended:
        audit.record("reader.chose", f"reader:{reader.id}", begun=len(begun), ended=len(ended))
    db.session.flush()
    return reader
