"""Doors: the settings of the welcome letters, and the sheet to hold against an envelope."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from eventsys import documents
from eventsys.database import transaction
from eventsys.downloads import download
from eventsys.newsletters.staff.doors import LIST_TAKERS, WRITERS, doors, section_page
from eventsys.newsletters.staff.welcome_settings_form import FOLDINGS, WelcomeSettingsForm
from eventsys.newsletters.welcome.drawing import trial_sheet
from eventsys.newsletters.welcome.envelopes import LEFT_WINDOW, RIGHT_WINDOW, BadWindow, window_of
from eventsys.newsletters.welcome.settings import change_settings, welcome_settings
from eventsys.staff.guards import may_enter, signed_in, staff_only

PAGE = "newsletters_staff.show_welcome_settings"
PRESETS = {"hoger": ("Höger fönster", RIGHT_WINDOW), "vanster": ("Vänster fönster", LEFT_WINDOW)}


@doors.get("/valkomstbrev/installningar")
@staff_only(*WRITERS)
def show_welcome_settings() -> ResponseReturnValue:
    """`?fonster=hoger` fills in the measures of a usual window, which nobody has kept yet."""
    form = WelcomeSettingsForm(formdata=None)
    form.show(welcome_settings())
    if (name := request.args.get("fonster", "")) in PRESETS:
        form.show_window(PRESETS[name][1])
    return _page(form)


def _page(form: WelcomeSettingsForm) -> str:
    kept = welcome_settings()
    return section_page(
        "welcome_settings", "show_rounds", form=form, kept=kept, window=window_of(kept), foldings=FOLDINGS,
        presets=PRESETS, chosen=request.args.get("fonster", ""),
        may_change=may_enter(signed_in(), frozenset(LIST_TAKERS)),
    )  # fmt: skip


@doors.post("/valkomstbrev/installningar")
@staff_only(*LIST_TAKERS)
def submit_welcome_settings() -> ResponseReturnValue:
    form = WelcomeSettingsForm()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        with transaction():
            change_settings(
                form.starts_on.data, form.most_months.data, form.series_id.id_chosen, form.window, form.fold
            )
    except BadWindow as refusal:
        form.refuse(refusal)
        return _page(form), 422
    flash("Inställningarna är sparade. Skriv ut provarket om du har ändrat fönstret.", "good")
    return redirect(url_for(PAGE))


@doors.get("/valkomstbrev/provark.pdf")
@staff_only(*WRITERS)
def show_test_sheet() -> ResponseReturnValue:
    """The window's frame, the folds and a ruler on an A4, from the settings that are kept."""
    kept = welcome_settings()
    try:
        content = trial_sheet(window_of(kept), kept.folding)
    except documents.NoPdf:
        flash("Servern kan inte göra PDF. Be den som sköter servern att köra eventsys check.", "warn")
        return redirect(url_for(PAGE))
    return download(content, "application/pdf", "provark-fonsterkuvert.pdf")
