"""Every table of the surveys, so that migrations and tests see them all."""

from eventsys.surveys import models

__all__ = ["models"]
