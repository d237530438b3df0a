"""Who we are on pages and letters: name, logo and accent colour, one row that administrators edit."""

from __future__ import annotations

import colorsys
import time
from dataclasses import dataclass

from flask import Blueprint, Flask, Response, current_app, g, url_for
from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.local import LocalProxy

from eventsys.database import Base, db
from eventsys.errors import NotFound, Refused
from eventsys.onerow import one_row

doors = Blueprint("identity", __name__)

DEFAULT_ACCENT = "#0f5c66"
WHITE, NIGHT = "#ffffff", "#14181a"
ENOUGH_CONTRAST = 4.5
SECONDS = 1.0
# The accent is also text on its own tint, a little darker than white: 5.2 against white leaves 4.5 there.
ENOUGH_FOR_ACCENT = 5.2


class Identity(Base):
    """The one row. Without it the defaults hold."""

    __tablename__ = "identity"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), default="Näringslivet i Borås")
    tagline: Mapped[str] = mapped_column(String(160), default="Evenemang för företag i Borås")
    tagline_en: Mapped[str] = mapped_column(String(160), default="Events for companies in Borås")
    organisation: Mapped[str] = mapped_column(String(120), default="Näringslivsenheten, Borås Stad")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    contact_phone: Mapped[str] = mapped_column(String(40), default="")
    accent: Mapped[str] = mapped_column(String(7), default=DEFAULT_ACCENT)
    logo: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    logo_type: Mapped[str | None] = mapped_column(String(40))


@dataclass(frozen=True)
class Shown:
    """What templates and letters see of the identity."""

    name: str
    tagline: str
    tagline_en: str
    organisation: str
    contact_email: str
    contact_phone: str
    accent: str
    has_logo: bool

    @property
    def logo_url(self) -> str | None:
        return url_for("identity.show_logo") if self.has_logo else None


class PoorContrast(Refused):
    """The accent colour cannot be read against white."""


def identity() -> Shown:
    """The identity now in force, the same throughout a request or job.

    It is read from the row at most once a second, and anew as soon as this process has changed it.
    """
    if "identity" not in g:
        g.identity = _kept_for_a_moment()
    shown: Shown = g.identity
    return shown


def _kept_for_a_moment() -> Shown:
    at = time.monotonic()
    kept: tuple[float, Shown] | None = current_app.extensions.get("eventsys_identity")
    if kept is None or at - kept[0] > SECONDS:
        kept = (at, _shown(one_row(Identity)))
        current_app.extensions["eventsys_identity"] = kept
    return kept[1]


def forget_identity() -> None:
    """The row has changed: read it anew at the next page."""
    g.pop("identity", None)
    current_app.extensions.pop("eventsys_identity", None)


def _shown(row: Identity) -> Shown:
    return Shown(
        row.name,
        row.tagline,
        row.tagline_en,
        row.organisation,
        row.contact_email,
        row.contact_phone,
        row.accent,
        row.logo_type is not None,
    )


def check_accent(accent: str) -> None:
    """Refuse a colour that white text cannot stand on.

    Raises PoorContrast with the measured ratio and what to do. Contrast as WCAG 2.2 defines it (1.4.3).
    """
    ratio = contrast(accent, WHITE)
    if ratio < ENOUGH_FOR_ACCENT:
        measured = f"{ratio:.1f}".replace(".", ",")
        raise PoorContrast(
            f"Färgen har kontrasten {measured} mot vitt, minst 5,2 behövs för att text ska gå att läsa. "
            "Välj en mörkare."
        )


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two #rrggbb colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def shade(colour: str, lightness: float) -> str:
    """The same hue at another lightness (0-1)."""
    hue, _, saturation = colorsys.rgb_to_hls(*(part / 255 for part in _rgb(colour)))
    parts = colorsys.hls_to_rgb(hue, lightness, saturation)
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


def strong(accent: str) -> str:
    """The accent for hover and pressed: a fifth darker."""
    _, lightness, _ = colorsys.rgb_to_hls(*(part / 255 for part in _rgb(accent)))
    return shade(accent, lightness * 0.78)


def on_dark(accent: str) -> str:
    """The accent in the dark theme: lightened until it can be read on the dark paper."""
    _, lightness, _ = colorsys.rgb_to_hls(*(part / 255 for part in _rgb(accent)))
    while contrast(shade(accent, lightness), NIGHT) < ENOUGH_CONTRAST + 1 and lightness < 0.95:
        lightness += 0.02
    return shade(accent, min(lightness, 0.95))


@doors.get("/identitet.css")
def show_stylesheet() -> Response:
    """The accent as CSS, read after the main stylesheet."""
    accent = identity().accent
    css = f":root{{--accent:{accent};--accent-strong:{strong(accent)};--accent-dark:{on_dark(accent)}}}\n"
    return Response(css, mimetype="text/css", headers={"Cache-Control": "public, max-age=300"})


@doors.get("/logotyp")
def show_logo() -> Response:
    row = db.session.get(Identity, 1)
    if row is None or row.logo is None:
        raise NotFound
    return Response(row.logo, mimetype=row.logo_type, headers={"Cache-Control": "public, max-age=3600"})


def init_identity(app: Flask) -> None:
    app.register_blueprint(doors)
    # A proxy: the pages that say that the database is away must not ask it who we are.
    app.context_processor(lambda: {"identity": LocalProxy(identity)})
