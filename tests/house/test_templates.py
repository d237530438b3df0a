"""Rules for every template and style sheet, checked in the files themselves."""

import re
from pathlib import Path

import pytest

from eventsys.paths import STATIC, TEMPLATES

PAGES = sorted(path for path in TEMPLATES.rglob("*.html"))
PDF = (
    "badges_pdf.html",
    "door_list_pdf.html",
    "extract_pdf.html",
    "issue_pdf.html",
    "kitchen_pdf.html",
    "poster_pdf.html",
    "report_pdf.html",
    "protocol_pdf.html",
    "representation_pdf.html",
    "results_pdf.html",
    "ticket_pdf.html",
    "welcome_addresses_pdf.html",
    "welcome_pdf.html",
    "welcome_test_sheet_pdf.html",
)


def named(path: Path) -> str:
    return str(path.relative_to(TEMPLATES))


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_page_has_no_inline_style_or_script(page):
    if page.name in PDF:
        return
    text = page.read_text(encoding="utf-8")
    assert " style=" not in text
    assert "<style" not in text
    assert not re.search(r"<script(?![^>]*(src=|application/ld\+json))", text)
    assert not re.search(r"\son[a-z]+=", text)


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_page_fetches_nothing_from_another_host(page):
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"<(img|script|link|iframe|source|form)\b[^>]*(src|href|action)=[\"']https?://", text)


def test_every_template_compiles(app_once):
    for page in TEMPLATES.rglob("*.*"):
        app_once.jinja_env.get_template(str(page.relative_to(TEMPLATES)))


def test_style_sheets_and_scripts_stay_small():
    public, staff = (STATIC / "css" / f"{name}.css" for name in ("app", "staff"))
    assert public.stat().st_size < 30_000
    assert public.stat().st_size + staff.stat().st_size < 40_000
    assert (STATIC / "js" / "site.js").stat().st_size < 30_000
