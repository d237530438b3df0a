"""Paper: PDF is drawn from what we give it, and from nothing else."""

import io

from jinja2 import DictLoader
from PIL import Image, ImageFile
from pypdf import PdfReader

from eventsys import documents


def test_drawing_pdf_reads_no_file_of_the_machine(app_once, tmp_path, monkeypatch):
    secret = tmp_path / "secret.png"
    Image.new("RGB", (40, 40), "red").save(secret)
    page = f'<html lang="sv"><title>x</title><img alt="" src="{secret.as_uri()}"><p>text</p></html>'
    monkeypatch.setattr(app_once.jinja_env, "loader", DictLoader({"page.html": page}))
    with app_once.test_request_context():
        made = documents.pdf("page.html")
    pages = PdfReader(io.BytesIO(made)).pages
    assert "text" in pages[0].extract_text()
    assert not pages[0].images


def test_pictures_cut_short_are_still_refused_after_a_pdf_was_drawn():
    assert documents.draws_pdf()
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False
