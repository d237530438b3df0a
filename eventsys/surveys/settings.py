"""The settings of the surveys: how many answers a figure needs, the goal, the bands, and when the clock does what."""

from __future__ import annotations

from collections.abc import Sequence

from eventsys.onerow import one_row
from eventsys.surveys.models import SurveySettings
from eventsys.surveys.nki import BANDS, Band


def survey_settings() -> SurveySettings:
    """The one row, or the defaults, which are not kept until somebody changes them."""
    return one_row(SurveySettings)


def bands_of(settings: SurveySettings) -> Sequence[tuple[int, Band]]:
    """The bands that hold, falling; those of the method where nobody has set others."""
    if not settings.bands:
        return BANDS
    return sorted(((int(begins), Band(name)) for name, begins in settings.bands.items()), reverse=True)
