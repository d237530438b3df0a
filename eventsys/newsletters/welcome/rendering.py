"""The finished welcome letter of a round, with tokens where copies differ, and its QR codes as pictures of our own."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from PIL import Image
from sqlalchemy import select

from eventsys import documents
from eventsys.config import settings
from eventsys.database import db
from eventsys.events.models import Event, EventState
from eventsys.i18n import link
from eventsys.mail.compose import compose
from eventsys.mail.splice import Rendered, list_headers
from eventsys.newsletters.addresses import LEAVE, PREFERENCES, picture_url
from eventsys.newsletters.issues.models import Picture
from eventsys.newsletters.issues.pictures import ReadyPicture, keep_picture
from eventsys.newsletters.issues.rendering import styled
from eventsys.newsletters.issues.sanitising import as_text, harmless
from eventsys.newsletters.issues.showing import event_facts
from eventsys.newsletters.subscriptions.models import SignUpCode
from eventsys.newsletters.welcome.models import WelcomeRound

FOLDER = "newsletters/welcome"
RECIPIENT = "RECIPIENT"
"""The companies that a copy is for."""
TOKENS = (LEAVE, PREFERENCES, RECIPIENT)
SHOWN = 148
"""The side of a QR code in the letter, in CSS pixels."""
_PIXELS = 8  # a module: sharp on screens with small pixels


@dataclass(frozen=True)
class Target:
    """Where the letter leads: by a button, and by a QR code when its picture is kept."""

    url: str
    qr_url: str


@dataclass(frozen=True)
class Gathering:
    """The event that the letter invites to look at, in words."""

    title: str
    facts: list[tuple[str, str]]
    target: Target


def letter_of(welcome_round: WelcomeRound) -> Rendered:
    """The letter as it would leave now: equal rows give equal bytes. Four queries at most."""
    email = compose(FOLDER, "sv", _context(welcome_round))
    return Rendered(
        subject=email.subject,
        text=email.text,
        html=email.html,
        tokens=TOKENS,
        headers=list_headers(f"valkomstbrev.{urlsplit(settings().base_url).hostname}"),
        reply_to=settings().mail_reply_to,
    )


def _context(welcome_round: WelcomeRound) -> dict[str, object]:
    event = gathering_of(welcome_round)
    return {
        "subject": harmless(welcome_round.subject) or welcome_round.name,
        "body_html": styled(harmless(welcome_round.body)),
        "body_text": as_text(welcome_round.body),
        "gathering": _shown(event) if event else None,
        "sign_up": _target(sign_up_url(welcome_round)),
        "side": SHOWN,
    }


def gathering_of(welcome_round: WelcomeRound) -> Event | None:
    """The event of the round, whatever has become of it."""
    return db.session.get(Event, welcome_round.event_id) if welcome_round.event_id is not None else None


def trouble_with_gathering(welcome_round: WelcomeRound, at: datetime) -> str:
    """Why nobody can come to it, in Swedish with what to do, or ""."""
    event = gathering_of(welcome_round)
    if event is None:
        return ""
    if event.state is EventState.CANCELLED:
        return f"{event.title} är inställt. Välj en annan träff, eller ingen."
    if event.state is EventState.DRAFT:
        return f"{event.title} är inte publicerat, så länken leder ingenstans. Publicera det, eller välj ett annat."
    return f"{event.title} har redan varit. Välj en annan träff, eller ingen." if event.starts_at <= at else ""


def _shown(event: Event) -> Gathering:
    return Gathering(harmless(event.title), event_facts(event), _target(event_url(event)))


def event_url(event: Event) -> str:
    """The page of the gathering."""
    return link("events.show_event", slug=event.slug)


def sign_up_url(welcome_round: WelcomeRound) -> str:
    """The page where one asks for Företagsamt, with the round's own code, so that its sign-ups are counted."""
    code = db.session.get(SignUpCode, welcome_round.code_id) if welcome_round.code_id is not None else None
    return link("newsletters.show_sign_up", kalla=code.code) if code else link("newsletters.show_sign_up")


# --- QR codes -----------------------------------------------------------------------------------------------------


def keep_qr_codes(welcome_round: WelcomeRound, by: str, at: datetime) -> None:
    """The pictures that the letter shows are kept, each once. Flushes, does not commit."""
    event = gathering_of(welcome_round)
    for address in [sign_up_url(welcome_round), *([event_url(event)] if event else [])]:
        content = documents.qr_png(address, _PIXELS)
        with Image.open(io.BytesIO(content)) as drawn:
            keep_picture(ReadyPicture("image/png", drawn.width, drawn.height, content), by, at)


def _target(address: str) -> Target:
    sha256 = hashlib.sha256(documents.qr_png(address, _PIXELS)).hexdigest()
    token = db.session.scalars(select(Picture.token).where(Picture.sha256 == sha256).order_by(Picture.id)).first()
    return Target(address, picture_url(token) if token else "")
