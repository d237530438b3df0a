"""Letters that the local catcher kept, as a mail program would show them."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage

import pytest

from eventsys.config import settings
from eventsys.mail.catcher import keep_letter, letters_folder
from eventsys.staff.models import Role

PIXEL = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"
HTML = """<html lang="sv"><head><style>p{color:red}</style></head><body onload="alert(1)">
<p>Du är anmäld</p><script>alert(1)</script><img src="cid:qr@x" alt="kod"><img src="https://spy.example/x.gif">
<a href="https://boras.example/bokning/x">Ändra</a></body></html>"""


@pytest.fixture
def folder(app):
    letters_folder().mkdir(parents=True, exist_ok=True)
    yield letters_folder()
    for file in letters_folder().glob("*.eml"):
        file.unlink()


def catch(folder, subject="Du är anmäld", html=HTML, **attachments):
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "Näringsliv <n@boras.example>", "Åsa Ek <asa@foretag.se>", subject
    letter.set_content("Du är anmäld\nhttps://boras.example/bokning/x")
    letter.add_alternative(html, subtype="html")
    letter.get_payload()[1].add_related(PIXEL, "image", "gif", cid="<qr@x>")
    for filename, content in attachments.items():
        letter.add_attachment(content, maintype="text", subtype="html", filename=filename.replace("_", "."))
    return keep_letter(folder, letter.as_bytes().replace(b"\n", b"\r\n"))


def test_the_list_says_from_whom_to_whom_and_what(signed_in_client, folder):
    catch(folder)
    page = signed_in_client(Role.EDITOR).get("/personal/brev/fangade").text
    for shown in ("Du är anmäld", "Åsa Ek", "asa@foretag.se", "Näringsliv"):
        assert shown in page


def test_an_empty_list_says_what_to_do(signed_in_client, folder):
    assert "Inga brev än" in signed_in_client(Role.EDITOR).get("/personal/brev/fangade").text


def test_a_letter_has_tabs_for_what_is_in_it(signed_in_client, folder):
    name, browser = catch(folder, biljett_html=b"<p>"), signed_in_client(Role.EDITOR)
    page = browser.get(f"/personal/brev/fangade/{name}").text
    assert f'src="/personal/brev/fangade/{name}/html"' in page
    assert 'sandbox="allow-popups' in page
    assert 'href="https://boras.example/bokning/x"' in browser.get(f"/personal/brev/fangade/{name}?visa=text").text
    assert "<dt>Subject</dt>" in browser.get(f"/personal/brev/fangade/{name}?visa=huvud").text
    assert "biljett.html" in browser.get(f"/personal/brev/fangade/{name}?visa=bilagor").text
    assert browser.get(f"/personal/brev/fangade/{name}?visa=x").status_code == 200


def test_the_framed_letter_runs_nothing_and_fetches_nothing(signed_in_client, folder):
    name = catch(folder)
    answer = signed_in_client(Role.EDITOR).get(f"/personal/brev/fangade/{name}/html")
    policy = answer.headers["Content-Security-Policy"]
    for rule in ("default-src 'none'", "img-src data: 'self'", "style-src 'unsafe-inline'", "frame-ancestors 'self'"):
        assert rule in policy
    assert "sandbox allow-popups" in policy
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "data:image/gif;base64," in answer.text
    assert '<head><base target="_blank">' in answer.text


def test_only_the_frame_has_the_weaker_style_rule(signed_in_client, folder):
    name, browser = catch(folder), signed_in_client(Role.EDITOR)
    for path in ("", f"/{name}", f"/{name}?visa=text"):
        policy = browser.get(f"/personal/brev/fangade{path}").headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy


def test_a_subject_cannot_break_out_of_the_page(signed_in_client, folder):
    name, browser = catch(folder, subject='"><script>alert(1)</script>'), signed_in_client(Role.EDITOR)
    for path in ("", f"/{name}", f"/{name}?visa=huvud"):
        assert "<script>alert" not in browser.get(f"/personal/brev/fangade{path}").text


def test_attachments_are_saved_and_never_shown(signed_in_client, folder):
    name, browser = catch(folder, elak_html=b"<script>alert(1)</script>"), signed_in_client(Role.EDITOR)
    answer = browser.get(f"/personal/brev/fangade/{name}/bilaga/0")
    assert answer.data == b"<script>alert(1)</script>"
    assert answer.headers["Content-Disposition"] == "attachment; filename=elak.html"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert browser.get(f"/personal/brev/fangade/{name}/bilaga/1").status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "../secret_key",
        "..%2Fsecret_key",
        "%2e%2e%2fsecret_key",
        "....//secret_key",
        "%2Fetc%2Fpasswd",
        "..",
        ".",
        "20260101T000000000000-00000000.eml",
        "20260101T000000000000-00000000.eml%0a",
        "x.eml",
        "..%5Csecret_key",
        "%00",
    ],
)
def test_no_name_leads_out_of_the_folder(signed_in_client, folder, name):
    (folder.parent / "secret_key").write_text("hemligt")
    browser = signed_in_client(Role.ADMINISTRATOR)
    for path in (name, f"{name}/html", f"{name}/bilaga/0"):
        answer = browser.get(f"/personal/brev/fangade/{path}")
        assert answer.status_code in (404, 308, 301), path
        assert "hemligt" not in answer.text


def test_with_a_relay_there_are_no_caught_letters(app, signed_in_client, folder):
    name, browser = catch(folder), signed_in_client(Role.ADMINISTRATOR)
    assert "Fångade brev" in browser.get("/personal/brev").text
    before = settings()
    app.extensions["eventsys_settings"] = replace(before, smtp_url="smtp://relay.boras.example:587")
    try:
        assert "Fångade brev" not in browser.get("/personal/brev").text
        for path in ("", f"/{name}", f"/{name}/html", f"/{name}/bilaga/0"):
            assert browser.get(f"/personal/brev/fangade{path}").status_code == 404
    finally:
        app.extensions["eventsys_settings"] = before


@pytest.mark.parametrize("role", [Role.HOST, Role.CO_ORGANISER])
def test_others_see_no_caught_letters(signed_in_client, folder, role):
    name, browser = catch(folder), signed_in_client(role)
    for path in ("", f"/{name}", f"/{name}/html", f"/{name}/bilaga/0"):
        assert browser.get(f"/personal/brev/fangade{path}").status_code == 403
