"""Doors: the rounds of welcome letters of a year, and a round's list: who gets what and why, and strikes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from eventsys.clock import local, now
from eventsys.companies.newcomers import our_postcodes
from eventsys.database import transaction
from eventsys.errors import Refused
from eventsys.folding import fold
from eventsys.forms import Form
from eventsys.newsletters.staff.doors import WRITERS, doors, round_page, section_page
from eventsys.newsletters.staff.welcome_forms import RoundForm, StrikeForm, UntilForm
from eventsys.newsletters.welcome import planning, striking
from eventsys.newsletters.welcome import words as welcome_words
from eventsys.newsletters.welcome.approving import rounds_waiting_for
from eventsys.newsletters.welcome.cohort import Numbers, Place, numbers_of, places_of, reckon
from eventsys.newsletters.welcome.models import RoundState, WelcomeRound
from eventsys.newsletters.welcome.queries import (
    frozen_numbers,
    open_round,
    round_by_id,
    rounds_of,
    welcome_rounds_in,
    years_with_rounds,
)
from eventsys.newsletters.welcome.settings import welcome_settings
from eventsys.paging import BIGGEST_ID, ID, page_in_address, page_urls, text_in_address
from eventsys.staff.guards import signed_in, staff_only

ROUNDS, LIST = "newsletters_staff.show_rounds", "newsletters_staff.show_round"
PATH = f"/valkomstbrev/<{ID}:round_id>"
PAGE = 50
GOAL = 4
"""Rounds a year, as the plan of the office says."""
HINTED = "tank-pa"


@doors.get("/valkomstbrev")
@staff_only(*WRITERS)
def show_rounds() -> ResponseReturnValue:
    """The rounds of a year (`?ar=`), what waits for whoever looks, and the next one to make."""
    return _rounds_page(_fresh_form())


def _fresh_form() -> RoundForm:
    asks_start = welcome_settings().starts_on is None
    return RoundForm(asks_start, formdata=None, data={"registered_until": local(now()).date()})


def _rounds_page(form: RoundForm) -> str:
    this_year = local(now()).year
    asked = request.args.get("ar", this_year, type=int)
    year = asked if asked in {*years_with_rounds(), this_year} else this_year
    rounds = rounds_of(year)
    return section_page(
        "welcome_rounds",
        "show_rounds",
        year=year,
        years=sorted({*years_with_rounds(), this_year}),
        rounds=rounds,
        numbers=_numbers(rounds),
        sent=welcome_rounds_in(year),
        goal=GOAL,
        still_open=open_round(),
        next_name=f"{planning.next_number(this_year)} {this_year}",
        waiting=rounds_waiting_for(signed_in()),
        settings=welcome_settings(),
        has_postcodes=bool(our_postcodes()),
        form=form,
    )


def _numbers(rounds: Sequence[WelcomeRound]) -> dict[int, Numbers]:
    drafts = {one.id: numbers_of(reckon(one)) for one in rounds if one.state is RoundState.DRAFT}
    return frozen_numbers(rounds) | drafts


@doors.post("/valkomstbrev")
@staff_only(*WRITERS)
def submit_round() -> ResponseReturnValue:
    """Make the next round; before the first one also keep the day from which companies are new."""
    form = RoundForm(welcome_settings().starts_on is None)
    if not form.validate_on_submit():
        return _rounds_page(form), 422
    account = signed_in()
    try:
        with transaction():
            if "starts_on" in form:
                planning.begin_on(form.starts_on.data)
            made = planning.make_round(account.id, account.name, form.registered_until.data, now())
            round_id, name = made.id, made.name
    except Refused as refusal:
        flash(str(refusal), "warn")
        return redirect(url_for(ROUNDS))
    flash(f"{name} är gjord. Gå igenom listan, och stryk dem som inte ska ha brevet.", "good")
    return redirect(url_for(LIST, round_id=round_id))


# --- the list of a round ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """Which companies of a round are wanted, as the address says."""

    show: str
    text: str

    def fits(self, one: Place) -> bool:
        if self.show == HINTED:
            return one.gets_letter and bool(one.hints) and self._says(one)
        choice = welcome_words.CHOICE_WORDS.get(self.show)
        return choice in (None, one.choice) and self._says(one)

    def _says(self, one: Place) -> bool:
        said = fold(f"{one.name} {one.number or ''} {one.address} {one.postal} {one.reason}")
        return all(word in said for word in fold(self.text).split())


@doors.get(PATH)
@staff_only(*WRITERS)
def show_round(round_id: int) -> ResponseReturnValue:
    """Who gets what and why (`?visa=`, `?sok=`), page by page."""
    return _list_page(round_by_id(round_id), StrikeForm(formdata=None))


def _list_page(found: WelcomeRound, form: StrikeForm, until: UntilForm | None = None) -> str:
    places = places_of(found)
    wanted = Wanted(request.args.get("visa", ""), text_in_address())
    fitting = [one for one in places if wanted.fits(one)]
    pages = max(1, -(-len(fitting) // PAGE))
    page = min(page_in_address(), pages)
    return round_page(
        "welcome_list",
        found,
        "show_round",
        numbers=numbers_of(places),
        chips=_chips(found, places, wanted.show),
        wanted=wanted,
        total=len(fitting),
        first=(page - 1) * PAGE + 1,
        names=fitting[(page - 1) * PAGE : page * PAGE],
        pages=page_urls(LIST, page, pages, round_id=found.id, visa=wanted.show, sok=wanted.text),
        may_change=found.state is not RoundState.SENT,
        form=form,
        until=until or UntilForm(formdata=None, data={"registered_until": found.registered_until}),
    )


def _chips(found: WelcomeRound, places: Sequence[Place], shown: str) -> list[dict[str, Any]]:
    labels = {
        "": "Alla", "e-post": "E-post", "papper": "Papper", "strukna": "Strukna", "utelamnas": "Utelämnas",
        HINTED: "Värda en tanke",
    }  # fmt: skip
    return [
        {
            "label": f"{label} ({sum(Wanted(word, '').fits(one) for one in places)})",
            "url": url_for(LIST, round_id=found.id, visa=word or None),
            "current": word == shown,
        }
        for word, label in labels.items()
    ]


@doors.post(f"{PATH}/listan")
@staff_only(*WRITERS)
def submit_strikes(round_id: int) -> ResponseReturnValue:
    """Strike the ticked companies (`ids`) for the chosen reason, or take their strikes back (`gor`)."""
    form, account, ids = StrikeForm(), signed_in(), _ticked()
    takes_back = request.form.get("gor") == "ta-tillbaka"
    if not takes_back and not form.validate_on_submit():
        return _list_page(round_by_id(round_id), form), 422
    try:
        with transaction():
            if takes_back:
                done = striking.take_back_strikes(round_id, ids, account.id, now())
            else:
                done = striking.strike(round_id, ids, form.words, account.name, account.id, now())
    except Refused as refusal:
        flash(str(refusal), "warn")
    else:
        flash(_done(done, takes_back), "good")
    return redirect(_address_of_list(round_id))


def _ticked() -> list[int]:
    return [one for one in request.form.getlist("ids", type=int) if 0 < one <= BIGGEST_ID]


def _done(companies: int, takes_back: bool) -> str:
    how_many = "1 företag är" if companies == 1 else f"{companies} företag är"
    if takes_back:
        return f"{how_many} med igen."
    return f"{how_many} {'struket' if companies == 1 else 'strukna'}, och får inget brev."


def _address_of_list(round_id: int) -> str:
    """With the filter that the form's address carries."""
    kept = {name: request.args.get(name, "")[:100] or None for name in ("visa", "sok")}
    return url_for(LIST, round_id=round_id, visa=kept["visa"], sok=kept["sok"])


@doors.post(f"{PATH}/till-och-med")
@staff_only(*WRITERS)
def submit_until(round_id: int) -> ResponseReturnValue:
    """Another last day of registration."""
    form = UntilForm()
    if not form.validate_on_submit():
        return _list_page(round_by_id(round_id), StrikeForm(formdata=None), form), 422
    try:
        with transaction():
            planning.ask_until(round_id, form.registered_until.data, signed_in().id, now())
    except Refused as refusal:
        flash(str(refusal), "warn")
    else:
        flash("Listan är räknad på nytt.", "good")
    return redirect(url_for(LIST, round_id=round_id))


@doors.get(f"{PATH}/ta-bort")
@staff_only(*WRITERS)
def show_round_removal(round_id: int) -> ResponseReturnValue:
    """Asks before a draft is removed."""
    return round_page("welcome_removal", round_by_id(round_id), "", form=Form(formdata=None))


@doors.post(f"{PATH}/ta-bort")
@staff_only(*WRITERS)
def submit_round_removal(round_id: int) -> ResponseReturnValue:
    try:
        with transaction():
            planning.remove_round(round_id)
    except Refused as refusal:
        flash(str(refusal), "warn")
        return redirect(url_for(LIST, round_id=round_id))
    flash("Omgången är borttagen. Företagen är med nästa gång.", "good")
    return redirect(url_for(ROUNDS))
