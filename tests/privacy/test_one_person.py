"""One person across all slices: the extract is all theirs and nothing else's; after erasing nothing finds them."""

from __future__ import annotations

import pytest

from eventsys.clock import now
from eventsys.config import settings
from eventsys.database import db, transaction
from eventsys.events.models import Attendee
from eventsys.mail.models import State
from eventsys.newsletters.subscriptions.queries import reader_at
from eventsys.personal import FORGOTTEN, Section
from eventsys.privacy.actors import erase_person
from eventsys.privacy.erasing import decide_to_erase, erase
from eventsys.privacy.models import PersonRequest, RequestState
from eventsys.privacy.queries import person_at, sections_of
from tests.journeys.product import app_of, fresh_settings
from tests.privacy.counting import counted
from tests.privacy.scenes import (
    ADDRESS,
    COLLEAGUE,
    LONGER,
    NAME,
    SHARING,
    TWIN,
    TWIN_NAME,
    World,
    ask_to_erase,
    last_letter_leaves,
    letters_folder,
    make_world,
    needles_of,
    traces,
)


@pytest.fixture
def world(app) -> World:
    for path in letters_folder().iterdir():
        path.unlink()
    return make_world()


def read(sections: list[Section]) -> str:
    return "\n".join(cell for section in sections for row in section.rows for cell in row)


def forget_anna(request_id: int) -> None:
    with transaction():
        decide_to_erase(request_id, "Alva", now())
    last_letter_leaves(request_id)
    with transaction():
        assert erase(request_id, now())


def test_the_extract_holds_all_that_is_theirs(world):
    sections = {section.title: section for section in sections_of(person_at(ADDRESS))}
    assert set(sections) == {
        "Enkäter du fått", "Läsare av nyhetsbrev", "Brev du valt", "Vad du sagt ja och nej till",
        "När någon bett om brev till adressen", "Välkomstbrev till företaget", "Får varje nummer först",
        "Bokningar du gjort", "Dina platser på evenemang", "Mat och allergi", "Svar på frågor i anmälan",
        "Pass du valt", "Insläpp", "Inbjudningar och frågor om plats", "Din adress står hos någon du anmält",
        "Listor som väntar på att hämtas", "Texter där din adress står", "Kontakt på företag",
        "Anteckningar där du nämns", "Besök där du nämns", "Rader i inlästa filer", "Företag som heter som du",
        "Brev till dig", "Brevens väg", "Brev som kommit tillbaka", "Utskick du inte fick", "Spärrar",
    }  # fmt: skip
    assert len(sections["Dina platser på evenemang"].rows) == 2
    assert len(sections["Kontakt på företag"].rows) == 2
    assert len(sections["Anteckningar där du nämns"].rows) == 2
    words = read(list(sections.values()))
    for theirs in ("Annas nötallergi", "Annas fråga", "Sjuk den dagen", "070-123 45 67", "Vårlunch", "Höstlunch"):
        assert theirs in words, theirs


def test_the_extract_holds_nothing_that_is_somebody_elses(world):
    words = read(sections_of(person_at(ADDRESS)))
    without_the_visit = words.replace(f"{NAME} och {TWIN_NAME}", "")
    for other in (TWIN, LONGER, "Hanna", COLLEAGUE, SHARING, "Cias mat", "Hannas", "Bos fråga", "Anna Bergström Ek"):
        assert other not in without_the_visit, other
    assert "Ett svar utan person" not in words


def test_the_twin_keeps_everything_when_the_person_is_forgotten(world):
    before = sections_of(person_at(TWIN))
    forget_anna(ask_to_erase())
    after = sections_of(person_at(TWIN))
    assert [section.title for section in after] == [
        section.title for section in before if "Listor" not in section.title
    ]
    for one in ("Hannas mat", "Hannas förhinder", "070-765 43 21", TWIN_NAME):
        assert one in read(after)


def test_after_erasing_nothing_anywhere_finds_the_person(world):
    assert len(traces(*needles_of())) > 60
    forget_anna(ask_to_erase())
    assert traces(*needles_of()) == []
    assert sections_of(person_at(ADDRESS)) == []


def test_what_was_counted_is_the_same_after_erasing(world):
    before = counted(world)
    forget_anna(ask_to_erase())
    db.session.expire_all()
    assert counted(world) == before


def test_colleagues_stay_but_lose_the_address_that_was_not_theirs(world):
    forget_anna(ask_to_erase())
    cia = db.session.query(Attendee).filter_by(name=SHARING).one()
    assert (cia.email, cia.email_key) == ("", "")
    assert cia.diet is not None
    assert db.session.query(Attendee).filter_by(name=COLLEAGUE).one().email == "bo@vaveriet.example"
    assert db.session.query(Attendee).filter_by(name=FORGOTTEN).count() == 2


def test_the_request_tells_what_was_done_and_not_to_whom(world):
    request_id = ask_to_erase()
    forget_anna(request_id)
    row = db.session.get_one(PersonRequest, request_id)
    assert (row.state, row.address, row.name, row.text) == (RequestState.DONE, "", FORGOTTEN, "")
    assert {one["what"] for one in row.outcome} >= {
        "Bokningar utan bokare",
        "Inbjudningar utan namn",
        "Svar på enkäter",
    }
    assert reader_at(ADDRESS) is None


def test_erasing_twice_is_erasing_once(world):
    request_id = ask_to_erase()
    forget_anna(request_id)
    before = counted(world)
    with transaction():
        assert not erase(request_id, now())
    forget_anna(ask_to_erase())
    assert counted(world) == before
    assert traces(*needles_of()) == []


def test_nothing_goes_before_the_last_letter_has_left(world):
    request_id = ask_to_erase()
    with transaction():
        decide_to_erase(request_id, "Alva", now())
    with transaction():
        assert not erase(request_id, now())
    assert len(traces(*needles_of())) > 60
    last_letter_leaves(request_id, State.REJECTED)
    with transaction():
        assert erase(request_id, now())
    assert traces(*needles_of()) == []


@pytest.mark.parametrize(
    ("name", "address", "written"),
    [
        ("Åsa Öberg-Léon", "asa+lunch@oberg.example", "Asa+Lunch@OBERG.example"),
        ("Göran Åström", "göran@åström.example", "Göran@ÅSTRÖM.example"),
        ("O'Neil (Pat) Ek", "pat_ek%1@x-y.example", "PAT_EK%1@x-y.example"),
    ],
)
def test_capitals_accents_and_odd_characters_hide_nobody(app, name, address, written):
    for path in letters_folder().iterdir():
        path.unlink()
    make_world(name, address, written)
    assert len(traces(*needles_of(name, address))) > 50
    forget_anna(ask_to_erase(address, name))
    assert traces(*needles_of(name, address)) == []


def test_on_disk_the_file_of_the_database_holds_nobody_either(tmp_path):
    """SQLite keeps what was deleted in unused parts of its file, and old rows in its log, unless told otherwise."""
    with app_of(fresh_settings("sqlite", tmp_path)):
        assert settings().sqlalchemy_url.startswith(f"sqlite:///{settings().data_path}")
        make_world()
        request_id = ask_to_erase()
        with transaction():
            decide_to_erase(request_id, "Alva", now())
        last_letter_leaves(request_id)
        db.session.rollback()
        files = [path.name for path in settings().data_path.rglob("*sqlite3*")]
        assert any(name.split("/")[-1] in files for name in traces(ADDRESS))
        erase_person(request_id)
        assert traces(*needles_of()) == []
