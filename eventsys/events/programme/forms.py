"""The choice of sessions in forms: one group of radio buttons for each slot to choose in.

A page shows which sessions are full. Whoever chooses one of those queues for it: `full_shown` says which they were when
the page was made, so that nobody is put in a queue that the page did not speak of.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from eventsys.events.models import Event
from eventsys.events.programme.models import ChoiceState, SessionChoice, Slot
from eventsys.events.programme.queries import SessionPlaces
from eventsys.events.programme.words import places_left, slot_name, slot_time
from eventsys.forms import Form, HiddenLineField, at_most, required
from eventsys.i18n import language

NO_SESSION = "0"
PREFIX = "s_"


@dataclass(frozen=True)
class OfferedSlot:
    """A slot to choose in as a form shows it, in the page's language."""

    slot_id: int
    label: str
    sessions: tuple[tuple[str, str], ...]  # (id, title)
    must_choose: bool = True

    def unless(self, nobody_chooses: bool) -> OfferedSlot:
        """The same slot, with no choice demanded of a booker who does not come."""
        return replace(self, must_choose=self.must_choose and not nobody_chooses)


def offered_slots(slots: Iterable[Slot], event: Event, at: datetime) -> tuple[OfferedSlot, ...]:
    """The slots of a programme that one can still choose in."""
    lang = language()
    return tuple(
        OfferedSlot(
            slot.id,
            f"{slot_name(slot)}, {slot_time(slot, event)}",
            tuple((str(session.id), session.in_language(lang, "title")) for session in slot.sessions),
        )
        for slot in slots
        if slot.has_choice and slot.sessions and slot.starts_at > at
    )


def slot_fields(offered: Iterable[OfferedSlot]) -> dict[str, Field]:
    """The fields of a form class: name -> unbound field."""
    return {f"{PREFIX}{slot.slot_id}": _field(slot) for slot in offered}


def _field(slot: OfferedSlot) -> Field:
    choices = [SelectChoice(value, title) for value, title in (*slot.sessions, (NO_SESSION, _l("Inget pass")))]
    checks: list[Any] = [_is_offered]
    if slot.must_choose:
        checks.insert(0, required(_l("%(slot)s: välj ett pass, eller Inget pass.", slot=slot.label)))
    return RadioField(slot.label, checks, choices=choices, validate_choice=False)


def _is_offered(_form: Any, field: Field) -> None:
    if field.data and field.data not in {choice.value for choice in field.choices}:
        raise ValidationError(_("Passet finns inte längre i programmet. Välj ett annat."))


class ChoosesSessions:
    """What a form with such fields can answer. Mixed into forms; the fields are added by `slot_fields`."""

    @property
    def slot_fields(self) -> list[Field]:
        return [field for field in self if field.short_name.startswith(PREFIX)]  # type: ignore[attr-defined]

    @property
    def sessions_wanted(self) -> dict[int, int | None]:
        """Slot id -> session id, or None for no session; slots without an answer are left out."""
        return {
            int(field.short_name.removeprefix(PREFIX)): int(field.data) or None
            for field in self.slot_fields
            if field.data
        }

    def say_full(self, session_ids: Collection[int]) -> None:
        """The errors at the fields whose session became full meanwhile."""
        for field in self.slot_fields:
            if field.data and int(field.data) in session_ids:
                title = next(choice.label for choice in field.choices if choice.value == field.data)
                field.errors = [
                    _(
                        "%(session)s blev fullt medan du fyllde i. Välj ett annat pass, eller skicka igen för att "
                        "ställa dig i kö. Inget du skrivit är borta.",
                        session=title,
                    )
                ]


class ShowsFull:
    """A form that remembers which sessions the page said are full."""

    full_shown: HiddenLineField

    @property
    def queue_ok(self) -> frozenset[int]:
        ids = (self.full_shown.data or "").split(",")
        return frozenset(int(one) for one in ids if one.isascii() and one.isdigit() and len(one) < 10)


def full_sessions(places: Mapping[int, SessionPlaces]) -> str:
    """The value of `full_shown` for a page made now."""
    return ",".join(str(session_id) for session_id, one in places.items() if not one.open_to_newcomers)


def session_hints(
    slots: Iterable[Slot], places: Mapping[int, SessionPlaces], choices: Iterable[SessionChoice] = ()
) -> dict[str, str]:
    """Session id -> room and places left, in words, for the radio buttons; what one person has is said instead."""
    own = {one.session_id: one.state for one in choices if one.state is not ChoiceState.LEFT}
    return {
        str(session.id): hint(session.room, _own_words(own.get(session.id)) or places_left(places[session.id]))
        for slot in slots
        if slot.has_choice
        for session in slot.sessions
        if session.id in places
    }


def _own_words(state: ChoiceState | None) -> str:
    if state is ChoiceState.HELD:
        return str(_("Du har plats här"))
    if state is ChoiceState.WAITING:
        return str(_("Du står i kö, och behåller din nuvarande plats så länge"))
    return ""


def hint(room: str, words: str) -> str:
    return f"{room}. {words}" if room else words


class SessionsForm(Form, ChoosesSessions, ShowsFull):
    """One person's choice of sessions, to change. The fields are added by `sessions_form`."""

    full_shown = HiddenLineField(validators=[at_most(400)])


def sessions_form(offered: Sequence[OfferedSlot], choices: Iterable[SessionChoice]) -> SessionsForm:
    """Filled with what the person queues for in each slot, or else holds."""
    known = {f"{PREFIX}{slot.slot_id}": NO_SESSION for slot in offered}
    for choice in sorted(choices, key=lambda one: one.state is ChoiceState.WAITING):
        if choice.state is not ChoiceState.LEFT:
            known[f"{PREFIX}{choice.slot_id}"] = str(choice.session_id)
    form: SessionsForm = type("EventSessionsForm", (SessionsForm,), slot_fields(offered))(data=known)
    return form
