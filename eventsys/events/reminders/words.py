"""Swedish words for the rounds of letters, as staff read them."""

from __future__ import annotations

from datetime import datetime

from eventsys.events.models import Event, EventState
from eventsys.events.reminders.due import possible_times
from eventsys.events.reminders.models import ReminderKind
from eventsys.events.reminders.rounds import Round, RoundFate
from eventsys.i18n import day, moment

ROUNDS = {
    ReminderKind.WEEK: "Påminnelse en vecka före",
    ReminderKind.DAY: "Påminnelse dagen före",
    ReminderKind.COMING: "Frågan Kommer du?",
    ReminderKind.AFTER: "Tack till dem som kom, en rad till dem som uteblev",
    ReminderKind.SILENT: "Påminnelse till dem som inte har svarat på inbjudan",
}


def said_of(the_round: Round, event: Event) -> str:
    """What has become, or will become, of a round, in a sentence or two."""
    when = moment(the_round.at)
    if the_round.fate is RoundFate.SENT:
        return f"Gick ut {when}{_to(the_round.people)}." if the_round.people else f"Ingen att skicka till {when}."
    return {
        RoundFate.PLANNED: _planned(the_round, event, when),
        RoundFate.WAITS: f"Väntar på att ni noterar vilka som kom. Efter {day(the_round.at)} skickas det inte alls.",
        RoundFate.TOO_LATE: "Skickades inte, för det hann bli för sent.",
        RoundFate.PASSED: f"Skickas inte. Tiden var {when}.",
    }[the_round.fate]


def _planned(the_round: Round, event: Event, when: str) -> str:
    if event.state is EventState.DRAFT:
        return f"Går ut {when}, om evenemanget är publicerat då."
    if the_round.kind is ReminderKind.AFTER:
        return f"Går ut {when}, om ni har noterat vilka som kom. Annars när ni har gjort det."
    return f"Går ut {when}{_to(the_round.people)}."


def _to(people: int | None) -> str:
    return "" if not people else " till 1 person" if people == 1 else f" till {people} personer"


def hints(event: Event, at: datetime) -> dict[str, str]:
    """When each round goes out, for the switches in the event's settings: by the kind's name."""
    return {kind.value: _hint(kind, due_at, at) for kind, due_at in possible_times(event).items()}


def _hint(kind: ReminderKind, due_at: datetime, at: datetime) -> str:
    if due_at <= at:
        return f"Skulle ha gått ut {moment(due_at)}. Det skickas inte i efterhand."
    ends = ", när ni har noterat vilka som kom" if kind is ReminderKind.AFTER else ""
    return f"Går ut {moment(due_at)}{ends}."
