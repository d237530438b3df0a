"""Every table of the follow-up, so that migrations and tests see them all."""

from eventsys.followup import models

__all__ = ["models"]
