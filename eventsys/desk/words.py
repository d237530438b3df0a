"""What staff read: states, kinds of letters and reasons in plain Swedish."""

from __future__ import annotations

from typing import NamedTuple

from eventsys.companies.imports.postcodes import spaced
from eventsys.companies.numbers import as_code, shown
from eventsys.companies.words import KINDS, ORIGINS, VISIT_FORMS
from eventsys.events.invitations.models import Invitation
from eventsys.events.invitations.standing import standing_of
from eventsys.events.invitations.words import STANDINGS
from eventsys.events.words import LETTERS, PEOPLE, PHASES, WHY_NO_OFFER
from eventsys.mail.bounces.consequences import OFTEN
from eventsys.mail.bounces.phrases import Kind
from eventsys.mail.models import Delivery, State
from eventsys.newsletters.welcome.models import Choice
from eventsys.newsletters.words import SUBSCRIPTIONS
from eventsys.staff.acts import ACTS, LETTER_NAMES, PLACES, THINGS, Place


class Word(NamedTuple):
    """A text and the tone it is shown in: good, info, warn, bad or neutral."""

    tone: str
    text: str


STATE_WORDS = {state: Word(*word) for state, word in LETTERS.items()}
EVENT_WORDS = {phase: Word(*word) for phase, word in PHASES.items()}
PERSON_WORDS = {state: Word(*word) for state, word in PEOPLE.items()}
QUEUE_WORDS = WHY_NO_OFFER

STATE_MEANINGS = {
    State.QUEUED: "Brevet ligger på tur och skickas strax.",
    State.CLAIMED: "Brevet ligger på tur och skickas strax.",
    State.IN_FLIGHT: "Brevet lämnas över just nu.",
    State.DEFERRED: "Det gick inte förra gången. Vi försöker igen av oss själva i ungefär ett dygn.",
    State.ACCEPTED: "Brevservern har tagit emot brevet.",
    State.REJECTED: "Brevet gick inte att skicka, och vi försöker inte igen av oss själva.",
    State.BOUNCED: "Brevet skickades men kom tillbaka.",
    State.COMPLAINED: "Mottagaren har anmält brevet som skräppost.",
    State.SKIPPED: "Brevet behövdes inte längre, eller fick inte skickas. Det är inget fel.",
    State.UNKNOWN: "Förbindelsen bröts när brevet lämnades över. Det kan ha kommit fram, men det går inte att veta. "
    "Därför skickas det inte igen av sig självt.",
}

# How one change of state reads in the history of a letter.
CHANGE_WORDS = {
    State.QUEUED: "Lagt på tur",
    State.CLAIMED: "Framtaget för att skickas",
    State.IN_FLIGHT: "Lämnas över till brevservern",
    State.DEFERRED: "Gick inte den här gången",
    State.ACCEPTED: "Brevservern tog emot det",
    State.REJECTED: "Avvisat",
    State.BOUNCED: "Studsade",
    State.COMPLAINED: "Anmält som skräp",
    State.SKIPPED: "Stoppat",
    State.UNKNOWN: "Okänt om det kom fram",
}

# Why a letter came back.
RETURN_WORDS = {
    Kind.ADDRESS_WRONG: Word("bad", "Adressen finns inte"),
    Kind.LATER: Word("soft", "Fullt eller stängt"),
    Kind.REFUSED_US: Word("warn", "Vill inte ha brev från oss"),
    Kind.COMPLAINT: Word("bad", "Anmält som skräp"),
}
RETURN_MEANINGS = {
    Kind.ADDRESS_WRONG: "Adressen spärras av sig själv och får inga fler brev.",
    Kind.LATER: f"Adressen spärras först när breven har kommit tillbaka {OFTEN} gånger i rad.",
    Kind.REFUSED_US: "Felet är vårt, inte mottagarens. Adressen spärras aldrig för detta.",
    Kind.COMPLAINT: "Mottagaren tryckte på ”skräppost”. Adressen spärras och får inga fler brev.",
}

LETTER_WORDS = LETTER_NAMES  # of every slice

# What became of a company in a round of welcome letters.
WELCOME_WORDS = {
    Choice.EMAIL: Word("good", "Brev med e-post"),
    Choice.PAPER: Word("good", "Brev på papper"),
    Choice.STRUCK: Word("neutral", "Struket"),
    Choice.EXCLUDED: Word("neutral", "Utelämnat"),
}
SUBSCRIPTION_WORDS = {state: Word(*word) for state, word in SUBSCRIPTIONS.items()}
COMPANY_KINDS, COMPANY_ORIGINS, VISIT_WORDS = KINDS, ORIGINS, VISIT_FORMS


def invitation_word(invitation: Invitation) -> Word:
    """Where an invitation stands; the attendee it led to is read along."""
    return Word(*STANDINGS[standing_of(invitation)])


def letter_word(letter: str) -> str:
    """The kind of a letter as staff call it; its own name when nobody has given it one."""
    return LETTER_WORDS.get(letter, letter)


def number_word(number: str | None) -> str:
    """An organisation number as people write it; nothing for those who have none."""
    return shown(number) if number else ""


postcode_word = spaced
sni_word = as_code

ACTS.update(
    {
        "letter.treated_as_sent": "Räknade brev som skickat",
        "letter.sent_again": "Skickade brev igen",
        "relay.tried_again": "Försökte med brevservern igen",
        "suppression.added": "Spärrade adress",
        "suppression.lifted": "Tog bort spärr",
        "mailing.prepared": "Förberedde utskick",
        "mailing.started": "Startade utskick",
        "mailing.paused": "Pausade utskick",
        "mailing.went_on": "Lät utskick fortsätta",
        "mailing.released": "Släppte resten av utskick",
        "mailing.cancelled": "Avbröt utskick",
        "mailing.unknown_treated_as_sent": "Räknade utskickets okända brev som skickade",
        "mailing.unknown_sent_again": "Skickade utskickets okända brev igen",
        "mailing.deferred_tried_now": "Försökte genast med utskickets väntande brev",
    }
)
THINGS.update({"delivery": "Brev", "relay": "Brevserver", "suppression": "Spärr", "mailing": "Utskick"})
PLACES["delivery"] = Place("desk.show_letter", "letter_id", Delivery)
