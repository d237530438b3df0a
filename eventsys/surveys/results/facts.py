"""What an event's own pages tell of surveys: its NKI and response rate, or those of the event before it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext as _

from eventsys.clock import now
from eventsys.events.facts import Fact, Pointer
from eventsys.events.models import Event
from eventsys.i18n import number, short_day, url
from eventsys.surveys.models import Survey, SurveyState
from eventsys.surveys.nki import half_up
from eventsys.surveys.results.hiding import rules_now
from eventsys.surveys.results.pooling import EventResult, event_results
from eventsys.surveys.results.publishing import is_shown_publicly


def survey_facts(event: Event) -> Sequence[Fact]:
    """Of an event that has a result its own; of one that is to come, that of the latest before it in the series."""
    rules = rules_now()
    own = event_results(rules, Event.id == event.id)
    if own:
        return _facts(own[0], "NKI")
    if event.ends_at <= now():
        return ()
    before = event_results(
        rules, Event.series_id == event.series_id, Event.starts_at < event.starts_at,
        Survey.state == SurveyState.CLOSED,
    )  # fmt: skip
    shown = [one for one in before if one.is_shown]
    return _facts(shown[-1], f"NKI förra gången, {short_day(shown[-1].event.starts_at)}") if shown else ()


def _facts(result: EventResult, label: str) -> list[Fact]:
    address = url_for("surveys_staff.show_results", event_id=result.event.id)
    answered = f"{number(result.answers)} av {number(result.invited)} svarade"
    rate = "–" if result.rate is None else f"{result.rate} %"
    if result.nki is None:
        return [Fact("Svarsfrekvens", rate, f"{answered}. NKI visas när enkäten har stängt.", address)]
    index = Fact(label, result.nki.shown, margin_words(result), address)
    return [index, Fact("Svarsfrekvens", rate, answered, address)]


def margin_words(result: EventResult) -> str:
    """`± 4,6, 18 av 30`: how certain it is, and of how many."""
    if result.nki is None or result.nki.is_hidden:
        return "för få svar för att visas"
    margin = "" if result.nki.margin is None else f"± {number(half_up(result.nki.margin * 10) / 10)}, "
    return f"{margin}{number(result.nki.n)} av {number(result.invited)}"


def survey_pointers(event: Event) -> Sequence[Pointer]:
    """The page of the results, when staff show it."""
    if not is_shown_publicly(event.id):
        return ()
    return [Pointer(_("Så tyckte deltagarna"), url("surveys.show_results", slug=event.slug))]
