"""An event with people, a co-organiser's own event beside it, and browsers signed in."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.events.access import give_series
from eventsys.events.materials.keeping import add_link
from eventsys.events.models import Attendee, Event, Registration, Series, Source
from eventsys.events.series import add_question
from eventsys.events.sources import add_source
from eventsys.events.topics.points import add_point
from eventsys.events.topics.themes import note_theme
from eventsys.staff.models import Account, Role
from tests.factories import make_event, make_registration, make_series
from tests.invitations.scenes import invited
from tests.staff_fixtures import (  # noqa: F401
    Visitor,
    administrator,
    co_organiser,
    editor,
    host,
    new_account,
    organiser,
    see_anew,
    signed_in_client,
    visitor_as,
)


@dataclass
class Scene:
    """One series with one event, its QR code, question, point to bring up, theme, and a booking of two."""

    series: Series
    event: Event
    source: Source
    question_id: int
    registration: Registration
    point_id: int
    theme_id: int
    invitation_id: int
    material_id: int

    @property
    def attendee(self) -> Attendee:
        return self.registration.attendees[0]

    def ids(self) -> dict[str, int | str]:
        return {
            "event_id": self.event.id, "source_id": self.source.id, "registration_id": self.registration.id,
            "attendee_id": self.attendee.id, "series_id": self.series.id, "question_id": self.question_id,
            "point_id": self.point_id, "theme_id": self.theme_id,
            "invitation_id": self.invitation_id, "material_id": self.material_id,
        }  # fmt: skip


def make_scene(name: str = "Fredagslunch", **event: object) -> Scene:
    series = make_series(name=name, place="Åhaga", capacity=30, hours=2)
    made = make_event(**{"series": series, "title": f"{name} i december", "capacity": 2, "asks_diet": True, **event})
    with transaction():
        source = add_source(made.id, "Affisch", now())
        question = add_question(series.id, {"label": "Ämne?", "label_en": "", "required": False, "choices": []})
        point = add_point(made.id, "Upphandlingen av lunch öppnar i mars.", "Alva", now())
        theme = note_theme(series.id, "Hitta personal", "Besök hos Väveriet", "Alva", now())
        film = add_link(made.id, "Filmen", "https://film.boras.example", now())
    booking = make_registration(made, ["Åsa Öberg", "Bo Alm"])
    [guest] = invited(made, "Eva Ström", sent=False)
    return Scene(series, made, source, question.id, booking, point.id, theme.id, guest, film.id)


@pytest.fixture
def scene(app: Flask) -> Scene:
    return make_scene()


@pytest.fixture
def foreign(app: Flask) -> Scene:
    """Another series, that the co-organiser was not given."""
    return make_scene("Näringslivsdagen")


@pytest.fixture
def staff(app: Flask, administrator: Account) -> Visitor:  # noqa: F811
    """A browser signed in as administrator."""
    return visitor_as(app, administrator)


@pytest.fixture
def partner(app: Flask, scene: Scene) -> Visitor:
    """A co-organiser who was given the scene's series."""
    account = new_account(Role.CO_ORGANISER)
    with transaction():
        give_series(account.id, [scene.series.id])
    return visitor_as(app, account)


def again(row):  # type: ignore[no-untyped-def]
    """The row as it is in the database now."""
    see_anew()
    return db.session.get(type(row), row.id, populate_existing=True)


def sent(client: Visitor, path: str, data: dict[str, object] | None = None) -> TestResponse:
    """Post a form and go where the answer leads."""
    return client.get(client.post(path, data=data or {}).location)
