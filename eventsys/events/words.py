"""Swedish words for states, reasons and acts, as staff read them. Each state has its badge."""

from __future__ import annotations

from datetime import datetime

from eventsys.events.agenda import Part
from eventsys.events.fates import Fate
from eventsys.events.listing import Show
from eventsys.events.models import AttendeeState, Event, EventPhase
from eventsys.events.selection import Selection
from eventsys.events.waitlist import WhyNoOffer
from eventsys.mail.models import State

PEOPLE: dict[AttendeeState, tuple[str, str]] = {
    AttendeeState.WAITING: ("warn", "I kö"),
    AttendeeState.OFFERED: ("info", "Erbjuden plats"),
    AttendeeState.CONFIRMED: ("good", "Bekräftad"),
    AttendeeState.ATTENDED: ("good", "Kom"),
    AttendeeState.NO_SHOW: ("bad", "Uteblev"),
    AttendeeState.CANCELLED: ("neutral", "Avbokad"),
    AttendeeState.DECLINED: ("neutral", "Tackade nej"),
    AttendeeState.EXPIRED: ("neutral", "Svarade inte i tid"),
}

PHASES: dict[EventPhase, tuple[str, str]] = {
    EventPhase.DRAFT: ("neutral", "Utkast"),
    EventPhase.UPCOMING: ("info", "Anmälan ej öppen"),
    EventPhase.OPEN: ("good", "Anmälan öppen"),
    EventPhase.CLOSED: ("neutral", "Anmälan stängd"),
    EventPhase.OVER: ("neutral", "Har varit"),
    EventPhase.CANCELLED: ("bad", "Inställt"),
}

LETTERS: dict[State, tuple[str, str]] = {
    State.QUEUED: ("neutral", "Väntar"),
    State.CLAIMED: ("neutral", "Skickas"),
    State.IN_FLIGHT: ("neutral", "Skickas"),
    State.DEFERRED: ("warn", "Försöker igen"),
    State.ACCEPTED: ("good", "Skickat"),
    State.REJECTED: ("bad", "Avvisat"),
    State.BOUNCED: ("bad", "Studsade"),
    State.COMPLAINED: ("bad", "Anmält som skräp"),
    State.SKIPPED: ("neutral", "Stoppat"),
    State.UNKNOWN: ("warn", "Okänt"),
}

LETTER_NAMES = {
    "events/ticket": "Bekräftelse och biljett",
    "events/booking": "Översikt till den som bokat",
    "events/queued": "Plats i kön",
    "events/seat_offered": "Erbjudande om plats",
    "events/offer_ended": "Erbjudandet gick ut",
    "events/seat_cancelled": "Avbokning",
    "events/seat_moved": "Flytt till annat evenemang",
    "events/event_changed": "Ny tid eller plats",
    "events/event_cancelled": "Evenemanget ställs in",
    "events/already_registered": "Redan anmäld",
    "events/message": "Meddelande",
    "events/my_bookings": "Länkar till bokningar",
    "events/invitation": "Inbjudan",
    "events/invitation_reminder": "Påminnelse om inbjudan",
    "events/material": "Material",
    "events/invitation_called_off": "Inbjudan till inställt evenemang",
    "events/request_refused": "Nej till förfrågan om plats",
    "events/sessions_chosen": "Valda pass",
    "events/session_gained": "Plats i ett pass",
    "events/session_changed": "Ny tid eller lokal för ett pass",
    "events/session_removed": "Pass borttaget",
    "events/reminder": "Påminnelse",
    "events/coming": "Kommer du?",
    "events/thanks": "Tack för att du kom",
    "events/missed": "Till den som uteblev",
}

WHY_NO_OFFER = {
    WhyNoOffer.NOBODY_WAITS: "Ingen står i kö.",
    WhyNoOffer.NO_SEAT: "Alla platser är tagna. Den första i kön får ett erbjudande så snart någon avbokar.",
    WhyNoOffer.PAUSED: "Kön är pausad. Ingen får en ledig plats förrän du startar den igen.",
    WhyNoOffer.TOO_LATE: "Det är för nära starten för att erbjuda platser. Ge en plats för hand om någon kan komma.",
    WhyNoOffer.PARTIES_TOO_LARGE: "Det finns lediga platser, men de som väntar vill komma tillsammans och är fler.",
    WhyNoOffer.NOT_PUBLISHED: "Evenemanget är inte publicerat, så inga platser erbjuds.",
}

PARTS = {
    Part.COMING: "Kommande",
    Part.DRAFTS: "Utkast",
    Part.PAST: "Tidigare",
    Part.CANCELLED: "Inställda",
}

SHOWS = {
    Show.ALL: "Alla anmälda",
    Show.CONFIRMED: "Bekräftade",
    Show.SAID_COMING: "Har sagt att de kommer",
    Show.OFFERED: "Erbjudna",
    Show.WAITING: "I kö",
    Show.ATTENDED: "Kom",
    Show.NO_SHOW: "Uteblev",
    Show.LEFT: "Avbokade",
}

FATES = {
    Fate.ALL: "Alla",
    Fate.WAITING: "Väntar",
    Fate.SENT: "Skickade",
    Fate.FAILED: "Kom inte fram",
    Fate.UNKNOWN: "Okända",
    Fate.SKIPPED: "Stoppade",
}

SELECTIONS = {
    Selection.CONFIRMED: "Alla som har en plats",
    Selection.WAITING: "Alla i kön",
    Selection.ALL: "Alla anmälda, även kön",
    Selection.ATTENDED: "De som kom",
    Selection.NO_SHOW: "De som uteblev",
    Selection.CHOSEN: "De du har valt",
}

ACTS = {
    "event.created": "Skapade evenemang",
    "event.edited": "Ändrade evenemang",
    "event.published": "Publicerade evenemang",
    "event.cancelled": "Ställde in evenemang",
    "event.deleted": "Tog bort utkast",
    "queue.paused": "Pausade kön",
    "queue.resumed": "Startade kön",
    "registration.added": "Lade till deltagare",
    "registration.booker_changed": "Ändrade vem som bokat",
    "attendee.cancelled": "Avbokade",
    "attendee.changed": "Ändrade deltagare",
    "attendee.given_seat": "Gav plats",
    "attendee.moved": "Flyttade deltagare",
    "attendee.letter_sent_again": "Skickade biljett igen",
    "diet.seen": "Såg kost och allergi",
    "diet.forgotten": "Raderade kost och allergi",
    "diet.changed": "Ändrade kost och allergi",
    "message.sent": "Skickade meddelande",
    "invitation.listed": "Satte gäster på listan",
    "invitation.sent": "Skickade inbjudningar",
    "invitation.reminded": "Påminde inbjudna",
    "invitation.reminder_set": "Valde dag för påminnelse",
    "invitation.withdrawn": "Återkallade inbjudningar",
    "invitation.request_approved": "Gav plats efter förfrågan",
    "invitation.request_refused": "Sa nej till förfrågan",
    "material.added": "Lade till material",
    "material.removed": "Tog bort material",
    "material.opened": "Visade material för alla",
    "material.closed": "Dolde material på sidan",
    "material.published": "Publicerade material",
    "source.added": "Skapade QR-kod",
    "slot.added": "Lade till i programmet",
    "slot.edited": "Ändrade i programmet",
    "slot.removed": "Tog bort ur programmet",
    "session.added": "Lade till pass",
    "session.edited": "Ändrade pass",
    "session.removed": "Tog bort pass",
    "attendee.sessions_chosen": "Ändrade valda pass",
    "series.created": "Skapade serie",
    "series.edited": "Ändrade serie",
    "series.archived": "Arkiverade serie",
    "series.restored": "Tog upp serie igen",
    "series.question_added": "Lade till fråga",
    "series.question_edited": "Ändrade fråga",
    "series.question_retired": "Slutade ställa fråga",
    "series.question_asked": "Började ställa fråga igen",
    "term.planned": "Planerade en termin",
    "point.added": "Lade till punkt att ta upp",
    "point.edited": "Ändrade punkt att ta upp",
    "point.done": "Bockade av punkt",
    "point.not_done": "Tog bort bock för punkt",
    "point.removed": "Tog bort punkt att ta upp",
    "point.carried_over": "Flyttade punkter till nästa evenemang",
    "theme.noted": "Antecknade tema",
    "theme.edited": "Ändrade tema",
    "theme.taken_up": "Tog upp tema vid evenemang",
    "theme.put_away": "Lade undan tema",
    "theme.suggested_again": "Föreslog tema igen",
    "account.series_given": "Valde serier för medarrangör",
    "attendance.closed": "Avslutade närvaron",
    "attendance.marked": "Markerade vilka som kom",
    "attendance.unmarked": "Ångrade markering av vilka som kom",
    "attendance.exported": "Tog ut deltagarlista",
    "kitchen.taken_out": "Tog ut underlag till köket",
    "diet.names_seen": "Såg vem som äter vad",
    "representation.taken_out": "Tog ut representationslista",
    "door_list.taken_out": "Tog ut dörrlista",
    "badges.taken_out": "Tog ut namnskyltar",
    "door.added": "Gjorde en dörr",
    "door.closed": "Stängde en dörr",
    "door.opened": "Öppnade en dörr",
    "door.pins_renewed": "Bytte PIN på en dörr",
}
THINGS = {"event": "Evenemang", "events": "Evenemang", "registration": "Anmälan", "series": "Serie"}


def phase_badge(event: Event, at: datetime) -> tuple[str, str]:
    """Kind and text of the badge that says where an event stands."""
    return PHASES[event.phase(at)]


def people(count: int) -> str:
    """`1 person`, `42 personer`."""
    return "1 person" if count == 1 else f"{count} personer"
