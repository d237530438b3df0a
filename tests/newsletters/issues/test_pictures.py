"""Pictures are judged by their content, turned upright, scaled, written anew without metadata, and served for long."""

from __future__ import annotations

import contextlib
import io

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.newsletters.issues.articles import seen_mark
from eventsys.newsletters.issues.models import Article, ArticleState, Picture
from eventsys.newsletters.issues.pictures import LARGEST, PoorPicture, read_picture, set_picture, take_picture_away
from eventsys.newsletters.issues.queries import issue_by_id
from tests.newsletters.issues.scenes import make_article, make_issue
from tests.staff_fixtures import Visitor, see_anew


def picture(kind: str = "JPEG", size: tuple[int, int] = (1600, 900), mode: str = "RGB", **given: object) -> bytes:
    image = Image.new(mode, size, (120, 160, 90, 255)[: len(mode)] if mode != "P" else 0)
    if mode == "RGB":
        image.paste((200, 30, 30), (0, 0, size[0] // 2, size[1] // 2))
    out = io.BytesIO()
    image.save(out, kind, **given)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def test_a_large_photo_is_scaled_to_twelve_hundred_wide() -> None:
    ready = read_picture(picture(size=(4000, 3000)))
    assert (ready.content_type, ready.width, ready.height) == ("image/jpeg", 1200, 900)
    assert opened(ready.content).size == (1200, 900)


def test_a_small_one_keeps_its_size() -> None:
    assert read_picture(picture(size=(300, 200))).width == 300


def test_a_photo_is_turned_upright_and_says_nothing_of_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter clockwise
    exif[0x010F] = "Kameramärke"
    exif.get_ifd(0x8825)[1] = "N"
    ready = read_picture(picture(size=(800, 400), exif=exif.tobytes(), comment=b"hemlig plats"))
    assert (ready.width, ready.height) == (400, 800)
    found = opened(ready.content)
    assert not found.getexif()
    assert "comment" not in found.info
    for secret in (b"Kamera", b"hemlig", b"Exif"):
        assert secret not in ready.content
    red, green, _ = found.convert("RGB").getpixel((390, 10))
    assert red > 150 > green, "the corner that was at the left is at the right"


def test_a_drawing_with_holes_stays_a_png_with_holes() -> None:
    ready = read_picture(picture("PNG", mode="RGBA"))
    assert ready.content_type == "image/png"
    assert opened(ready.content).mode == "RGBA"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_three_formats_are_taken(kind: str) -> None:
    assert read_picture(picture(kind)).content_type in ("image/jpeg", "image/png")


def test_print_colours_and_profiles_become_those_of_screens() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    ready = read_picture(picture(icc_profile=profile))
    assert "icc_profile" not in opened(ready.content).info
    assert opened(read_picture(picture(mode="CMYK")).content).mode == "RGB"


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00" + b"\x00" * 2000,  # a program for Windows
        b"GIF89a" + b"\x00" * 100,
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%PDF-1.7",
        picture()[:500],
        b"\xff\xd8\xff" + b"x" * 300,
        b"\x89PNG\r\n\x1a\n" + b"x" * 300,
        b"RIFF\x00\x00\x00\x00WEBP" + b"x" * 50,
    ],
)
def test_what_is_no_picture_is_refused_whatever_it_is_called(content: bytes) -> None:
    with pytest.raises(PoorPicture, match="ingen bild"):
        read_picture(content)


def test_a_picture_that_unpacks_to_gigabytes_is_refused_before_it_does() -> None:
    bomb = picture("PNG", (12_000, 12_000), "L")
    assert len(bomb) < 1_000_000
    with pytest.raises(PoorPicture, match=r"bildpunkter|ingen bild"):
        read_picture(bomb)


def test_a_drawing_of_more_pixels_than_memory_allows_is_refused_and_a_photo_of_as_many_is_taken() -> None:
    size = (5000, 4000)
    with pytest.raises(PoorPicture, match=r"16 miljoner bildpunkter.*JPEG"):
        read_picture(picture("PNG", size))
    assert read_picture(picture("JPEG", size)).width == 1200


@settings(max_examples=60, deadline=None)
@given(data=st.data(), kind=st.sampled_from(["JPEG", "PNG", "WEBP"]))
def test_a_damaged_picture_is_shown_or_refused_and_breaks_nothing(data: st.DataObject, kind: str) -> None:
    content = bytearray(picture(kind, (40, 30)))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(PoorPicture):
        assert read_picture(bytes(content)).width > 0


def test_empty_and_heavy_files_are_refused() -> None:
    with pytest.raises(PoorPicture, match="tom"):
        read_picture(b"")
    with pytest.raises(PoorPicture, match="20 MB"):
        read_picture(b"x" * (LARGEST + 1))


# --- on an article ------------------------------------------------------------------------------------------------


def test_a_ready_article_that_gets_a_picture_without_words_is_a_draft_again(app: Flask) -> None:
    issue = make_issue(articles=1)
    article = issue_by_id(issue.id).articles[0]
    with transaction():
        set_picture(article.id, read_picture(picture()), "Eva", None, now())
    see_anew()
    found = db.session.get_one(Article, article.id)
    assert found.state is ArticleState.DRAFT
    assert found.picture is not None
    with transaction():
        take_picture_away(article.id, None, now())
    see_anew()
    assert db.session.get_one(Article, article.id).picture is None


def test_the_same_picture_is_kept_once(app: Flask) -> None:
    issue = make_issue()
    ready = read_picture(picture())
    for _ in range(2):
        article = make_article(issue, alt="En röd ruta")
        with transaction():
            set_picture(article.id, ready, "Eva", None, now())
    assert db.session.query(Picture).count() == 1


def test_a_picture_is_served_to_everybody_and_may_be_kept_for_a_year(app: Flask, anyone: Visitor) -> None:
    article = make_article(make_issue(), alt="En röd ruta")
    with transaction():
        kept = set_picture(article.id, read_picture(picture()), "Eva", None, now()).picture
        assert kept is not None
        token, content = kept.token, kept.content
    answer = anyone.get(f"/bild/{token}")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, content, "image/jpeg")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    again = anyone.get(f"/bild/{token}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert anyone.get("/bild/finns-inte").status_code == 404


# --- by the form --------------------------------------------------------------------------------------------------


def send(staff: Visitor, article: Article, content: bytes, name: str = "bild.jpg", **given: str):
    """As a browser sends it. (The test client's own encoder leaves large temporary files open.)"""
    fields = {"heading": "Skriven medan bilden valdes", "lead": "Ingress", "state": "draft", "seen": "", **given}
    head = "".join(
        f'--grans\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in fields.items()
    )
    head += f'--grans\r\nContent-Disposition: form-data; name="picture"; filename="{name}"\r\n\r\n'
    return staff.post(
        f"/personal/nyhetsbrev/artiklar/{article.id}",
        data=head.encode() + content + b"\r\n--grans--\r\n",
        content_type="multipart/form-data; boundary=grans",
    )


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"x" * (40 * 1024 * 1024), "semester.jpg", "större än 20 MB"),
        (b"MZ\x90\x00" + b"\x00" * 2000, "virus.jpg", "ingen bild som går att läsa"),
    ],
)
def test_a_poor_file_is_refused_in_words_and_nothing_written_is_lost(
    app: Flask, staff: Visitor, content: bytes, name: str, words: str
) -> None:
    article = make_article(make_issue(), heading="Kvar", lead="", body="", state=ArticleState.DRAFT)
    answer = send(staff, article, content, name)
    assert answer.status_code == 422
    assert words in answer.text
    assert "Skriven medan bilden valdes" in answer.text
    see_anew()
    assert db.session.get_one(Article, article.id).heading == "Kvar", "nothing is kept of a form that was refused"


def test_text_and_picture_are_saved_with_one_press(app: Flask, staff: Visitor) -> None:
    article = make_article(make_issue(), state=ArticleState.DRAFT)
    answer = send(staff, article, picture(), seen=seen_mark(article), alt="En röd ruta", state="ready")
    assert answer.status_code == 302
    see_anew()
    found = db.session.get_one(Article, article.id)
    assert (found.heading, found.alt, found.state) == ("Skriven medan bilden valdes", "En röd ruta", ArticleState.READY)
    assert found.picture is not None
