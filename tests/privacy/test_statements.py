"""The public statements on personal data and on accessibility."""

from __future__ import annotations

import pytest

from eventsys.database import db, transaction
from eventsys.identity import Identity
from eventsys.onerow import with_defaults
from eventsys.statements import FIRST_VERSION

PAGES = ("/personuppgifter", "/tillganglighet", "/en/personuppgifter", "/en/tillganglighet")


@pytest.mark.parametrize("path", PAGES)
def test_the_statements_are_public_and_set_no_cookie(client, path):
    page = client.get(path)
    assert page.status_code == 200
    assert "Set-Cookie" not in page.headers
    assert page.text.count("<h1") == 1


@pytest.mark.parametrize("path", PAGES)
def test_each_leads_to_the_other_language(client, path):
    other = path.removeprefix("/en") if path.startswith("/en") else f"/en{path}"
    assert f'href="{other}"' in client.get(path).text


@pytest.mark.parametrize(
    "demanded",
    [
        "artikel 6.1 e",  # basis of registrations
        "artikel 6.1 a och 9.2 a",  # basis of diet
        "dagen efter evenemanget",  # how long
        "beslut om gallring",
        "allmänna handlingar",
        "Integritetsskyddsmyndigheten",
        "dataskyddsombud",
        "Rätta",
        "Invända",
        "Nödvändiga kakor, ingen spårning",
        f"Version {FIRST_VERSION}",
    ],
)
def test_the_privacy_statement_says_what_the_law_demands(client, demanded):
    assert demanded in client.get("/personuppgifter").text


@pytest.mark.parametrize(
    "demanded",
    [
        "Näringslivsenheten, Borås Stad",  # who
        "delvis förenlig",  # how compliant, in the words of the regulation
        "Vad som inte är tillgängligt",
        "oskäligt betungande",
        "https://www.digg.se/tdosanmalan",  # supervision
        "självskattning",  # how assessed
        "Senaste bedömning: 2026-",
        "Redogörelsen ändrad: 2026-",
        "Säg till när något inte fungerar",
    ],
)
def test_the_accessibility_statement_has_the_demanded_parts(client, demanded):
    assert demanded in client.get("/tillganglighet").text


@pytest.mark.parametrize("path", PAGES)
def test_every_entry_in_the_list_of_contents_leads_somewhere(client, path):
    page = client.get(path).text
    targets = [part.split('"')[0] for part in page.split('href="#')[1:]]
    assert len(targets) > 5
    assert all(f'id="{target}"' in page for target in targets)


def test_people_reach_us_by_what_the_settings_say(app, client):
    with transaction():
        row = with_defaults(Identity)
        row.contact_email, row.contact_phone = "naringsliv@boras.example", "033-35 70 00"
        db.session.add(row)
    page = client.get("/personuppgifter").text
    assert 'href="mailto:naringsliv@boras.example"' in page
    assert 'href="tel:033357000"' in page


def test_english_pages_are_in_english(client):
    page = client.get("/en/personuppgifter").text
    assert '<html lang="en">' in page
    assert "Legal basis" in page
    assert "Rättslig grund" not in page
