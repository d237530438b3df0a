"""Checks before an issue is sent that are about its recipients and the pace: shown with those of the letter."""

from __future__ import annotations

from collections.abc import Iterator

from eventsys.i18n import number
from eventsys.newsletters.audience.looking import look_at
from eventsys.newsletters.issues.checking import Check, CheckOf, Verdict
from eventsys.newsletters.issues.models import Issue
from eventsys.newsletters.sending.forecasting import forecast
from eventsys.newsletters.sending.issues import about
from eventsys.newsletters.sending.scheduling import NOBODY, CannotSchedule, audience_of_issue


def check_recipients(issue: Issue) -> Iterator[Check]:
    """How many get it, how many are left out, how many have it already, and how long it takes."""
    try:
        audience = audience_of_issue(issue)
    except CannotSchedule as refusal:
        yield Check(Verdict.STOP, "Mottagare", str(refusal))
        return
    look = look_at(audience, about=about(issue))
    if not look.recipients:
        yield Check(Verdict.STOP, "Mottagare", NOBODY)
        return
    left_out = f" {number(look.excluded)} utelämnas, se Mottagare." if look.excluded else ""
    yield Check(Verdict.GOOD, "Mottagare", f"{number(look.recipients)} får brevet: {audience.name}.{left_out}")
    if look.reached:
        words = f"Redan skickat till {number(look.reached)} av dem. De får det inte en gång till."
        yield Check(Verdict.THINK, "Redan skickat", words)
    yield Check(Verdict.GOOD, "Tid", forecast(look.recipients).words)


RECIPIENT_CHECKS: tuple[CheckOf, ...] = (check_recipients,)
