"""Filling in the registration form, and reading what the page answers."""

from __future__ import annotations

from typing import Any

from lxml import html
from sqlalchemy import select
from werkzeug.test import TestResponse

from eventsys.database import Base, db
from eventsys.events.models import Attendee, Event, Registration
from tests.staff_fixtures import Visitor

VALID = {
    "company_name": "Väveriet i Borås AB",
    "company_number": "556036-0793",
    "booker_name": "Åsa Öberg",
    "booker_email": "asa@vaveriet.example",
    "booker_phone": "070-123 45 67",
    "booker_comes": "y",
}


def filled(*people: tuple[str, str], **other: str | None) -> dict[str, str]:
    """The form as a person fills it in; `people` are (name, address) of the others. None leaves a field out."""
    form: dict[str, str | None] = {**VALID, **other}
    for number, (name, email) in enumerate(people):
        form |= {f"people-{number}-name": name, f"people-{number}-email": email, f"people-{number}-phone": ""}
    return {name: value for name, value in form.items() if value is not None}


def form_of(event: Event, lang: str = "sv") -> str:
    """Where the event's form is."""
    return f"{'/en' if lang == 'en' else ''}/evenemang/{event.slug}/anmalan"


class Read:
    """An answer as its reader sees it."""

    def __init__(self, answer: TestResponse) -> None:
        self.status = answer.status_code
        self.tree = html.fromstring(answer.text)
        for unseen in self.tree.findall(".//template"):
            unseen.drop_tree()

    @property
    def title(self) -> str:
        return str(self.tree.findtext(".//title"))

    @property
    def words(self) -> str:
        return squeezed(self.tree.find(".//main"))

    @property
    def at_fields(self) -> dict[str, str]:
        """Name of the field -> the message that stands at it, which the field itself points to."""
        found = {}
        for field in self.tree.xpath("//*[@aria-invalid='true' or @aria-describedby]"):
            for told_by in field.get("aria-describedby", "").split():
                if told_by.endswith("-error"):
                    [message] = self.tree.xpath(f"//*[@id='{told_by}']")
                    found[field.get("name")] = squeezed(message).removeprefix("Fel: ").removeprefix("Error: ")
        return found

    @property
    def in_summary(self) -> dict[str, str]:
        """Name of the field that a line of the summary leads to -> the line."""
        found = {}
        for line in self.tree.xpath("//*[contains(@class, 'error-summary')]//li/a"):
            [target] = self.tree.xpath(f"//*[@id='{line.get('href').removeprefix('#')}']")
            found[target.get("name") or target.get("id")] = squeezed(line)
        return found

    @property
    def typed(self) -> dict[str, str]:
        """What stands in the form."""
        found = {}
        for field in self.tree.xpath("//main//form//*[(self::input or self::select or self::textarea)]"):
            if field.get("type") in ("checkbox", "radio") and field.get("checked") is None:
                continue
            value = field.xpath("string(option[@selected]/@value)") if field.tag == "select" else field.get("value", "")
            found[field.get("name")] = str(value)
        return found


def followed(web: Visitor, answer: TestResponse) -> TestResponse:
    """The page that an answer sends the browser to."""
    assert answer.status_code in {302, 303}, answer.status_code
    return web.get(answer.location)


def squeezed(element: Any) -> str:
    return " ".join(element.text_content().split())


def people_at(event: Event) -> list[str]:
    """The names of everybody at the event, in the order they came."""
    db.session.rollback()
    query = select(Attendee.name).where(Attendee.event_id == event.id).order_by(Attendee.id)
    return list(db.session.execute(query).scalars())


def the_registration(event: Event) -> Registration:
    db.session.rollback()
    db.session.expire_all()
    return db.session.execute(select(Registration).where(Registration.event_id == event.id)).scalar_one()


def everything_kept() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    db.session.rollback()
    tables = Base.metadata.sorted_tables
    return {table.name: [tuple(row) for row in db.session.execute(table.select())] for table in tables}


def is_kept_anywhere(text: str) -> bool:
    """Whether any column of any table holds the text."""
    return any(text in repr(row) for rows in everything_kept().values() for row in rows)
