"""What lies in a period, each kind of row read once however many figures of a page are counted from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cached_property

from eventsys.companies.figures import first_visit_on, visits_between
from eventsys.companies.models import Visit
from eventsys.events.attendance.associations import Association, associations_between
from eventsys.events.attendance.held import CompanyThere, Held, companies_between, first_held_on, held_between
from eventsys.followup.periods import Period
from eventsys.newsletters.issues.models import Issue
from eventsys.newsletters.issues.queries import first_issue_on, issues_out_between
from eventsys.newsletters.lists import list_names
from eventsys.newsletters.subscriptions.figures import NewReader, first_consent_on, new_between
from eventsys.newsletters.welcome.models import WelcomeRound
from eventsys.newsletters.welcome.queries import first_round_on, rounds_sent_between
from eventsys.surveys.results.hiding import Rules, rules_now
from eventsys.surveys.results.pooling import EventResult, begun_between, event_results

NOT_BEGUN = "Perioden har inte börjat"


class Sight:
    """The rows of one period as they are at `at`. Made for one page or one settling, and forgotten after it."""

    def __init__(self, period: Period, at: datetime) -> None:
        self.period, self.at = period, at
        self._days = (period.first, period.last)

    @cached_property
    def readers(self) -> Sequence[NewReader]:
        return new_between(*self._days)[::-1]

    @cached_property
    def lists(self) -> dict[str, str]:
        """The names of the lists that the new readers chose."""
        return list_names(one.list for one in self.readers)

    @cached_property
    def issues(self) -> Sequence[Issue]:
        return issues_out_between(*self._days)

    @cached_property
    def rounds(self) -> Sequence[WelcomeRound]:
        return rounds_sent_between(*self._days)

    @cached_property
    def held(self) -> Sequence[Held]:
        return held_between(*self._days, self.at)

    @cached_property
    def companies(self) -> Sequence[CompanyThere]:
        return companies_between(*self._days, self.at)

    @cached_property
    def rules(self) -> Rules:
        return rules_now()

    @cached_property
    def results(self) -> Sequence[EventResult]:
        return event_results(self.rules, *begun_between(*self._days))

    @cached_property
    def visits(self) -> Sequence[Visit]:
        return visits_between(*self._days)

    @cached_property
    def associations(self) -> Sequence[Association]:
        return associations_between(*self._days)

    # --- since when we can know

    @cached_property
    def first_reader(self) -> date | None:
        return first_consent_on()

    @cached_property
    def first_issue(self) -> date | None:
        return first_issue_on()

    @cached_property
    def first_round(self) -> date | None:
        return first_round_on()

    @cached_property
    def first_held(self) -> date | None:
        return first_held_on(self.at)

    @cached_property
    def first_visit(self) -> date | None:
        return first_visit_on()

    def why_unknown(self, earliest: Callable[[], date | None], what: str) -> Callable[[], str]:
        """For a figure without lines: why it is unknown rather than nought, or nothing when nought is true.

        Before the first row there ever was the system was not in use for this, so nobody can say that nothing was done.
        """

        def why() -> str:
            if not self.period.has_begun(self.at):
                return NOT_BEGUN
            first = earliest()
            return f"Från den tiden finns {what} i systemet" if first is None or first > self.period.last else ""

        return why
