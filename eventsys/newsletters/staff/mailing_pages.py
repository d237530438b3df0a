"""The pages of a sending, whatever it belongs to: the ledger that adds up, names behind numbers, files, its course."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue

from eventsys import audit
from eventsys.database import transaction
from eventsys.downloads import download
from eventsys.errors import Refused
from eventsys.events.words import LETTERS as STATES
from eventsys.forms import Form
from eventsys.i18n import number
from eventsys.mail.mailings import course, mending
from eventsys.mail.mailings.ledger import COLUMNS, Part, rows_for_download
from eventsys.mail.models import MailingState
from eventsys.newsletters.sending import fates
from eventsys.newsletters.sending.progress import Progress, progress
from eventsys.newsletters.staff.belonging import Belonging
from eventsys.newsletters.staff.doors import LIST_TAKERS
from eventsys.paging import page_in_address, page_urls, text_in_address
from eventsys.sheets import MIME, FileKind, csv_lines, xlsx
from eventsys.staff.guards import may_enter, signed_in

# Each part: its word in addresses, one of it, several, and its colour.
PARTS: dict[Part, tuple[str, str, str, str]] = {
    Part.ACCEPTED: ("skickade", "skickat", "skickade", "good"),
    Part.WAITING: ("vantar", "väntar", "väntar", "info"),
    Part.REJECTED: ("avvisade", "avvisat", "avvisade", "bad"),
    Part.BOUNCED: ("studsade", "studsat", "studsade", "soft"),
    Part.SKIPPED: ("stoppade", "stoppat", "stoppade", "neutral"),
    Part.UNKNOWN: ("okanda", "okänt", "okända", "warn"),
}
_BY_WORD = {words[0]: part for part, words in PARTS.items()}
COURSE = {
    MailingState.DRAFT: ("neutral", "Förbereds"),
    MailingState.PREPARED: ("info", "Förberett"),
    MailingState.SENDING: ("info", "Skickas"),
    MailingState.PAUSED: ("warn", "Pausat"),
    MailingState.CANCELLED: ("bad", "Avbrutet"),
    MailingState.DONE: ("good", "Klart"),
}


# --- the ledger ---------------------------------------------------------------------------------------------------


def ledger_page(of: Belonging, template: str = "ledger", **more: Any) -> str:
    """What became of each letter."""
    return of.page(template, form=Form(formdata=None), **_shown(of, progress(of.mailing)), **more)


def moving_part(of: Belonging) -> str:
    """The part of the page that moves."""
    return render_template("newsletters/staff/_ledger.html", **_shown(of, progress(of.mailing)))


def _shown(of: Belonging, found: Progress) -> dict[str, Any]:
    return {
        "of": of,
        "progress": found,
        "badge": COURSE[found.mailing.state],
        "parts": [_part(of, part, found.ledger.parts[part]) for part in PARTS],
        "may_take_lists": may_enter(signed_in(), frozenset(LIST_TAKERS)),
    }


def _part(of: Belonging, part: Part, how_many: int) -> dict[str, Any]:
    word, one, several, tone = PARTS[part]
    url = of.url("names", lage=word) if how_many else None
    return {"number": how_many, "label": one if how_many == 1 else several, "tone": tone, "url": url}


def names_page(of: Belonging) -> str:
    """The letters of one part of the ledger (`?lage=`), or of all."""
    word, text = request.args.get("lage", ""), text_in_address()
    part = _BY_WORD.get(word)
    names = fates.letters(of.mailing.id, part, text, page_in_address())
    return of.page(
        "ledger_names",
        of=of,
        names=names,
        part=part,
        part_word=word if part else "",
        heading=PARTS[part][2].capitalize() if part else "Alla brev",
        text=text,
        states=STATES,
        can_retry=part is Part.REJECTED and of.mailing.state is not MailingState.CANCELLED,
        pages=page_urls(
            of.endpoint("names"), names.number, names.pages, **of.args, lage=word if part else "", sok=text
        ),
        form=Form(formdata=None),
    )


def left_out_page(of: Belonging) -> str:
    """Who was left out when the recipients were frozen, for one reason (`?orsak=`) or for any."""
    reason, text = request.args.get("orsak", ""), text_in_address()
    names = fates.left_out(of.mailing.id, reason, text, page_in_address())
    return of.page(
        "left_out",
        of=of,
        names=names,
        reason=reason,
        reasons=progress(of.mailing).ledger.exclusions,
        text=text,
        pages=page_urls(of.endpoint("left_out"), names.number, names.pages, **of.args, orsak=reason, sok=text),
    )


def ledger_file(of: Belonging, kind: str) -> Response:
    """Every letter and everybody left out, as a file; who took it out is noted."""
    if kind not in set(FileKind):
        abort(404)
    mailing_id, counted = of.mailing.id, progress(of.mailing).ledger
    with transaction():
        audit.record(f"{of.act}.ledger_taken_out", of.subject, rows=counted.candidates, kind=kind)
    name = f"{of.file_name}.{kind}"
    if kind == FileKind.XLSX:
        return download(xlsx(COLUMNS, rows_for_download(mailing_id), "Utskick"), MIME[FileKind.XLSX], name)
    return _streamed(mailing_id, name)


def _streamed(mailing_id: int, name: str) -> Response:
    """A .csv as it is read, some hundred lines at a time."""

    def pieces() -> Iterator[bytes]:
        lines = csv_lines(COLUMNS, rows_for_download(mailing_id))
        while several := list(itertools.islice(lines, 500)):
            yield b"".join(several)

    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(stream_with_context(pieces()), mimetype=MIME[FileKind.CSV], headers=headers)


# --- its course ---------------------------------------------------------------------------------------------------


def asking_page(of: Belonging, template: str) -> str:
    """A page that asks before something is done to the whole sending."""
    return of.page(template, of=of, progress=progress(of.mailing), form=Form(formdata=None))


def pressed(of: Belonging, act: Callable[[int], str]) -> ResponseReturnValue:
    """Do it to the mailing, and say what was done, or why not."""
    mailing_id, back = of.mailing.id, of.url("ledger")
    try:
        with transaction():
            said = act(mailing_id)
    except Refused as refusal:
        flash(str(refusal), "warn")
    else:
        flash(said, "good")
    return redirect(back)


def pause(mailing_id: int) -> str:
    course.pause(mailing_id)
    return "Utskicket är pausat. Inget mer brev går förrän du låter det fortsätta."


def go_on(mailing_id: int) -> str:
    course.go_on(mailing_id)
    return "Utskicket fortsätter."


def release(mailing_id: int) -> str:
    course.release(mailing_id)
    return "Resten går nu, utan att vänta."


def cancel(mailing_id: int) -> str:
    return f"Utskicket är avbrutet. {number(course.cancel(mailing_id))} brev stoppades."


# --- letters that stopped on the way -------------------------------------------------------------------------------


def _letters(how_many: int, one: str, several: str) -> str:
    """`1 okänt brev`, `2 okända brev`."""
    return f"{number(how_many)} {one if how_many == 1 else several} brev"


def try_deferred(mailing_id: int) -> str:
    return f"{_letters(mending.try_deferred_now(mailing_id), 'uppskjutet', 'uppskjutna')} prövas nu."


def treat_unknown(mailing_id: int) -> str:
    treated = mending.treat_unknown_as_sent(mailing_id)
    return f"{_letters(treated, 'okänt', 'okända')} räknas nu som {'skickat' if treated == 1 else 'skickade'}."


def send_unknown(mailing_id: int) -> str:
    return f"{_letters(mending.send_unknown_again(mailing_id), 'okänt', 'okända')} skickas en gång till."


def send_again(delivery_id: int) -> Callable[[int], str]:
    """The act that tries one rejected letter afresh."""

    def send(mailing_id: int) -> str:
        return f"Brevet till {mending.send_rejected_again(mailing_id, delivery_id)} prövas igen."

    return send
