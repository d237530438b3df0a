"""Doors: segments, counted and shown by name before they are kept; changed and deleted."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from eventsys.database import transaction
from eventsys.forms import Form
from eventsys.mail.mailings.freezing import Recipient
from eventsys.newsletters.audience import segments as verbs
from eventsys.newsletters.audience.keys import Audience, audience_of, segment_key
from eventsys.newsletters.audience.looking import Look, look_at
from eventsys.newsletters.audience.models import Segment
from eventsys.newsletters.staff.audience import kept_in_address, wanted_in_address
from eventsys.newsletters.staff.describing import described
from eventsys.newsletters.staff.doors import LIST_TAKERS, WRITERS, doors, section_page
from eventsys.newsletters.staff.segment_forms import SegmentForm
from eventsys.paging import ID, page_urls
from eventsys.staff.guards import may_enter, signed_in, staff_only

TAB = "show_segments"
PAGE = "newsletters_staff.show_segment"
FIRST = 10  # names shown while a segment is made


@doors.get("/urval")
@staff_only(*WRITERS)
def show_segments() -> ResponseReturnValue:
    return section_page("segments", TAB, segments=[(one, described(one)) for one in verbs.segments()])


@doors.get("/urval/nytt")
@staff_only(*WRITERS)
def show_new_segment() -> ResponseReturnValue:
    form = SegmentForm(formdata=None)
    form.offer()
    return _form_page(form, None)


@doors.post("/urval/nytt")
@staff_only(*WRITERS)
def submit_new_segment() -> ResponseReturnValue:
    return _submitted(None)


@doors.get(f"/urval/<{ID}:segment_id>/andra")
@staff_only(*WRITERS)
def show_segment_form(segment_id: int) -> ResponseReturnValue:
    segment, form = verbs.segment_by_id(segment_id), SegmentForm(formdata=None)
    form.offer(segment)
    form.show(segment)
    return _form_page(form, segment)


@doors.post(f"/urval/<{ID}:segment_id>/andra")
@staff_only(*WRITERS)
def submit_segment_form(segment_id: int) -> ResponseReturnValue:
    return _submitted(verbs.segment_by_id(segment_id))


def _form_page(form: SegmentForm, segment: Segment | None, look: Look | None = None) -> str:
    return section_page("segment_form", TAB, form=form, segment=segment, look=look, first=FIRST)


def _submitted(segment: Segment | None) -> ResponseReturnValue:
    """Count it, or keep it: the form has a button for each."""
    form = SegmentForm()
    form.offer(segment)
    if not form.validate_on_submit():
        return _form_page(form, segment), 422
    if request.form.get("gor") == "rakna":
        return _form_page(form, segment, _counted(form))
    try:
        with transaction():
            segment_id = _kept(form, segment)
    except verbs.SegmentInUse as refusal:
        form.form_errors.append(str(refusal))
        return _form_page(form, segment), 422
    except verbs.NameTaken as refusal:
        form.name.errors = [*form.name.errors, str(refusal)]
        return _form_page(form, segment), 422
    flash("Urvalet är sparat.", "good")
    return redirect(url_for(PAGE, segment_id=segment_id))


def _kept(form: SegmentForm, segment: Segment | None) -> int:
    if segment is None:
        return verbs.add_segment(form.name.data, form.base.data, form.rules, signed_in().name).id
    verbs.edit_segment(segment.id, form.name.data, form.base.data, form.rules, signed_in().id)
    return segment.id


def _counted(form: SegmentForm) -> Look:
    return look_at(Audience("", form.name.data, form.base.data, form.rules))


@doors.get(f"/urval/<{ID}:segment_id>")
@staff_only(*WRITERS)
def show_segment(segment_id: int) -> ResponseReturnValue:
    """Everybody in it, page by page, and who is left out and why."""
    segment, wanted = verbs.segment_by_id(segment_id), wanted_in_address()
    look, kept = look_at(audience_of(segment), wanted), kept_in_address(wanted)
    return section_page(
        "segment",
        TAB,
        segment=segment,
        described=described(segment),
        look=look,
        wanted=wanted,
        is_recipient=lambda one: isinstance(one, Recipient),
        issues=verbs.issues_with(segment_id),
        pages=page_urls(PAGE, wanted.page, look.pages, segment_id=segment.id, **kept),
        inviting_url=_inviting_url(segment_id),
        form=Form(formdata=None),
    )


def _inviting_url(segment_id: int) -> str | None:
    """Where the segment is invited to an event, for those who may."""
    allowed = may_enter(signed_in(), frozenset(LIST_TAKERS))
    return url_for("newsletters_staff.show_inviting_events", fran=segment_key(segment_id)) if allowed else None


@doors.get(f"/urval/<{ID}:segment_id>/ta-bort")
@staff_only(*WRITERS)
def show_segment_removal(segment_id: int) -> ResponseReturnValue:
    """Asks before a segment is deleted."""
    segment = verbs.segment_by_id(segment_id)
    return section_page(
        "segment_removal", TAB, segment=segment, issues=verbs.issues_with(segment_id), form=Form(formdata=None)
    )


@doors.post(f"/urval/<{ID}:segment_id>/ta-bort")
@staff_only(*WRITERS)
def submit_segment_removal(segment_id: int) -> ResponseReturnValue:
    try:
        with transaction():
            verbs.delete_segment(segment_id)
    except verbs.SegmentInUse as refusal:
        flash(str(refusal), "warn")
        return redirect(url_for(PAGE, segment_id=segment_id))
    flash("Urvalet är borttaget.", "good")
    return redirect(url_for("newsletters_staff.show_segments"))
