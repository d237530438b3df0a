"""The figures counted a second time: plain Python over the tables' rows, with nothing of the house but the columns.

It is slow and knows no period but two days, and it has an own clock, an own index and an own rounding.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text

from eventsys.database import Base, db
from eventsys.followup.figures.catalogue import Figure
from eventsys.followup.figures.counted import Counted

Row = Mapping[str, Any]
LEAST = 7


class Books:
    """Every row of the tables that figures are counted from, read once."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        tables = (
            "event", "attendee", "registration", "scan", "company", "visit", "consent", "issue", "welcome_round",
            "survey", "survey_response",
        )  # fmt: skip
        self.rows = {table: self._read(table) for table in tables}

    def _read(self, table: str) -> list[Row]:
        """By the columns' types only, so that both databases give moments and days."""
        return [dict(row) for row in db.session.execute(Base.metadata.tables[table].select()).mappings()]

    # --- events

    def held(self, first: date, last: date, series_id: int | None = None) -> list[Row]:
        return [
            one
            for one in self.rows["event"]
            if one["state"] == "published" and one["ends_at"] <= self.at and first <= day(one["starts_at"]) <= last
            if series_id in (None, one["series_id"])
        ]

    def people(self, event: Row, *states: str) -> list[Row]:
        return [one for one in self.rows["attendee"] if one["event_id"] == event["id"] and one["state"] in states]

    def walked_in(self, person: Row) -> bool:
        return any(one["attendee_id"] == person["id"] and one["act"] == "walk_in" for one in self.rows["scan"])

    def evenemang(self, first: date, last: date, series_id: int | None = None) -> int:
        return len(self.held(first, last, series_id))

    def deltagare(self, first: date, last: date, series_id: int | None = None) -> int | None:
        held = self.held(first, last, series_id)
        closed = [one for one in held if one["attendance_closed_at"]]
        if held and not closed:
            return None
        return sum(len(self.people(one, "attended")) for one in closed)

    def narvaro(self, first: date, last: date, series_id: int | None = None) -> int | None:
        closed = [one for one in self.held(first, last, series_id) if one["attendance_closed_at"]]
        had_seat = [one for event in closed for one in self.people(event, "attended", "no_show", "confirmed")]
        registered = [one for one in had_seat if not self.walked_in(one)]
        came = [one for one in registered if one["state"] == "attended"]
        return half_up(100 * len(came), len(registered)) if registered else None

    def _companies_at(self, events: list[Row]) -> set[int]:
        companies = {one["id"] for one in self.rows["company"] if one["kind"] == "company"}
        booked = {one["id"]: one["company_id"] for one in self.rows["registration"]}
        came = {booked[one["registration_id"]] for event in events for one in self.people(event, "attended")}
        return came & companies

    def foretag(self, first: date, last: date, _series_id: int | None = None) -> int:
        return len(self._companies_at(self.held(first, last)))

    def nya_foretag(self, first: date, last: date, _series_id: int | None = None) -> int:
        before = [one for one in self.held(date(1900, 1, 1), last) if day(one["starts_at"]) < first]
        return len(self._companies_at(self.held(first, last)) - self._companies_at(before))

    # --- letters and visits

    def prenumeranter(self, first: date, last: date, _series_id: int | None = None) -> int:
        firsts: dict[int, Row] = {}
        for one in sorted(self.rows["consent"], key=lambda row: row["id"]):
            if one["act"] in ("given", "imported"):
                firsts.setdefault(one["reader_id"], one)
        return sum(one["act"] == "given" and first <= day(one["at"]) <= last for one in firsts.values())

    def nummer(self, first: date, last: date, _series_id: int | None = None) -> int:
        out = [one for one in self.rows["issue"] if one["state"] == "leaving" and one["published_at"]]
        return sum(first <= day(one["published_at"]) <= last for one in out)

    def valkomstbrev(self, first: date, last: date, _series_id: int | None = None) -> int:
        sent = [one for one in self.rows["welcome_round"] if one["state"] == "sent"]
        return sum(first <= day(one["sent_at"]) <= last for one in sent)

    def besok(self, first: date, last: date, _series_id: int | None = None) -> int:
        seen = [one for one in self.rows["visit"] if one["form"] in ("on_site", "digital")]
        return sum(first <= one["visited_on"] <= last for one in seen)

    def foreningar(self, first: date, last: date, _series_id: int | None = None) -> int | None:
        found = {
            one["id"]
            for one in self.rows["company"]
            if one["kind"] == "association" and not one["archived_at"] and not one["merged_into_id"]
        }
        told = {one["company_id"] for one in self.rows["visit"] if first <= one["visited_on"] <= last}
        booked = {one["id"]: one["company_id"] for one in self.rows["registration"]}
        begun = [one for one in self.rows["event"] if first <= day(one["starts_at"]) <= last]
        told |= {booked[one["registration_id"]] for event in begun for one in self.people(event, "attended")}
        return half_up(100 * len(found & told), len(found)) if found else None

    # --- surveys

    def _surveys(self, first: date, last: date, series_id: int | None, *states: str) -> list[Row]:
        events = {
            one["id"]
            for one in self.rows["event"]
            if first <= day(one["starts_at"]) <= last and series_id in (None, one["series_id"])
        }
        return [one for one in self.rows["survey"] if one["event_id"] in events and one["state"] in states]

    def _answers(self, survey: Row) -> list[Row]:
        return [
            one for one in self.rows["survey_response"] if one["survey_id"] == survey["id"] and one["way"] == "personal"
        ]

    def complete(self, survey: Row) -> list[Row]:
        """Answers with all three numbers."""
        three = ("satisfied", "expectations", "ideal")
        return [one for one in self._answers(survey) if all(one[name] is not None for name in three)]

    def shown(self, first: date, last: date, series_id: int | None = None) -> list[Row]:
        """The closed surveys that are in a pooled index."""
        closed = self._surveys(first, last, series_id, "closed")
        return [one for one in closed if len(self.complete(one)) >= LEAST]

    def nki(self, first: date, last: date, series_id: int | None = None) -> int | None:
        answers = [one for survey in self.shown(first, last, series_id) for one in self.complete(survey)]
        if not answers:
            return None
        points = sum(one["satisfied"] + one["expectations"] + one["ideal"] - 3 for one in answers)
        return half_up(100 * points, 27 * len(answers))

    def svar(self, first: date, last: date, series_id: int | None = None) -> int | None:
        opened = self._surveys(first, last, series_id, "open", "closed")
        invited = sum(max(one["invited"], len(self._answers(one))) for one in opened)
        return half_up(100 * sum(len(self._answers(one)) for one in opened), invited) if invited else None

    def figure(self, name: str) -> Callable[..., int | None]:
        """The function above that counts a figure of the catalogue."""
        found: Callable[..., int | None] = getattr(self, name.replace("-", "_"))
        return found


def day(moment: datetime) -> date:
    """On the wall in Borås."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(ZoneInfo("Europe/Stockholm")).date()


def half_up(above: int, below: int) -> int:
    return (2 * above + below) // (2 * below)


def plain_number(query: str, **values: Any) -> Any:
    """One number by SQL."""
    return db.session.scalar(text(query), values)


def adds_up(figure: Figure, counted: Counted) -> bool:
    """The lines as a reader adds them, in the way the figure says."""
    lines = [line for line in counted.lines if line.counts]
    number, of = sum(line.number for line in lines), sum(line.of for line in lines)
    if figure.name == "nki":
        mean = sum(line.number * line.index for line in lines) / number
        return counted.value == int(mean + 0.5)
    if figure.unit == "%":
        return counted.value == half_up(100 * number, of)
    return counted.value == number
