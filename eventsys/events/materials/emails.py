"""The letter that hands out material."""

from __future__ import annotations

from collections.abc import Sequence

from eventsys.events.emails import event_facts
from eventsys.events.materials.models import Material
from eventsys.events.models import Attendee
from eventsys.i18n import link, speaking
from eventsys.mail.compose import Email, compose


def material(attendee: Attendee, materials: Sequence[Material]) -> Email:
    """To somebody who came: each link and file, and the page where they stay."""
    lang = attendee.registration.lang
    with speaking(lang):
        context = {
            "event": event_facts(attendee.event, lang),
            "name": attendee.name,
            "materials": [_shown(one, attendee) for one in materials],
            "manage_url": link("events.show_booking", token=attendee.token),
        }
        return compose("events/material", lang, context)


def _shown(one: Material, attendee: Attendee) -> dict[str, str]:
    url = link("events.show_own_material", token=attendee.token, material_id=one.id)  # leads on where it is a link
    return {"title": one.title, "url": url, "what": one.what}
