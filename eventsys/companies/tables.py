"""Every table of the companies slice, so that migrations and tests see them all."""

from eventsys.companies import models

__all__ = ["models"]
