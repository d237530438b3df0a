"""Pictures of articles: judged by their content, turned upright, scaled, and written anew without what cameras add."""

from __future__ import annotations

import hashlib
import io
import struct
import threading
import zlib
from dataclasses import dataclass
from datetime import datetime

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError
from sqlalchemy import select

from eventsys import audit
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.newsletters.issues.articles import locked_article
from eventsys.newsletters.issues.changing import note_change
from eventsys.newsletters.issues.models import Article, ArticleState, Picture
from eventsys.newsletters.issues.sanitising import line
from eventsys.tokens import new_token

LARGEST = 20 * 1024 * 1024
MOST_PIXELS = {"JPEG": 50_000_000, "PNG": 16_000_000, "WEBP": 16_000_000}
"""As many as a telephone takes. JPEG unpacks at a fraction of its size; the others whole, with 5 bytes a pixel."""
_ONE_AT_A_TIME = threading.Lock()
WIDEST, TALLEST = 1200, 2400
_FORMATS = ("JPEG", "PNG", "WEBP")
_QUALITY = 82
_HEAVY_PNG = 300_000
_UNREADABLE = (
    UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning, OSError, ValueError,
    SyntaxError, EOFError, TypeError, KeyError, IndexError, OverflowError, struct.error, zlib.error,
)  # fmt: skip


class PoorPicture(Refused):
    """The file cannot be used as a picture; the text says what to do."""


@dataclass(frozen=True)
class ReadyPicture:
    """A picture as it is kept and served."""

    content_type: str
    width: int
    height: int
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def read_picture(content: bytes) -> ReadyPicture:
    """The picture in these bytes, ready to be kept. Raises PoorPicture."""
    if not content:
        raise PoorPicture("Filen är tom. Välj en annan.")
    if len(content) > LARGEST:
        raise PoorPicture("Bilden är större än 20 MB. Spara den mindre och välj den igen.")
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as given:
            _refuse_giants(given)
            with _ONE_AT_A_TIME:  # several large ones at once would fill the memory of a small machine
                return _written(_small(given), given.format == "PNG")
    except _UNREADABLE as error:
        raise PoorPicture(
            "Filen är ingen bild som går att läsa, vad den än heter. Välj en bild i formatet JPEG, PNG eller WebP."
        ) from error


def _refuse_giants(given: Image.Image) -> None:
    most = MOST_PIXELS[given.format or "PNG"]
    if given.width * given.height > most:
        millions = most // 1_000_000
        raise PoorPicture(
            f"Bilden har fler än {millions} miljoner bildpunkter. Spara den mindre, gärna som JPEG, och välj den igen."
        )


def _small(given: Image.Image) -> Image.Image:
    """Upright, in plain colours, no larger than needed, and with nothing written beside the picture."""
    given.draft("RGB", (WIDEST * 2, TALLEST * 2))  # lets JPEG unpack at a half, a quarter or an eighth
    ImageOps.exif_transpose(given, in_place=True)
    upright = given
    has_holes = upright.has_transparency_data
    plain = _in_srgb(upright).convert("RGBA" if has_holes else "RGB")
    plain.thumbnail((WIDEST, TALLEST), Image.Resampling.LANCZOS)
    plain.info.clear()
    return plain


def _in_srgb(picture: Image.Image) -> Image.Image:
    """Telephones take pictures in wider colours; without their profile these would look pale."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "CMYK"):
        return picture
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(picture, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return picture
    return converted or picture


def _written(picture: Image.Image, was_png: bool) -> ReadyPicture:
    if picture.mode == "RGBA" or was_png:
        content = _as_png(picture)
        if picture.mode == "RGBA" or len(content) <= _HEAVY_PNG:
            return ReadyPicture("image/png", picture.width, picture.height, content)
    return ReadyPicture("image/jpeg", picture.width, picture.height, _as_jpeg(picture))


def _as_png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _as_jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return out.getvalue()


# --- on an article ------------------------------------------------------------------------------------------------


def set_picture(
    article_id: int, ready: ReadyPicture, uploaded_by: str, account_id: int | None, at: datetime
) -> Article:
    """Show this picture at the article. Without a description yet, the article is not ready any more.

    The same picture is kept once, however often it is uploaded. Raises NotFound, NotEditable, MovedMeanwhile. Flushes.
    """
    article, issue = locked_article(article_id)
    picture = keep_picture(ready, uploaded_by, at)
    if article.picture_id == picture.id:
        return article
    article.picture_id, article.changed_at = picture.id, at
    if not article.alt and article.state is ArticleState.READY:
        article.state = ArticleState.DRAFT
    if issue is not None:
        note_change(issue, account_id, at)
    db.session.flush()
    db.session.expire(article, ["picture"])
    audit.record("picture.added", f"article:{article_id}", picture=picture.id)
    return article


def keep_picture(ready: ReadyPicture, uploaded_by: str, at: datetime) -> Picture:
    """The row of this picture, the same one for the same bytes. Flushes, does not commit."""
    known = db.session.scalar(select(Picture).where(Picture.sha256 == ready.sha256).order_by(Picture.id).limit(1))
    if known is not None:
        return known
    picture = Picture(
        token=new_token(), content_type=ready.content_type, width=ready.width, height=ready.height,
        content=ready.content, sha256=ready.sha256, uploaded_by=line(uploaded_by)[:120], uploaded_at=at,
    )  # fmt: skip
    db.session.add(picture)
    db.session.flush()
    return picture


def take_picture_away(article_id: int, account_id: int | None, at: datetime) -> Article:
    """The article has no picture any more; letters that were sent keep theirs. Raises as `set_picture`. Flushes."""
    article, issue = locked_article(article_id)
    if article.picture_id is not None:
        article.picture_id, article.alt, article.changed_at = None, "", at
        if issue is not None:
            note_change(issue, account_id, at)
    db.session.flush()
    db.session.expire(article, ["picture"])
    return article
