"""Doors: whom an issue goes to, looked at before it is chosen."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from eventsys.clock import now
from eventsys.database import transaction
from eventsys.errors import NotFound
from eventsys.forms import Form
from eventsys.i18n import number
from eventsys.mail.mailings.freezing import Recipient
from eventsys.newsletters.audience.keys import audience_named, bases, segment_key
from eventsys.newsletters.audience.looking import Wanted, look_at
from eventsys.newsletters.audience.segments import segments
from eventsys.newsletters.issues.models import Issue, IssueState
from eventsys.newsletters.sending.issues import about, issue_for_sending
from eventsys.newsletters.sending.scheduling import NotInThisState, choose_audience
from eventsys.newsletters.staff.doors import WRITERS, doors, issue_page
from eventsys.paging import ID, page_in_address, page_urls, text_in_address
from eventsys.staff.guards import signed_in, staff_only

PAGE = "newsletters_staff.show_audience"
LEFT_OUT = "utelamnade"


@doors.get(f"/nummer/<{ID}:issue_id>/mottagare")
@staff_only(*WRITERS)
def show_audience(issue_id: int) -> ResponseReturnValue:
    """The audience in the address, or the issue's own: how many, who, who is left out and why."""
    issue = issue_for_sending(issue_id)
    key = request.args.get("val", "") or issue.audience
    try:
        audience = audience_named(key)
    except NotFound:
        return issue_page("audience_gone", issue, "show_audience", choices=_choices(), key=key)
    wanted = wanted_in_address()
    look = look_at(audience, wanted, about(issue))
    kept = {"issue_id": issue.id, "val": "" if key == issue.audience else key, **kept_in_address(wanted)}
    return issue_page(
        "audience",
        issue,
        "show_audience",
        audience=audience,
        choices=_choices(),
        look=look,
        wanted=wanted,
        is_recipient=lambda one: isinstance(one, Recipient),
        can_choose=issue.state is IssueState.DRAFT and key != issue.audience,
        is_open=issue.state is IssueState.DRAFT,
        pages=page_urls(PAGE, wanted.page, look.pages, **kept),
        form=Form(formdata=None),
    )


def wanted_in_address() -> Wanted:
    """Which names the address asks for."""
    return Wanted(
        text_in_address(), request.args.get("visa") == LEFT_OUT, request.args.get("orsak", ""), page_in_address()
    )


def kept_in_address(wanted: Wanted) -> dict[str, str]:
    """The same as words of an address."""
    return {"sok": wanted.text, "visa": LEFT_OUT if wanted.left_out else "", "orsak": wanted.reason}


def _choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Lists and segments as groups of a select."""
    named = [(segment_key(one.id), one.name) for one in segments()]
    return [("Listor", list(bases().items())), *([("Urval", named)] if named else [])]


@doors.post(f"/nummer/<{ID}:issue_id>/mottagare")
@staff_only(*WRITERS)
def submit_audience(issue_id: int) -> ResponseReturnValue:
    try:
        with transaction():
            audience = choose_audience(issue_id, request.form.get("val", ""), signed_in().id, now())
    except NotInThisState as refusal:
        flash(str(refusal), "warn")
    else:
        issue: Issue = issue_for_sending(issue_id)
        recipients = look_at(audience, about=about(issue)).recipients
        flash(f"Mottagare för {issue.name}: {audience.name}, {number(recipients)}. Inget är skickat än.", "good")
    return redirect(url_for(PAGE, issue_id=issue_id))
