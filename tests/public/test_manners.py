"""What holds for every public address: headers, cookies, methods, refusals. The addresses come from the url_map."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.events.invitations.inviting import Guest, invite
from eventsys.events.invitations.models import Invitation
from eventsys.events.materials.keeping import add_link
from eventsys.events.materials.models import Material
from eventsys.events.models import Registration
from eventsys.events.sources import add_source
from eventsys.newsletters.issues.models import Article
from eventsys.newsletters.responses.keys import new_reader_key
from tests.events.scenes import kept
from tests.factories import make_event, make_registration
from tests.newsletters.readers.scenes import make_whole_issue
from tests.public.reading import Read, everything_kept, filled, form_of
from tests.staff_fixtures import Visitor, visitor

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
FORMS = re.compile(
    r"/anmalan$|/mina-bokningar|/bokning/|/inbjudan|/avsluta|/nyhetsbrev|/enkat|/personuppgifter/begaran"
)  # these may set a cookie


@dataclass
class Scene:
    """Something behind every public address."""

    registration: Registration
    source: str
    material: Material
    invitation: Invitation
    article: Article

    def values(self, rule: Any, whole: bool = True) -> dict[str, Any]:
        asa = self.registration.attendees[0]
        known = {
            "slug": self.registration.event.slug,
            "token": self._token(rule.rule, self.registration.token if whole else asa.token),
            "attendee_id": asa.id,
            "material_id": self.material.id,
            "year": 2026,
            "number": 1,
            "article_token": self.article.token,
            "key": new_reader_key(self.article.issue_id or 0),
            "code": self.source if "source" in rule.endpoint else asa.ticket_code,
        }
        return {name: known[name] for name in rule.arguments}

    def _token(self, rule: str, booking: str) -> str:
        tokens = {"inbjudan": self.invitation.token, "material": self.material.token}
        return tokens.get(rule.removeprefix("/en").split("/")[1], booking)


@pytest.fixture
def scene(app: Flask) -> Scene:
    registration = make_registration(make_event(asks_diet=True), ["Åsa Öberg", "Bo Alm"])
    event_id = registration.event_id
    with transaction():
        material = add_link(event_id, "Bilder", "https://material.example/bilder.pdf", now())
        invite(event_id, [Guest("cia@varp.example", "cia@varp.example", "Cia Varp")], now(), "För hand")
    invitation = db.session.execute(select(Invitation)).scalar_one()
    article = make_whole_issue(2026, 1, registration.event).articles[0]
    return Scene(registration, kept(add_source)(event_id, "Affisch", now()).code, material, invitation, article)


def public_paths(app: Flask, scene: Scene, method: str, whole: bool = True) -> list[str]:
    """Every public address with this method, in Swedish and English, filled in with what is there.

    The door has manners of its own (a camera, a worker, no session): tests/checkin/test_pages.py.
    """
    urls = app.url_map.bind("")
    return [
        urls.build(rule.endpoint, scene.values(rule, whole))
        for rule in app.url_map.iter_rules()
        if method in (rule.methods or ()) and not rule.rule.startswith(("/personal", "/static", "/dorr"))
    ]


def test_looking_never_changes_anything(app: Flask, web: Visitor, scene: Scene) -> None:
    before = everything_kept()
    paths = {*public_paths(app, scene, "GET"), *public_paths(app, scene, "GET", whole=False)}
    assert len(paths) > 50
    for path in sorted(paths):
        query = f"?answer=yes&person={scene.registration.attendees[0].id}&queue=1&cancel=1"
        for method in ("GET", "HEAD"):
            assert web.open(path + query, method=method).status_code < 500, path
    assert everything_kept() == before


def test_a_head_request_is_answered_like_a_get_without_the_page(app: Flask, scene: Scene) -> None:
    for path in public_paths(app, scene, "GET"):
        head, get = (visitor(app).open(path, method=method) for method in ("HEAD", "GET"))
        assert head.status_code == get.status_code, path
        assert head.data == b"", path
        assert head.content_type == get.content_type, path


def test_every_answer_carries_the_headers_of_safety(app: Flask, web: Visitor, scene: Scene) -> None:
    answers = [web.get(path) for path in public_paths(app, scene, "GET")]
    answers += [web.get(path, buffered=True) for path in ("/finns-inte", "/biljett/x", "/static/css/app.css")]
    answers += [web.post("/evenemang"), web.post(form_of(scene.registration.event))]
    for answer in answers:
        headers, path = answer.headers, answer.request.path
        policy = headers["Content-Security-Policy"]
        framed = "lista" in path
        assert "script-src 'self'" in policy, path
        assert "unsafe" not in policy, path
        assert ("frame-ancestors *" if framed else "frame-ancestors 'none'") in policy, path
        expected = {name: value for name, value in HEADERS.items() if not (framed and name == "X-Frame-Options")}
        is_survey = "/enkat/" in path and "/enkat/tack/" not in path
        if "/foretagsamt/svar/" in path or is_survey:  # the key in the address goes nowhere, not even to our own pages
            expected["Referrer-Policy"] = "no-referrer"
        assert expected.items() <= dict(headers).items(), path


def test_behind_tls_browsers_are_told_to_stay_there_and_cookies_are_guarded(
    app: Flask, scene: Scene, use_settings: Any, with_csrf: None
) -> None:
    assert "Strict-Transport-Security" not in visitor(app).get("/").headers
    use_settings(base_url="https://evenemang.example")
    answer = visitor(app).get(form_of(scene.registration.event))
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert "SameSite=Lax" in answer.headers["Set-Cookie"]


def test_pages_without_a_form_set_no_cookie(app: Flask, scene: Scene, with_csrf: None) -> None:
    for path in public_paths(app, scene, "GET"):
        if not FORMS.search(path):
            assert "Set-Cookie" not in visitor(app).get(path).headers, path
    assert "Set-Cookie" in visitor(app).get(form_of(scene.registration.event)).headers


def test_no_public_page_asks_anything_of_another_host(app: Flask, web: Visitor, scene: Scene) -> None:
    for path in public_paths(app, scene, "GET"):
        answer = web.get(path)
        if answer.mimetype == "text/html" and answer.data and "<html" in answer.text:
            loaded = Read(answer).tree.xpath("//link[@rel!='canonical' and @rel!='alternate']/@href | //*/@src")
            assert [url for url in loaded if re.match(r"(https?:)?//", url)] == [], path


def test_every_page_names_its_language_its_title_and_its_heading(app: Flask, web: Visitor, scene: Scene) -> None:
    for path in public_paths(app, scene, "GET"):
        answer = web.get(path)
        if answer.status_code != 302 and answer.mimetype == "text/html" and "<html" in answer.text:
            page = Read(answer)
            assert page.tree.get("lang") == ("en" if path.startswith("/en/") else "sv"), path
            assert len(page.tree.findall(".//h1")) == 1, path
            assert page.title.strip(), path


def test_a_wrong_method_is_refused_and_names_the_right_ones(web: Visitor, scene: Scene) -> None:
    answer = web.post("/evenemang")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert web.delete(form_of(scene.registration.event)).status_code == 405


def test_a_form_without_its_token_gets_a_page_that_says_what_to_do(app: Flask, scene: Scene, with_csrf: None) -> None:
    before = everything_kept()
    for path in public_paths(app, scene, "POST"):
        # One click carries no token (RFC 8058); of articles and surveys the key in the address is the secret.
        if any(part in path for part in ("/avsluta/", "/foretagsamt/svar/", "/enkat/")):
            continue
        answer = visitor(app).post(path, data=filled() | {"email": "x@x.example", "answer": "no", "person": "1"})
        page = Read(answer)
        assert answer.status_code == 400, path
        english = path.startswith("/en/")
        assert ("We could not receive the form" if english else "Vi kunde inte ta emot formuläret") in page.words, path
    assert everything_kept() == before


def test_a_form_with_its_token_is_taken(app: Flask, scene: Scene, with_csrf: None) -> None:
    web = visitor(app)
    event = make_event()
    typed = Read(web.get(form_of(event))).typed
    assert web.post(form_of(event), data=typed | filled()).status_code == 302


def test_too_many_forms_get_a_page_that_asks_for_patience(web: Visitor, scene: Scene, use_settings: Any) -> None:
    use_settings(rate_limit_registrations="3 per minute")
    answers = [web.post("/mina-bokningar", data={"email": "x@x.example"}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert "För många försök på kort stund Vänta en minut och försök igen." in Read(answers[3]).words
    english = web.post("/en/mina-bokningar", data={"email": "x@x.example"})
    assert english.status_code == 429, "both languages are one door"
    assert "Too many tries" in Read(english).words
    assert web.get(form_of(scene.registration.event)).status_code == 200, "looking is never limited"


def test_what_is_not_there_is_told_in_the_language_of_the_address(web: Visitor) -> None:
    for path, words in (("/finns-inte", "Sidan finns inte"), ("/en/finns-inte", "There is no such page")):
        answer = web.get(path)
        assert answer.status_code == 404
        assert words in Read(answer).words


def test_a_form_that_is_far_too_large_is_refused_politely(web: Visitor, scene: Scene) -> None:
    answer = web.post(form_of(scene.registration.event), data={"company_name": "x" * (6 * 1024 * 1024)})
    assert answer.status_code == 413
    assert "Vi kunde inte ta emot formuläret" in answer.text


def test_links_follow_the_public_address_and_never_the_requests_host(
    app: Flask, scene: Scene, use_settings: Any
) -> None:
    use_settings(base_url="https://evenemang.example")
    for path in public_paths(app, scene, "GET"):
        answer = visitor(app).get(path, headers={"Host": "ond.example", "X-Forwarded-Host": "ond.example"})
        assert b"ond.example" not in answer.data, path
        assert "ond.example" not in answer.headers.get("Location", ""), path


def test_a_host_that_no_address_can_be_built_of_is_told_so(app: Flask) -> None:
    for host in (".", "a..b", "x" * 300 + ".example"):
        answer = visitor(app).get("/", headers={"Host": host})
        assert answer.status_code == 400, host
        assert answer.mimetype == "text/plain", host
