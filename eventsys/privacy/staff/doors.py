"""The blueprint of the staff's pages about personal data, and what all of them share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from eventsys.clock import local, now
from eventsys.privacy import words

doors = Blueprint("privacy_staff", __name__, url_prefix="/personal/personuppgifter")


@doors.context_processor
def _words() -> dict[str, Any]:
    return {"words": words, "today": local(now()).date(), "zip": zip}
