"""Every table of the slice, so that migrations and tests see them."""

from __future__ import annotations

from eventsys import retention, statements
from eventsys.privacy import models
from eventsys.privacy.handouts import models as handouts
from eventsys.privacy.retention import models as runs

__all__ = ["handouts", "models", "retention", "runs", "statements"]
