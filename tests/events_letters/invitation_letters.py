"""The letters of the guest list and of material, in every form they take."""

from __future__ import annotations

from eventsys.events.invitations import emails
from eventsys.events.invitations.models import Invitation, InvitationState
from eventsys.events.materials.emails import material
from eventsys.events.materials.models import Material
from eventsys.events.models import Attendee, Event
from eventsys.mail.compose import Email


def invitation_letters(event: Event, attendee: Attendee, lang: str) -> dict[str, Email]:
    """By a name that says which form. Nothing is kept: no row is added."""
    asked, handed = _asked(event, "Åsa Ek", lang), _asked(event, "Bo Alm", lang)
    handed.handed_from = asked
    return {
        "invitation": emails.invitation(asked),
        "invitation_handed_on": emails.invitation(handed),
        "invitation_sample": emails.invitation_sample(event, "Lena Ström", lang),
        "invitation_reminder": emails.invitation_reminder(asked),
        "invitation_called_off": emails.invitation_called_off(asked),
        "request_refused": emails.request_refused(asked),
        "material": material(attendee, _materials(event)),
    }


def _asked(event: Event, name: str, lang: str) -> Invitation:
    return Invitation(
        event=event, name=name, email="asa@ek.example", lang=lang, token="inbjudan-asa", state=InvitationState.SENT
    )


def _materials(event: Event) -> list[Material]:
    return [
        Material(id=1, event=event, title="Bilderna", url="", file_name="bilder.pdf", size=2_500_000),
        Material(id=2, event=event, title="Inspelningen", url="https://film.boras.example/lunch", file_name="", size=0),
    ]
