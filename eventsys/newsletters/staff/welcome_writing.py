"""Doors: the text of a welcome letter, how it looks, and as a test to colleagues."""

from __future__ import annotations

import secrets

from flask import Response, flash, jsonify, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from eventsys import security
from eventsys.clock import now
from eventsys.database import transaction
from eventsys.errors import Refused
from eventsys.forms import Form
from eventsys.i18n import clock
from eventsys.newsletters.issues.queries import editors
from eventsys.newsletters.staff.conflicts import Conflict, conflicts_in
from eventsys.newsletters.staff.doors import WRITERS, doors, round_page
from eventsys.newsletters.staff.issue import answers_a_script
from eventsys.newsletters.staff.preview import Look, framed_letter
from eventsys.newsletters.staff.welcome import PATH
from eventsys.newsletters.staff.welcome_forms import LetterForm
from eventsys.newsletters.subscriptions.codes import counts
from eventsys.newsletters.subscriptions.queries import code_by_id
from eventsys.newsletters.welcome import planning
from eventsys.newsletters.welcome.letters import example_of, send_test
from eventsys.newsletters.welcome.models import RoundState, WelcomeRound
from eventsys.newsletters.welcome.queries import round_by_id
from eventsys.newsletters.welcome.rendering import letter_of, trouble_with_gathering
from eventsys.overwriting import ChangedMeanwhile, mark_of
from eventsys.staff.guards import signed_in, staff_only

TEXT, PREVIEW = "newsletters_staff.show_welcome_text", "newsletters_staff.show_welcome_preview"
_LABELS = {Look.WIDE: "Bred", Look.PHONE: "Telefon", Look.DARK: "Mörk", Look.TEXT: "Bara text"}
_FIELDS = {"subject": "Ämnesrad", "body": "Text", "event_id": "Träff"}


@doors.get(f"{PATH}/text")
@staff_only(*WRITERS)
def show_welcome_text(round_id: int) -> ResponseReturnValue:
    """The text, with the letter beside it; only to read once it waits for approval."""
    found = round_by_id(round_id)
    return _text_page(found, LetterForm(found, formdata=None))


def _text_page(found: WelcomeRound, form: LetterForm, conflicts: list[Conflict] | None = None) -> Response:
    nonce = secrets.token_urlsafe(16)
    page = round_page(
        "welcome_text",
        found,
        "show_welcome_text",
        is_draft=found.state is RoundState.DRAFT,
        form=form,
        conflicts=conflicts or [],
        trouble=trouble_with_gathering(found, now()),
        code=code_by_id(found.code_id) if found.code_id else None,
        count=counts([found.code_id])[found.code_id] if found.code_id else None,
        press=Form(formdata=None),
        nonce=nonce,
    )
    return security.with_style_nonce(make_response(page), nonce)


@doors.post(f"{PATH}/text")
@staff_only(*WRITERS)
def submit_welcome_text(round_id: int) -> ResponseReturnValue:
    found = round_by_id(round_id)
    form = LetterForm(found)
    if not form.validate_on_submit():
        if answers_a_script():
            return jsonify(errors={name: " ".join(map(str, texts)) for name, texts in form.errors.items()}), 422
        return _text_page(found, form), 422
    values = form.values()
    try:
        with transaction():
            kept = planning.edit_round(round_id, values, form.seen.data or "", signed_in().id, now())
            seen = mark_of(planning.words_of(kept))
    except ChangedMeanwhile as refusal:
        return _in_conflict(round_id, form, values, refusal)
    except Refused as refusal:
        if answers_a_script():
            return jsonify(errors={"subject": str(refusal)}), 422
        flash(str(refusal), "warn")
        return redirect(url_for(TEXT, round_id=round_id))
    if answers_a_script():
        return jsonify(saved_at=clock(now()), seen=seen)
    flash("Brevet är sparat.", "good")
    return redirect(url_for(TEXT, round_id=round_id))


def _in_conflict(
    round_id: int, form: LetterForm, values: dict[str, object], refusal: ChangedMeanwhile
) -> ResponseReturnValue:
    found = round_by_id(round_id)
    form.seen.data = mark_of(planning.words_of(found))
    conflicts = conflicts_in(_FIELDS, refusal.saved, values)
    if answers_a_script():
        return jsonify(seen=form.seen.data, conflicts=[vars(one) for one in conflicts]), 409
    return make_response(_text_page(found, form, conflicts), 409)


# --- how it looks -------------------------------------------------------------------------------------------------


@doors.get(f"{PATH}/forhandsvisning")
@staff_only(*WRITERS)
def show_welcome_preview(round_id: int) -> ResponseReturnValue:
    """The letter as a company gets it (`?som=`)."""
    found, wanted = round_by_id(round_id), request.args.get("som", Look.WIDE, type=Look)
    return round_page(
        "welcome_preview",
        found,
        "show_welcome_preview",
        letter=example_of(letter_of(found)),
        wanted=wanted.value if wanted in _LABELS else Look.WIDE.value,
        forms=[
            {"label": label, "url": url_for(PREVIEW, round_id=found.id, som=one.value), "current": one is wanted}
            for one, label in _LABELS.items()
        ],
        colleagues=editors(),
        me=signed_in().id,
        form=Form(formdata=None),
    )


@doors.get(f"{PATH}/brev")
@staff_only(*WRITERS)
def show_welcome_letter(round_id: int) -> Response:
    """The letter as it is now, for a frame; `?som=mork` as a program in dark mode shows it."""
    return framed_letter(example_of(letter_of(round_by_id(round_id))))


@doors.post(f"{PATH}/prov")
@staff_only(*WRITERS)
def submit_welcome_test(round_id: int) -> ResponseReturnValue:
    """Send the letter as it is now to the chosen colleagues (`till`, their account ids)."""
    try:
        with transaction():
            sent = send_test(round_id, request.form.getlist("till", type=int), now())
    except Refused as refusal:
        flash(str(refusal), "warn")
    else:
        letters = "1 provbrev är" if sent == 1 else f"{sent} provbrev är"
        flash(f"{letters} på väg." if sent else "Provbrevet är redan på väg.", "good")
    return redirect(url_for(PREVIEW, round_id=round_id))
