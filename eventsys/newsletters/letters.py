"""The letters of the newsletters by name, for the mail slice."""

from __future__ import annotations

from eventsys.mail.letters import Kind
from eventsys.newsletters.subscriptions import letters as subscription_letters

LETTERS: dict[str, Kind] = {
    **subscription_letters.LETTERS,
}
