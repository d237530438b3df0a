"""Doors: before an issue leaves. What will happen to whom, when it leaves, at once or not yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from eventsys.clock import from_local, local, now
from eventsys.database import transaction
from eventsys.errors import Refused
from eventsys.fields import wall_time
from eventsys.forms import Form
from eventsys.i18n import moment, number
from eventsys.mail.mailings.freezing import Recipient
from eventsys.newsletters.actors import send_issue
from eventsys.newsletters.audience.keys import Audience
from eventsys.newsletters.audience.looking import Look, look_at
from eventsys.newsletters.issues.models import Issue, IssueState, Proof
from eventsys.newsletters.issues.proofs import approved_proof
from eventsys.newsletters.issues.queries import names_of
from eventsys.newsletters.sending import scheduling
from eventsys.newsletters.sending.forecasting import Forecast, forecast
from eventsys.newsletters.sending.issues import about, issue_for_sending
from eventsys.newsletters.sending.leaving import seeds_of
from eventsys.newsletters.staff.doors import WRITERS, doors, issue_page
from eventsys.newsletters.staff.sending_forms import HoldForm, ScheduleForm
from eventsys.paging import ID
from eventsys.staff.guards import staff_only

TAB = "show_ledger"
PAGE = f"newsletters_staff.{TAB}"


@dataclass(frozen=True)
class Plan:
    """What would happen if the issue left: to whom, by which proof, how long it takes, and what is in the way."""

    audience: Audience | None
    look: Look
    proof: Proof | None
    seeds: list[Recipient]
    forecast: Forecast
    hindrances: list[str]


def plan_of(issue: Issue, begins_at: datetime | None = None) -> Plan:
    """Everything that the pages before sending say; as if it left then, or now without."""
    proof = approved_proof(issue)
    hindrances = [*([] if proof else [scheduling.NOT_APPROVED]), *scheduling.stops_of(issue)]
    audience, look = None, Look(1)
    try:
        audience = scheduling.audience_of_issue(issue)
    except scheduling.CannotSchedule as refusal:
        hindrances.append(str(refusal))
    else:
        look = look_at(audience, about=about(issue))
        hindrances += [] if look.recipients else [scheduling.NOBODY]
    seeds = seeds_of(issue, proof)
    return Plan(audience, look, proof, seeds, forecast(look.recipients, begins_at), hindrances)


def sending_page(issue: Issue, form: ScheduleForm | None = None) -> str:
    """The page of an issue that has not left."""
    proposed = issue.sends_at or _proposed(issue)
    plan = plan_of(issue, proposed)
    return issue_page(
        "sending",
        issue,
        TAB,
        plan=plan,
        approved_by=_approved_by(plan),
        form=form or ScheduleForm(formdata=None, at=wall_time(proposed), hold=issue.hold_minutes),
        is_scheduled=issue.state is IssueState.SCHEDULED,
        is_cancelled=issue.state is IssueState.CANCELLED,
        press=Form(formdata=None),
    )


def _approved_by(plan: Plan) -> str:
    """The name of the colleague who approved; "" when nobody has."""
    if plan.proof is None:
        return ""
    return names_of([plan.proof.judged_by]).get(plan.proof.judged_by or 0, "en kollega")


def _proposed(issue: Issue) -> datetime | None:
    """Ten in the morning on the day of the year plan."""
    if issue.send_on is None or issue.send_on <= local(now()).date():
        return None
    return from_local(datetime(issue.send_on.year, issue.send_on.month, issue.send_on.day, 10))  # noqa: DTZ001


@doors.post(f"/nummer/<{ID}:issue_id>/utskick/tid")
@staff_only(*WRITERS)
def submit_schedule(issue_id: int) -> ResponseReturnValue:
    issue, form = issue_for_sending(issue_id), ScheduleForm()
    if not form.validate_on_submit() or form.at.moment is None:
        return sending_page(issue, form), 422
    try:
        with transaction():
            recipients = scheduling.schedule(issue_id, form.at.moment, form.hold.data or 0, now())
    except Refused as refusal:
        form.form_errors.append(str(refusal))
        return sending_page(issue_for_sending(issue_id), form), 422
    flash(f"Numret skickas {moment(form.at.moment)} till {number(recipients)} mottagare.", "good")
    return redirect(url_for(PAGE, issue_id=issue_id))


@doors.post(f"/nummer/<{ID}:issue_id>/utskick/ta-tillbaka")
@staff_only(*WRITERS)
def submit_taking_back(issue_id: int) -> ResponseReturnValue:
    try:
        with transaction():
            scheduling.take_back(issue_id)
    except Refused as refusal:
        flash(str(refusal), "warn")
    else:
        flash("Tiden är borttagen. Numret skickas inte förrän du väljer en ny.", "good")
    return redirect(url_for(PAGE, issue_id=issue_id))


@doors.get(f"/nummer/<{ID}:issue_id>/utskick/nu")
@staff_only(*WRITERS)
def show_sending_now(issue_id: int) -> ResponseReturnValue:
    """Asks before the issue leaves at once."""
    issue = issue_for_sending(issue_id)
    if issue.state not in (IssueState.DRAFT, IssueState.SCHEDULED):
        return redirect(url_for(PAGE, issue_id=issue_id))
    return _now_page(issue, HoldForm(formdata=None, hold=issue.hold_minutes))


def _now_page(issue: Issue, form: HoldForm) -> str:
    plan = plan_of(issue)
    return issue_page("sending_now", issue, TAB, plan=plan, approved_by=_approved_by(plan), form=form)


@doors.post(f"/nummer/<{ID}:issue_id>/utskick/nu")
@staff_only(*WRITERS)
def submit_sending_now(issue_id: int) -> ResponseReturnValue:
    issue, form = issue_for_sending(issue_id), HoldForm()
    if not form.validate_on_submit():
        return _now_page(issue, form), 422
    try:
        with transaction():
            recipients = scheduling.schedule(issue_id, now(), form.hold.data or 0, now())
            send_issue.ring_after_commit(issue_id)
    except Refused as refusal:
        form.form_errors.append(str(refusal))
        return _now_page(issue_for_sending(issue_id), form), 422
    flash(f"Numret skickas nu till {number(recipients)} mottagare.", "good")
    return redirect(url_for(PAGE, issue_id=issue_id))
