"""The settings of the welcome letters: whom they are for, and where the window of the envelope is."""

from __future__ import annotations

from eventsys.newsletters.welcome.models import WelcomeSettings
from eventsys.onerow import one_row


def welcome_settings() -> WelcomeSettings:
    """The one row, or the defaults, which are not kept until somebody changes them."""
    return one_row(WelcomeSettings)
