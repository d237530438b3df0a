"""New persons in a year: who counts, when, and by which source."""

from __future__ import annotations

from datetime import UTC, datetime

from eventsys.clock import now
from eventsys.newsletters.lists import FORETAGSAMT
from eventsys.newsletters.subscriptions import codes
from eventsys.newsletters.subscriptions.figures import new_readers
from eventsys.newsletters.subscriptions.models import Way
from tests.events.scenes import kept
from tests.newsletters.factories import make_reader
from tests.newsletters.subscriptions.scenes import leave, say_yes, sign_up, take_back, wish

MARCH = datetime(2026, 3, 10, 9, tzinfo=UTC)
NEW_YEARS_NIGHT = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)  # 00.30 on the first of January in Borås


def test_new_persons_by_month_source_and_name(app, clock):
    breakfast = kept(codes.add_code)("Frukost Viared", "Alva", now())
    make_reader("a@a.se", at=MARCH, way=Way.CODE, code=breakfast)
    make_reader("b@b.se", at=MARCH, way=Way.CODE, code=breakfast, name="Bo")
    make_reader("c@c.se", at=NEW_YEARS_NIGHT)
    make_reader("d@d.se", at=datetime(2025, 12, 31, 22, 30, tzinfo=UTC))
    figures = new_readers(2026)
    assert (figures.total, figures.goal) == (3, 75)
    assert figures.by_month == [1, 0, 2, *[0] * 9]
    assert [(one.code, one.way, one.people) for one in figures.sources] == [
        ("Frukost Viared", Way.CODE, 2),
        ("", Way.PAGE, 1),
    ]
    assert {one.address for one in figures.named(source=figures.sources[0].key)} == {"a@a.se", "b@b.se"}
    assert [one.address for one in figures.named(month=1)] == ["c@c.se"]
    assert new_readers(2025).total == 1


def test_who_was_imported_is_no_new_person_not_even_when_choosing_more(app, clock):
    known = make_reader("a@a.se", at=MARCH, way=Way.IMPORT)
    figures = new_readers(2026)
    assert (figures.total, figures.imported) == (0, 1)
    leave(known.id, FORETAGSAMT, now())
    take_back(known.id, [FORETAGSAMT], now())
    assert new_readers(2026).total == 0


def test_who_leaves_and_comes_back_is_new_once(app, clock):
    sign_up(wish(), now())
    known = say_yes()
    leave(known.id, FORETAGSAMT, now())
    take_back(known.id, [FORETAGSAMT], now())
    assert new_readers(2026).total == 1


def test_a_company_that_takes_back_its_no_is_no_new_person(app, clock):
    known = make_reader("a@a.se", lists=[])
    leave(known.id, "companies", now())
    take_back(known.id, ["companies"], now())
    assert new_readers(2026).total == 0
