"""The audit trail: groups and kinds, links to what is still there, the file."""

from __future__ import annotations

import io

import openpyxl
import pytest
from flask import Flask

from eventsys import audit
from eventsys.audit import AuditEntry
from eventsys.database import db, transaction
from eventsys.staff.acts import Group, group_of
from eventsys.staff.models import Account, Role
from eventsys.staff.trail import TooLong, Wanted, trail_file
from tests.factories import make_event
from tests.staff_fixtures import Visitor, see_anew, visitor_as

TRAIL = "/personal/installningar/logg"


@pytest.fixture
def admin(app: Flask, administrator: Account) -> Visitor:
    return visitor_as(app, administrator)


def note(*acts: tuple[str, str]) -> None:
    with transaction():
        for action, subject in acts:
            audit.record(action, subject, rows=7)


@pytest.mark.parametrize(
    ("action", "group"),
    [
        ("diet.seen", Group.SAW), ("comments.read", Group.SAW), ("reader.exported", Group.EXPORTED),
        ("badges.taken_out", Group.EXPORTED), ("issue.left", Group.SENT), ("reader.left", Group.CHANGED),
        ("letter.sent_again", Group.SENT), ("company.note_removed", Group.DELETED), ("diet.forgotten", Group.DELETED),
        ("account.locked", Group.SIGNED_IN), ("event.published", Group.CHANGED), ("comments.unread", Group.CHANGED),
    ],
)  # fmt: skip
def test_each_act_is_of_one_group(action: str, group: Group) -> None:
    assert group_of(action) is group


def test_the_trail_is_narrowed_by_group_and_by_kind_of_thing(admin: Visitor) -> None:
    note(("diet.seen", "registration:1"), ("reader.exported", "reader:"), ("event.published", "event:5"))
    note(("diet.forgotten", "events"), ("unheard.of", "event:6"))
    assert "1–1 av 1" in admin.get(f"{TRAIL}?grupp=sag").text
    assert "1–1 av 1" in admin.get(f"{TRAIL}?grupp=tog-ut").text
    assert "1–1 av 1" in admin.get(f"{TRAIL}?grupp=raderade").text
    assert "1–2 av 2" in admin.get(f"{TRAIL}?grupp=andrade").text, "what nobody has named changed something"
    assert "1–2 av 2" in admin.get(f"{TRAIL}?slag=event").text
    assert "1–1 av 1" in admin.get(f"{TRAIL}?slag=events").text
    assert "1–5 av 5" in admin.get(f"{TRAIL}?grupp=okand").text
    assert "Inget att visa" in admin.get(f"{TRAIL}?slag=%25").text


def test_only_what_is_still_there_is_a_link(admin: Visitor) -> None:
    event = make_event()
    note(("event.published", f"event:{event.id}"), ("event.deleted", f"event:{event.id + 1}"))
    note(("event.published", "event:99999999999999999999"), ("event.published", "event:²"))
    page = admin.get(TRAIL).text
    assert f'href="/personal/evenemang/{event.id}"' in page
    assert f'href="/personal/evenemang/{event.id + 1}"' not in page


def test_the_trail_is_taken_out_as_it_is_shown_and_that_stands_in_it(admin: Visitor) -> None:
    note(("diet.seen", "registration:1"), ("reader.exported", "reader:"), ("event.published", "event:5"))
    file = admin.get(f"{TRAIL}.xlsx?grupp=sag")
    assert file.status_code == 200
    assert "no-store" in file.headers["Cache-Control"]
    rows = list(openpyxl.load_workbook(io.BytesIO(file.data)).active.iter_rows(values_only=True))
    assert rows[0] == ("När", "Vem", "Vad", "Gäller", "Namn", "Mer")
    assert [row[2:4] for row in rows[1:]] == [("Såg kost och allergi", "Anmälan 1")]
    see_anew()
    entry = db.session.query(AuditEntry).filter_by(action="trail.exported").one()
    assert entry.detail == {"rows": 1, "filter": ["group"]}
    assert entry.actor.startswith("Alva")


def test_the_file_holds_every_entry_once_however_many_there_are(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eventsys.staff.trail._STRIDE", 3)
    note(*(("event.published", f"event:{number}") for number in range(10)))
    rows = list(openpyxl.load_workbook(io.BytesIO(trail_file(Wanted()).content)).active.iter_rows(values_only=True))
    assert [row[3] for row in rows[1:]] == [f"Evenemang {number}" for number in reversed(range(10))]


def test_a_file_that_would_be_too_long_says_what_to_do(
    app: Flask, admin: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eventsys.staff.trail.MOST_EXPORTED", 2)
    note(*(("event.published", f"event:{number}") for number in range(3)))
    with pytest.raises(TooLong, match="Välj en kortare tid"):
        trail_file(Wanted())
    answer = admin.get(f"{TRAIL}.xlsx?slag=event")
    assert answer.location == f"{TRAIL}?slag=event"
    assert "Välj en kortare tid" in admin.get(answer.location).text


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_administrators_read_the_trail(signed_in_client, role: Role) -> None:
    client = signed_in_client(role)
    assert client.get(TRAIL).status_code == 403
    assert client.get(f"{TRAIL}.xlsx").status_code == 403
