"""A survey beside its questions: its texts, its times, whether it opens by itself, its open way.

All take the survey under its lock (queries.locked_survey).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from eventsys import audit
from eventsys.clock import local
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.i18n import moment
from eventsys.overwriting import mark_of, refuse_overwriting
from eventsys.surveys.due import MOST_REMINDERS, closes_at, last_day, opens_at
from eventsys.surveys.freezing import Owner, note_change, refuse_if_fixed, subject_of
from eventsys.surveys.models import Survey, SurveySettings, SurveyState
from eventsys.surveys.questions import asks_anybody
from eventsys.surveys.settings import survey_settings
from eventsys.tokens import short_code

TEXTS = ("intro", "intro_en", "thanks", "thanks_en")
TIMES = ("opens_at", "closes_at", "reminder_days", "asks_no_shows")


class WrongTimes(Refused):
    """It would close before it opens, remind after it has closed, or open again; the text says which."""


class NotReady(Refused):
    """Nothing to ask, open already, or never to be opened; the text says which."""


def mark_of_texts(owner: Owner) -> str:
    return mark_of({name: getattr(owner, name) for name in TEXTS})


def mark_of_times(survey: Survey) -> str:
    return mark_of({name: getattr(survey, name) for name in TIMES})


# --- texts --------------------------------------------------------------------------------------------------------


def edit_texts(owner: Owner, values: Mapping[str, str], seen: str, at: datetime) -> None:
    """What stands above the questions and what is said afterwards, in both languages.

    `seen` is `mark_of_texts` as the page showed them. Raises Fixed, ChangedMeanwhile. Flushes, does not commit.
    """
    refuse_if_fixed(owner)
    saved = {name: getattr(owner, name) for name in TEXTS}
    refuse_overwriting(saved, values, seen)
    if saved != dict(values):
        _set(owner, values)
        _noted(owner, "survey.texts_edited", at)


# --- times --------------------------------------------------------------------------------------------------------


def edit_times(survey: Survey, values: Mapping[str, Any], seen: str, at: datetime) -> None:
    """When it opens, reminds and closes, and whether no-shows are asked. Allowed while answers come, until it closes.

    `opens_at` and `closes_at` may be None: as the settings say. `seen` is `mark_of_times` as the page showed them.
    Raises WrongTimes, ChangedMeanwhile. Flushes, does not commit.
    """
    if survey.state is SurveyState.CLOSED:
        raise WrongTimes("Enkäten har stängt, så tiderna kan inte ändras.")
    saved = {name: getattr(survey, name) for name in TIMES}
    written = {**values, "opens_at": survey.opens_at} if survey.state is SurveyState.OPEN else dict(values)
    if survey.frozen_at is not None:
        written["asks_no_shows"] = survey.asks_no_shows
    refuse_overwriting(saved, written, seen)
    if saved == written:
        return
    _set(survey, written)
    _refuse_wrong_times(survey, survey_settings(), at)
    _noted(survey, "survey.times_edited", at)


def _refuse_wrong_times(survey: Survey, settings: SurveySettings, at: datetime) -> None:
    """The caller's transaction keeps nothing of what is refused."""
    opens, closes = survey.opened_at or opens_at(survey, settings), closes_at(survey, settings)
    if survey.opens_at is not None and survey.opens_at < survey.event.ends_at:
        raise WrongTimes(f"Enkäten kan öppna tidigast när evenemanget är slut, {moment(survey.event.ends_at)}.")
    if closes <= max(opens, at):
        after = moment(opens) if opens > at else "just nu"
        raise WrongTimes(f"Välj en senare tid att stänga, efter {after}. Ska den stänga genast, tryck Stäng nu.")
    if len(survey.reminder_days) > MOST_REMINDERS:
        raise WrongTimes(f"Påmin högst {MOST_REMINDERS} gånger.")
    for days in survey.reminder_days:
        if local(opens).date() + timedelta(days=days) >= last_day(survey, settings):
            raise WrongTimes(f"Påminnelsen dag {days} kommer för sent: enkäten stänger {moment(closes)}.")


# --- its state ----------------------------------------------------------------------------------------------------


def make_ready(survey: Survey, at: datetime) -> None:
    """From now on it opens by itself. Ready already is no error. Raises NotReady. Flushes, does not commit."""
    if survey.state is SurveyState.READY:
        return
    if survey.state is not SurveyState.DRAFT:
        raise NotReady("Enkäten har redan öppnat.")
    if not asks_anybody(survey):
        raise NotReady("Enkäten har inga frågor till dem som kom. Lägg till en fråga först.")
    if closes_at(survey, survey_settings()) <= at:
        raise NotReady("Tiden då enkäten skulle stänga har gått. Ändra tiderna först.")
    survey.state = SurveyState.READY
    _noted(survey, "survey.made_ready", at)


def take_back(survey: Survey, at: datetime) -> None:
    """It is a draft again and does not open. Raises NotReady when it has opened. Flushes, does not commit."""
    if survey.state is SurveyState.DRAFT:
        return
    if survey.state is not SurveyState.READY:
        raise NotReady("Enkäten har redan öppnat och kan inte bli utkast igen. Stäng den i stället.")
    if survey.frozen_at is not None:
        raise NotReady("Någon har redan svarat med den öppna länken, så enkäten kan inte bli utkast igen.")
    survey.state = SurveyState.DRAFT
    _noted(survey, "survey.taken_back", at)


# --- the open way -------------------------------------------------------------------------------------------------


def open_way(survey: Survey, at: datetime) -> str:
    """The code of the last slide, made now if there is none. Raises NotReady when it has closed. Flushes only."""
    if survey.state is SurveyState.CLOSED:
        raise NotReady("Enkäten har stängt, så ingen kan svara med en kod.")
    if survey.open_code is None:
        survey.open_code = _free_code()
        _noted(survey, "survey.open_way_made", at)
    return survey.open_code


def _free_code() -> str:
    while True:
        code = short_code()
        if db.session.scalar(select(Survey.id).where(Survey.open_code == code)) is None:
            return code


def close_open_way(survey: Survey, at: datetime) -> None:
    """The code leads nowhere from now on; answers that came by it stay. Flushes, does not commit."""
    if survey.open_code is not None:
        survey.open_code = None
        _noted(survey, "survey.open_way_removed", at)


def _set(owner: Owner, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(owner, name, value)


def _noted(owner: Owner, act: str, at: datetime) -> None:
    note_change(owner, at)
    audit.record(act, subject_of(owner))
    db.session.flush()
