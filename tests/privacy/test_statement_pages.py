"""Statements are changed by administrators: demanded parts stay, versions are kept, bookings note theirs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from markupsafe import Markup

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.newsletters.subscriptions.words import consent_text, consent_version
from eventsys.simpletext import as_html
from eventsys.staff.models import Account, Role
from eventsys.statements import (
    FIRST_VERSION,
    PARTS,
    SavedMeanwhile,
    Statement,
    StatementIncomplete,
    StatementKind,
    faults_in,
    first_parts,
    in_force,
    save_version,
    version_called,
    version_in_force,
    versions,
)
from tests.factories import make_event, make_registration
from tests.staff_fixtures import Visitor, see_anew, visitor_as

TEXTS = "/personal/installningar/texter"
PRIVACY, ACCESSIBILITY = StatementKind.PRIVACY, StatementKind.ACCESSIBILITY


@pytest.fixture
def admin(app: Flask, administrator: Account) -> Visitor:
    return visitor_as(app, administrator)


def sent(kind: StatementKind, lang: str, **changed: str) -> dict[str, str]:
    """What the form of the page sends when only these are changed."""
    version = in_force(kind, lang)
    parts = {f"part_{key}": text for key, text in version.parts.items()}
    return {**parts, "assessed_on": "2026-11-30", "seen": version.label, **changed}


def save(kind: StatementKind = PRIVACY, lang: str = "sv", **parts: str) -> str:
    with transaction():
        said = {**in_force(kind, lang).parts, **parts}
        return save_version(kind, lang, said, date(2026, 11, 30), "Alva", version_in_force(kind), now())


@pytest.mark.parametrize("kind", StatementKind)
@pytest.mark.parametrize("lang", ["sv", "en"])
def test_what_comes_with_the_program_has_every_demanded_part(kind: StatementKind, lang: str) -> None:
    assert faults_in(kind, lang, first_parts(kind, lang)) == {}
    assert set(first_parts(kind, lang)) == {part.key for part in PARTS[kind]}


@pytest.mark.parametrize(("kind", "key"), [(kind, part.key) for kind in PARTS for part in PARTS[kind] if part.demanded])
def test_a_demanded_part_cannot_be_emptied(app: Flask, kind: StatementKind, key: str) -> None:
    said = {**in_force(kind, "sv").parts, key: " \n "}
    with pytest.raises(StatementIncomplete) as refused, transaction():
        save_version(kind, "sv", said, date(2026, 11, 30), "Alva", FIRST_VERSION, now())
    assert list(refused.value.errors) == [key]
    assert "kan inte vara tom" in refused.value.errors[key]
    assert version_in_force(kind) == FIRST_VERSION


def test_facts_of_the_system_cannot_be_typed_instead_of_put_in(app: Flask) -> None:
    assert (
        "[[kontakt]]"
        in faults_in(PRIVACY, "sv", {**first_parts(PRIVACY, "sv"), "responsible": "[[organisation]]"})["responsible"]
    )
    faults = faults_in(ACCESSIBILITY, "sv", {**first_parts(ACCESSIBILITY, "sv"), "status": "Sidan är bra."})
    assert "delvis förenlig" in faults["status"]
    faults = faults_in(PRIVACY, "sv", {**first_parts(PRIVACY, "sv"), "rights": "Ring [[telefonen]]."})
    assert "[[telefonen]] finns inte" in faults["rights"]


def test_the_page_says_why_a_part_may_not_be_empty_and_keeps_what_was_written(admin: Visitor) -> None:
    answer = admin.post(
        f"{TEXTS}/tillganglighet/sv",
        data=sent(ACCESSIBILITY, "sv", part_supervision="", part_about="[[organisation]]!"),
    )
    assert answer.status_code == 422
    assert "Digg kräver den" in answer.text
    assert "[[organisation]]!" in answer.text
    see_anew()
    assert db.session.query(Statement).count() == 0


def test_a_saved_version_is_shown_at_once_and_the_older_one_is_kept(admin: Visitor) -> None:
    answer = admin.post(f"{TEXTS}/personuppgifter/sv", data=sent(PRIVACY, "sv", part_short="Vi sparar **litet**."))
    assert answer.status_code == 302
    page = admin.get("/personuppgifter").text
    assert "Vi sparar <strong>litet</strong>." in page
    see_anew()
    label = version_in_force(PRIVACY)
    assert f"Version {label}" in page
    assert [one.label for one in versions(PRIVACY, "sv")] == [label, FIRST_VERSION]
    older = admin.get(f"{TEXTS}/personuppgifter/sv/versioner/{FIRST_VERSION}").text
    assert "litet" not in older
    assert "Det finns bara nödvändiga kakor" in older
    assert admin.get(f"{TEXTS}/personuppgifter/sv/versioner/2020-01-01").status_code == 404
    assert label in admin.get(f"{TEXTS}/personuppgifter/sv/versioner").text


def test_the_other_language_goes_along_unchanged_under_the_same_label(app: Flask) -> None:
    label = save(short="Vi sparar litet.")
    assert version_called(PRIVACY, "en", label).parts == first_parts(PRIVACY, "en")
    again = save(lang="en", short="We keep little.")
    assert again == f"{label}.2"
    assert version_called(PRIVACY, "sv", again).parts["short"] == "Vi sparar litet."


def test_a_look_beforehand_saves_nothing(admin: Visitor) -> None:
    answer = admin.post(
        f"{TEXTS}/personuppgifter/sv", data=sent(PRIVACY, "sv", part_short="Vi sparar **litet**.", gor="visa")
    )
    assert answer.status_code == 200
    assert "Vi sparar <strong>litet</strong>." in answer.text
    see_anew()
    assert version_in_force(PRIVACY) == FIRST_VERSION


def test_two_who_write_at_the_same_time_do_not_undo_each_other_unseen(admin: Visitor) -> None:
    mine = sent(PRIVACY, "sv", part_short="Mitt.")
    label = save(short="Kollegans.")
    answer = admin.post(f"{TEXTS}/personuppgifter/sv", data=mine)
    assert answer.status_code == 409
    assert label in answer.text
    assert "Mitt." in answer.text
    with pytest.raises(SavedMeanwhile), transaction():
        save_version(PRIVACY, "sv", first_parts(PRIVACY, "sv"), date(2026, 11, 30), "Bo", FIRST_VERSION, now())


def test_a_registration_notes_the_version_that_was_shown(app: Flask) -> None:
    event = make_event()
    assert make_registration(event, ["Åsa Ek"]).privacy_version == FIRST_VERSION
    label = save(short="Vi sparar litet.")
    assert make_registration(event, ["Bo Alm"]).privacy_version == label


def test_a_consent_notes_its_words_and_finds_them_again(app: Flask) -> None:
    before = consent_text(consent_version(), "sv")
    label = save(StatementKind.CONSENT, words="Vi sparar din adress för att skicka det du valt.")
    assert consent_version() == label
    assert consent_text(label, "sv").startswith("Vi sparar din adress för att")
    assert consent_text(FIRST_VERSION, "sv") == before
    assert consent_text("en version som aldrig fanns", "sv") == consent_text(label, "sv")


def test_a_day_that_has_not_been_is_no_day_of_assessment(admin: Visitor) -> None:
    tomorrow = (now() + timedelta(days=2)).date().isoformat()
    answer = admin.post(f"{TEXTS}/personuppgifter/sv", data=sent(PRIVACY, "sv", assessed_on=tomorrow))
    assert answer.status_code == 422
    assert "har inte varit än" in answer.text


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_administrators_change_statements(signed_in_client, role: Role) -> None:
    assert signed_in_client(role).get(TEXTS).status_code == 403


def test_unknown_kinds_and_languages_are_not_found(admin: Visitor) -> None:
    assert admin.get(f"{TEXTS}/kakor/sv").status_code == 404
    assert admin.get(f"{TEXTS}/personuppgifter/de").status_code == 404


def test_names_of_ours_are_marked_as_swedish_on_the_english_page(client) -> None:
    page = client.get("/en/personuppgifter").text
    assert '<span lang="sv">Näringslivsenheten, Borås Stad</span> is responsible' in page
    assert '<span lang="sv">lagen 2018:1937</span>' in client.get("/en/tillganglighet").text


@pytest.mark.parametrize(
    ("written", "html"),
    [
        ("Ett\nstycke\n\ntill", "<p>Ett<br>stycke</p>\n<p>till</p>"),
        ("Så här:\n- ett\n- **två**", "<p>Så här:</p>\n<ul><li>ett</li><li><strong>två</strong></li></ul>"),
        ("## Rubrik", "<h3>Rubrik</h3>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("[hit](javascript:alert(1))", "<p>[hit](javascript:alert(1))</p>"),
        ("[hit](//ond.example)", "<p>[hit](//ond.example)</p>"),
        ('[h"it](https://a.example/"onclick=)', '<p><a href="https://a.example/&#34;onclick=">h&#34;it</a></p>'),
        ("[en|words] `kod`", '<p><span lang="en">words</span> <code>kod</code></p>'),
        ("[[kontakt]]", "<ul><li>a</li></ul>"),
        ("Ring [[namn]] eller [[okänt]].", "<p>Ring <b>oss</b> eller .</p>"),
    ],
)
def test_simple_text_has_a_handful_of_marks_and_harms_nobody(written: str, html: str) -> None:
    facts = {"kontakt": Markup("<ul><li>a</li></ul>"), "namn": Markup("<b>oss</b>")}
    assert as_html(written, facts) == html
