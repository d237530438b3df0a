"""The picture that other sites show when an event's address is shared (Open Graph, 1200 x 630)."""

from __future__ import annotations

import io
import textwrap

from PIL import Image, ImageDraw, ImageFont

from eventsys.events.cards import date_parts, series_name
from eventsys.events.models import Event
from eventsys.i18n import language, period
from eventsys.identity import identity
from eventsys.paths import FONTS

SIZE = (1200, 630)
MARGIN = 80
PAPER, INK, MUTED = "#faf9f5", "#1a2326", "#56616a"


def share_picture(event: Event) -> bytes:
    """Date block, series, title, time and place in the identity's colour, as PNG."""
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    accent = identity().accent
    _weave(draw, accent)
    _date(draw, event, accent)
    _words(draw, event, accent)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / f"hanken-grotesk-{weight}.ttf"), size)


def _weave(draw: ImageDraw.ImageDraw, accent: str) -> None:
    """The woven band, the only ornament."""
    step = 16
    for x in range(0, SIZE[0], step):
        draw.polygon([(x, 8), (x + step / 2, 0), (x + step, 8), (x + step / 2, 16)], fill=accent)


def _date(draw: ImageDraw.ImageDraw, event: Event, accent: str) -> None:
    parts, middle = date_parts(event.starts_at), MARGIN + 110
    draw.rounded_rectangle((MARGIN, 150, MARGIN + 220, 430), 12, fill="#ffffff", outline="#d8d5cb", width=2)
    draw.text((middle, 195), parts["weekday"], MUTED, _font("regular", 34), anchor="mm")
    draw.text((middle, 290), str(parts["day"]), accent, _font("bold", 130), anchor="mm")
    draw.text((middle, 390), parts["month"], INK, _font("bold", 36), anchor="mm")


def _words(draw: ImageDraw.ImageDraw, event: Event, accent: str) -> None:
    left, top = MARGIN + 270, 150
    draw.text((left, top), series_name(event), accent, _font("bold", 34))
    title = event.in_language(language(), "title")
    size = 68 if len(title) <= 45 else 54
    lines = textwrap.wrap(title, width=int(1450 / size), max_lines=4, placeholder="…")
    draw.multiline_text((left, top + 56), "\n".join(lines), INK, _font("bold", size), spacing=10)
    draw.text((left, 468), period(event.starts_at, event.ends_at), INK, _font("regular", 34))
    draw.text((left, 516), event.place, MUTED, _font("regular", 34))
    draw.text((MARGIN, 580), identity().name, MUTED, _font("bold", 28), anchor="lm")
