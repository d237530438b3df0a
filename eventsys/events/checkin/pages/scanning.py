"""Doors for the page's script: the list, and what was scanned."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, jsonify, make_response, request

from eventsys.clock import now
from eventsys.database import transaction
from eventsys.events.checkin.acts import LONGEST_BODY, Act, BadUpload, read_acts
from eventsys.events.checkin.admitting import admit
from eventsys.events.checkin.answers import as_json
from eventsys.events.checkin.guest_list import guest_list, version_of
from eventsys.events.checkin.opening import Standing
from eventsys.events.checkin.pages.doors import HEADER, Place, doors, for_scripts, place_at, refused
from eventsys.events.checkin.words import WHY


@doors.get("/<token>/lista")
@for_scripts
def show_list(token: str) -> Response:
    """Who is expected and who is in; 304 when nothing has changed since the version the phone has."""
    place = place_at(token)
    if place.standing is not Standing.OPEN:
        return refused(WHY["closed"], 410)
    if place.keeper is None:
        return refused("Skriv PIN-koden igen.", 401)
    version = version_of(place.door, place.keeper)
    if version in request.if_none_match:
        answer = make_response("", 304)
    else:
        answer = jsonify(guest_list(place.door, place.keeper, place.hours, now()))
    answer.set_etag(version)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@doors.post("/<token>/inslapp")
@for_scripts
def submit_scans(token: str) -> Response:
    """Do what the hosts did, each in a transaction of its own, so that one at a time holds up nobody.

    A closed door still takes what phones kept from before it was closed, while its cookie lasts.
    """
    if HEADER not in request.headers:
        return refused("Sidan är gammal. Läs in den på nytt.", 400)
    place = place_at(token)
    if place.keeper is None:
        return refused("Skriv PIN-koden igen.", 401)
    try:
        acts = read_acts(_body())
    except BadUpload as refusal:
        return refused(str(refusal), 422)
    return jsonify(answers=[_answer(place, act) for act in acts])


def _body() -> Any:
    """The JSON sent. Raises BadUpload, also for what is too large, too deep or no text at all."""
    if (request.content_length or 0) > LONGEST_BODY:
        raise BadUpload("Det är för mycket på en gång. Skicka färre poster.")
    try:
        return json.loads(request.get_data(cache=False))
    except (ValueError, RecursionError) as error:
        raise BadUpload("Det som skickades går inte att läsa som JSON.") from error


def _answer(place: Place, act: Act) -> dict[str, Any]:
    if not _is_in_time(place, act):
        return {"nonce": act.nonce, "result": "refused", "why": "closed"}
    assert place.keeper is not None
    with transaction():
        return as_json(admit(place.door.id, act, place.keeper, now()))


def _is_in_time(place: Place, act: Act) -> bool:
    if place.standing is Standing.OPEN:
        return True
    closed_at = place.door.closed_at if place.standing is Standing.CLOSED else place.hours.ends_at
    return bool(closed_at and act.was_offline and act.client_at and act.client_at <= closed_at)
