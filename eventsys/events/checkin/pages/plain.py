"""Doors without script: type a code or a name, press a button. Works wherever there is network."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue

from eventsys.clock import now
from eventsys.database import transaction
from eventsys.events.checkin import words
from eventsys.events.checkin.acts import BadUpload, read_acts
from eventsys.events.checkin.admitting import Answer, admit
from eventsys.events.checkin.counting import counts_here
from eventsys.events.checkin.entering import form_key, is_own_form
from eventsys.events.checkin.opening import Standing
from eventsys.events.checkin.pages.doors import Place, doors, page, place_at, shut_page
from eventsys.events.checkin.searching import find
from eventsys.forms import squeeze


def plain_part(place: Place, searched: str) -> dict[str, Any]:
    """What the forms need: who was found, and a nonce for each form so that pressing twice is once."""
    q = squeeze(searched)[:80]
    found = find(place.door.event_id, q) if q else []
    return {"q": q, "found": found, "counts": counts_here(place.door), "new_nonce": lambda: secrets.token_urlsafe(18)}


@doors.post("/<token>/enkel")
def submit_plainly(token: str) -> ResponseReturnValue:
    """One act from a form; the answer stands above the forms."""
    place = place_at(token)
    if place.standing is not Standing.OPEN:
        return shut_page(place)
    if place.keeper is None or not is_own_form():
        return page("pin", place, 403, error="Skriv PIN-koden igen.", script_version="")
    try:
        [act] = read_acts({"scans": [_scan()]})
    except BadUpload:
        return _plain_page(place, error="Skriv en kod eller ett namn, och kontrollera e-postadressen.")
    with transaction():
        answer = admit(place.door.id, act, place.keeper, now())
        shown = _shown(answer)
    return _plain_page(place_at(token), shown=shown)


def _scan() -> dict[str, Any]:
    fields = {name: request.form.get(name, "") for name in ("nonce", "act", "code", "name", "company", "email")}
    number = request.form.get("n", "")
    known = {"n": int(number)} if number.isascii() and number.isdigit() and len(number) < 10 else {}
    return {**fields, **known, "anyway": "anyway" in request.form}


def _shown(answer: Answer) -> dict[str, Any]:
    kind, word, advice = words.RESULTS[answer.result]
    entry, person, other = answer.entry, answer.attendee, answer.other
    return {
        "kind": kind, "word": word, "advice": words.WHY.get(answer.why, advice),
        "name": person.name if person else "", "company": person.registration.company_name if person else "",
        "at": person.checked_in_at if person else None, "door": entry.door.name if entry else "",
        "already": answer.result.value == "already", "other": other.title if other else "",
        "other_at": other.starts_at if other else None,
    }  # fmt: skip


def _plain_page(place: Place, shown: dict[str, Any] | None = None, error: str = "") -> Response:
    return page(
        "plain", place, 422 if error else 200, shown=shown, error=error, key=form_key(), keepers=words.KEEPERS,
        **plain_part(place, ""),
    )  # fmt: skip
