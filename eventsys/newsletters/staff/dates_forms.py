"""The form of an issue's days."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField

from eventsys.fields import DayField, MomentField, wall_time
from eventsys.forms import Form
from eventsys.newsletters.issues.models import Issue
from eventsys.newsletters.issues.planning import days_of
from eventsys.overwriting import mark_of

LABELS = {
    "meeting_at": "Redaktionsmöte", "manuscript_on": "Manus klara", "proof_on": "Korrektur godkänt",
    "send_on": "Utskick",
}  # fmt: skip


class DaysForm(Form):
    seen = HiddenField()
    warned = HiddenField()
    meeting_at = MomentField(LABELS["meeting_at"])
    manuscript_on = DayField(LABELS["manuscript_on"], description="Då ska alla artiklar vara klara.")
    proof_on = DayField(LABELS["proof_on"], description="Då ska en kollega ha läst och godkänt.")
    send_on = DayField(LABELS["send_on"], description="Tiden på dagen väljer du under Utskick.")

    @classmethod
    def of(cls, issue: Issue) -> DaysForm:
        """The form filled with the issue's days."""
        days = days_of(issue)
        return cls(data={**days, "meeting_at": wall_time(issue.meeting_at), "seen": mark_of(days)})

    def values(self) -> dict[str, Any]:
        """The days as `planning.edit_days` takes them."""
        return {
            "meeting_at": self.meeting_at.moment,
            "manuscript_on": self.manuscript_on.data,
            "proof_on": self.proof_on.data,
            "send_on": self.send_on.data,
        }
