"""Themes that companies want to hear about: note, change, take up at an event, put away.

Every change happens under the lock of the series.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from eventsys import audit
from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.events.models import Event
from eventsys.events.series import locked_series
from eventsys.events.topics.models import Theme
from eventsys.events.topics.queries import open_themes, theme_of


def note_theme(series_id: int, text: str, heard_at: str, added_by: str, at: datetime) -> Theme:
    """A theme for the series. The same text sent twice finds the first while it is open. Raises NotFound. Flushes."""
    locked_series(series_id)
    for known in open_themes(series_id):
        if known.text == text:
            return known
    theme = Theme(series_id=series_id, text=text, heard_at=heard_at, added_by=added_by, created_at=at)
    db.session.add(theme)
    audit.record("theme.noted", f"series:{series_id}")
    db.session.flush()
    return theme


def edit_theme(series_id: int, theme_id: int, text: str, heard_at: str) -> Theme:
    """Change what was noted. Raises NotFound. Flushes, does not commit."""
    theme = _theme(series_id, theme_id)
    if (theme.text, theme.heard_at) != (text, heard_at):
        theme.text, theme.heard_at = text, heard_at
        audit.record("theme.edited", f"series:{series_id}")
    db.session.flush()
    return theme


def take_up(series_id: int, theme_ids: Iterable[int], event_id: int) -> list[Theme]:
    """Link themes of a series to one of its events. Raises NotFound when either is of another series. Flushes."""
    locked_series(series_id)
    if db.session.scalar(select(Event.series_id).where(Event.id == event_id)) != series_id:
        raise NotFound
    return [_taken_up(_fresh(series_id, theme_id), event_id) for theme_id in theme_ids]


def _taken_up(theme: Theme, event_id: int) -> Theme:
    if theme.event_id != event_id:
        theme.event_id, theme.put_away_at = event_id, None
        audit.record("theme.taken_up", f"series:{theme.series_id}", event=event_id)
        db.session.flush()
    return theme


def put_away(series_id: int, theme_id: int, at: datetime) -> Theme:
    """Out of the suggestions, kept in the history. Raises NotFound. Flushes, does not commit."""
    theme = _theme(series_id, theme_id)
    if theme.put_away_at is None:
        theme.event_id, theme.put_away_at = None, at
        audit.record("theme.put_away", f"series:{series_id}")
    db.session.flush()
    return theme


def suggest_again(series_id: int, theme_id: int) -> Theme:
    """Let a theme that was taken up or put away be suggested once more. Raises NotFound. Flushes, does not commit."""
    theme = _theme(series_id, theme_id)
    if theme.event_id is not None or theme.put_away_at is not None:
        theme.event_id = theme.put_away_at = None
        audit.record("theme.suggested_again", f"series:{series_id}")
    db.session.flush()
    return theme


def _theme(series_id: int, theme_id: int) -> Theme:
    locked_series(series_id)
    return _fresh(series_id, theme_id)


def _fresh(series_id: int, theme_id: int) -> Theme:
    theme = theme_of(series_id, theme_id)
    db.session.refresh(theme)
    return theme
