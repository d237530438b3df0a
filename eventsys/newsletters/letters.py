"""The letters of the newsletters by name, for the mail slice."""

from __future__ import annotations

from eventsys.mail.letters import Kind
from eventsys.newsletters.issues import trying
from eventsys.newsletters.sending import letters as sending
from eventsys.newsletters.subscriptions import letters as subscription_letters
from eventsys.newsletters.welcome import letters as welcome

LETTERS: dict[str, Kind] = {
    **trying.LETTERS,
    **sending.LETTERS,
    **subscription_letters.LETTERS,
    **welcome.LETTERS,
}
