"""The settings of the surveys: how many answers a figure needs, the goal, the bands, and when the clock does what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from eventsys import audit
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.onerow import one_row, one_row_to_change
from eventsys.surveys.models import SurveySettings
from eventsys.surveys.nki import BANDS, Band

HIGHEST_NKI = 100


def survey_settings() -> SurveySettings:
    """The one row, or the defaults, which are not kept until somebody changes them."""
    return one_row(SurveySettings)


def bands_of(settings: SurveySettings) -> Sequence[tuple[int, Band]]:
    """The bands that hold, falling; those of the method where nobody has set others."""
    if not settings.bands:
        return BANDS
    return sorted(((int(begins), Band(name)) for name, begins in settings.bands.items()), reverse=True)


class WrongBands(Refused):
    """The bands do not fall, or leave 0 to 100."""


def change_settings(values: Mapping[str, Any]) -> None:
    """Keep the settings, columns by name; `bands` say from which number each band begins.

    Answers are not touched: figures are counted anew from them each time. Raises WrongBands. Flushes, does not commit.
    """
    _refuse_wrong_bands(values["bands"])
    kept = one_row_to_change(SurveySettings)
    changed = sorted(name for name, value in values.items() if getattr(kept, name) != value)
    for name in changed:
        setattr(kept, name, values[name])
    db.session.flush()
    if changed:
        audit.record("survey_settings.changed", "survey_settings:1", changed=changed)


def begins_of(settings: SurveySettings) -> dict[Band, int]:
    """From which number each band begins; the lowest begins at 0."""
    return {band: begins for begins, band in bands_of(settings)}


def _refuse_wrong_bands(bands: Mapping[str, int]) -> None:
    begins = [bands[band.value] for _, band in BANDS]
    if begins[-1] != 0 or begins[0] > HIGHEST_NKI or any(one <= two for one, two in pairwise(begins)):
        raise WrongBands(f"Gränserna ska falla från högst {HIGHEST_NKI} och aldrig vara lika.")
