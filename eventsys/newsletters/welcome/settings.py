"""The settings of the welcome letters: whom they are for, and where the window of the envelope is."""

from __future__ import annotations

from datetime import date

from eventsys import audit
from eventsys.database import db
from eventsys.newsletters.printing.envelopes import Box
from eventsys.newsletters.welcome.envelopes import check_window
from eventsys.newsletters.welcome.models import Folding, WelcomeSettings
from eventsys.onerow import one_row, one_row_to_change


def welcome_settings() -> WelcomeSettings:
    """The one row, or the defaults, which are not kept until somebody changes them."""
    return one_row(WelcomeSettings)


def change_settings(
    starts_on: date | None, most_months: int, series_id: int | None, window: Box, folding: Folding
) -> None:
    """Keep them; whole millimetres. Raises BadWindow. Flushes, does not commit."""
    check_window(window, folding)
    kept = one_row_to_change(WelcomeSettings)
    kept.starts_on, kept.most_months, kept.series_id, kept.folding = starts_on, most_months, series_id, folding
    kept.window_left, kept.window_top = round(window.left), round(window.top)
    kept.window_width, kept.window_height = round(window.width), round(window.height)
    db.session.flush()
    audit.record("welcome_settings.changed", "welcome_settings:1")
