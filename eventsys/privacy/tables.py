"""Every table of the slice, so that migrations and tests see them."""

from __future__ import annotations

from eventsys.privacy import models

__all__ = ["models"]
