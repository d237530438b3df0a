"""The product behind a real web server, with something to see on every public page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.events.models import Event, Question, Series
from eventsys.events.reminders.coming import say_coming
from eventsys.events.sources import add_source
from eventsys.newsletters.lists import series_list
from eventsys.newsletters.responses.keys import EXAMPLE_KEY
from eventsys.newsletters.subscriptions.codes import add_code
from eventsys.newsletters.subscriptions.confirming import confirm
from eventsys.newsletters.subscriptions.models import SignUp
from eventsys.newsletters.subscriptions.signing_up import Wish, ask_for_other_address, sign_up
from eventsys.privacy.asking import Asked, ask
from eventsys.privacy.asking import confirm as confirm_request
from eventsys.privacy.models import PersonRequest
from eventsys.privacy.models import Wish as PersonWish
from eventsys.serving import running_web
from eventsys.surveys.models import SurveyState
from eventsys.surveys.results.publishing import show_publicly
from tests.chromium import OpenPage
from tests.events import scenes
from tests.factories import in_days, make_event, make_person, make_registration, make_series
from tests.invitations import scenes as invitations
from tests.journeys.product import app_of, fresh_settings
from tests.newsletters.factories import make_reader
from tests.newsletters.readers import scenes as issues
from tests.programme.scenes import make_session, make_slot, make_workshops
from tests.staff_fixtures import visitor
from tests.surveys import factories as surveys
from tests.surveys.results_scenes import VECTOR, choice, make_survey

DAY = timedelta(days=1)
LONG = "Hållbarhetsrapporteringsskyldighetsöversyn"
TEXT = {
    "description": "Vi äter lunch och hör tre företag berätta.\n\nPlats för frågor.\nVälkommen.",
    "programme": "11.30 Insläpp och lunch\n12.00 Tre korta berättelser\nTack för idag",
    "speakers": "Märta Nyström, vävare\nBo Alm",
    "contact_name": "Alva Ek",
    "contact_email": "alva.ek@boras.example",
    "contact_phone": "033-35 70 00",
    "price": "Kostnadsfritt",
    "asks_diet": True,
}


class House:
    """The running product: its address, and the addresses of its pages by a word for what they show."""

    def __init__(self, app: Flask, url: str) -> None:
        self.app, self.url = app, url
        series = make_series(name="Fredagslunch", name_en="Friday lunch")
        with transaction():
            db.session.add(Question(series_id=series.id, label="Vilken bransch?", choices=["Textil", "Handel"]))
        self.series_id, self.series_slug = series.id, series.slug
        self.pages = self._furnish()

    def new_event(self, **given: object) -> Event:
        """An event with everything that a page can show, and questions to answer."""
        return make_event(**{"series": db.session.get(Series, self.series_id), **TEXT, **given})

    def form_of(self, event: Event, prefix: str = "") -> str:
        return f"{self.url}{prefix}/evenemang/{event.slug}/anmalan"

    def _furnish(self) -> dict[str, str]:
        at = now()
        open_event, full = self.new_event(), self.new_event(capacity=1, title="Vävdagen")
        whole = make_registration(open_event, ["Åsa Öberg", "Bo Alm", "Ylva Sjö"])
        asa, bo, ylva = whole.attendees
        gone = ylva.ticket_code
        scenes.cancel_people([ylva], at)
        scenes.kept(say_coming)(asa, at)
        leaver = make_registration(full, ["Nils Ek"])
        offered, waiting = make_registration(full, ["Elin Ek"]), make_registration(full, ["Märta Ek"])
        scenes.cancel_people(list(leaver.attendees), at)
        cancelled = self.new_event(title=f"Frukost om {LONG}")
        scenes.cancel_event(cancelled.id, "Talaren är sjuk.", at)
        over = self.new_event(title="Julbordet", starts_at=at - 2 * DAY)
        later = self.new_event(title="Vårmässan", opens_at=at + DAY, starts_at=at + 40 * DAY)
        make_event(title="Kurs i klarspråk")
        event, booking = f"/evenemang/{open_event.slug}", f"/bokning/{whole.token}"
        return {
            "start": "/",
            "calendar": "/evenemang",
            "calendar of a series": f"/evenemang?serie={self.series_slug}",
            "empty calendar": "/evenemang?serie=okand",
            "embedded list": "/evenemang/lista",
            "event": event,
            "full event": f"/evenemang/{full.slug}",
            "cancelled event": f"/evenemang/{cancelled.slug}",
            "past event": f"/evenemang/{over.slug}",
            "results of a survey": self._with_results(),
            "coming event": f"/evenemang/{later.slug}",
            "form": f"{event}/anmalan",
            "form for the queue": f"/evenemang/{full.slug}/anmalan",
            "shut form": f"/evenemang/{later.slug}/anmalan",
            "received": f"{event}/anmalan/mottagen",
            **self._by_invitation(),
            **self._with_a_programme(),
            **self._of_letters(),
            "my bookings": "/mina-bokningar",
            "booking": booking,
            "new booking": f"{booking}?ny=1&besked=1",
            "own booking": f"/bokning/{bo.token}",
            "booking with an offer": f"/bokning/{offered.token}",
            "booking in the queue": f"/bokning/{waiting.token}?ny=1",
            "booking of a cancelled event": f"/bokning/{self._cancelled_booking()}",
            "booker": f"{booking}/kontakt",
            "person": f"{booking}/person/{bo.id}",
            "new person": f"{booking}/person/ny",
            "cancel": f"{booking}/avboka",
            "coming": f"/bokning/{bo.token}/kommer",
            "answered coming": f"/bokning/{asa.token}/kommer",
            "ticket": f"/biljett/{asa.ticket_code}",
            "no ticket yet": f"/biljett/{waiting.attendees[0].ticket_code}",
            "revoked ticket": f"/biljett/{gone}",
            "poster": f"/q/{scenes.kept(add_source)(open_event.id, 'Affisch', at).code}",
            **self._with_an_archive(open_event),
            **self._with_surveys(),
            "privacy": "/personuppgifter",
            **self._of_requests(),
            "accessibility": "/tillganglighet",
            "not found": "/finns-inte",
        }

    def _with_a_programme(self) -> dict[str, str]:
        """An event with workshops to choose, and a course of two dates."""
        day, course = self.new_event(title="Näringslivsdagen"), self.new_event(title="Anbudsskola")
        make_session(make_slot(day, -1, name="Inledning"), "Välkomna", speakers="Eva Ek, näringslivschef")
        first, _full = make_workshops(day, 3, 0)
        for week in range(2):
            make_session(make_slot(course, 7 * 24 * week, name=f"Tillfälle {week + 1}"), "Så skriver du anbud")
        asa = make_registration(day, [make_person("Åsa Ek", sessions={first.slot_id: first.id})]).attendees[0]
        return {
            "programme": f"/evenemang/{day.slug}/program",
            "programme of a course": f"/evenemang/{course.slug}/program",
            "sessions": f"/bokning/{asa.token}/person/{asa.id}/program",
            "event with a programme": f"/evenemang/{day.slug}",
            "form with sessions": f"/evenemang/{day.slug}/anmalan",
            "booking with sessions": f"/bokning/{asa.token}",
        }

    def _with_results(self) -> str:
        """An event whose survey is over, and shown to everybody."""
        event = self.new_event(title="Frukostmöte", starts_at=in_days(-20), ends_at=in_days(-20, hour=12))
        survey = make_survey(event, VECTOR, own=[choice("Vad vill du höra mer om?", LONG, "Export")], invited=25)
        scenes.kept(show_publicly)(survey.id, now())
        return f"/evenemang/{event.slug}/resultat"

    def _with_an_archive(self, event: Event) -> dict[str, str]:
        """Two issues of Företagsamt, and links under an article of the first."""
        article = issues.make_whole_issue(2026, 1, event, with_picture=False).articles[0]
        issues.make_issue(2026, 2, subject=f"Om {LONG}")
        used = issues.link_of(article)
        issues.say(visitor(self.app), article, key=used.rpartition("/")[2])
        return {
            "archive": "/foretagsamt",
            "issue": "/foretagsamt/2026/1",
            "next issue": "/foretagsamt/2026/2",
            "article to judge": f"{issues.link_of(article)}?svar=nej",
            "judged article": used,
            "example of a judgement": issues.link_of(article, EXAMPLE_KEY),
            "unknown link": f"{used[:-32]}{'a' * 32}",
        }

    def _with_surveys(self) -> dict[str, str]:
        """A survey with a question of each kind, and links in each state that its page knows."""
        survey = surveys.make_every_kind(open_code="abc234", title="Frukost om vävning")
        shut = surveys.make_open_survey(1, closes_at=now() + DAY)
        with transaction():
            db.session.merge(shut).state = SurveyState.CLOSED
        surveys.make_survey(self.new_event(title="Kommande dag"), open_code="abc235")
        asked, answered, absent = (f"/enkat/{one.token}" for one in surveys.invitations(survey))
        visitor(self.app).post(answered, data=surveys.filled_in(survey))
        return {
            "survey": asked,
            "answered survey": answered,
            "survey for who was absent": absent,
            "closed survey": f"/enkat/{surveys.invitations(shut)[0].token}",
            "unknown survey": f"/enkat/{'a' * 32}",
            "open survey": "/enkat/oppen/abc234",
            "open survey to come": "/enkat/oppen/abc235",
            "thanks for the answer": f"/enkat/tack/{survey.event.slug}",
        }

    def _by_invitation(self) -> dict[str, str]:
        """An event for those invited, and an invitation in each state that its page knows."""
        event = self.new_event(title="Update Borås", by_invitation=True, capacity=1, request_seats=3)
        names = ("Åsa Ek", "Bo Alm", "Ylva Sjö", "Nils Ek", "Elin Ek", "Märta Ek")
        asked, yes, queued, no, handed, withdrawn = invitations.invited(event, *names)
        invitations.yes(yes)
        invitations.yes(queued)
        invitations.say_no(no, "Jag är på resa.", now())
        invitations.hand_on(handed, invitations.make_guest("Karin Ek"), now())
        invitations.withdraw(event.id, [withdrawn], now())
        pages = {
            "invitation": asked, "accepted invitation": yes, "queued invitation": queued, "declined invitation": no,
            "handed invitation": handed, "withdrawn invitation": withdrawn,
        }  # fmt: skip
        return {
            **{words: f"/inbjudan/{invitations.row(one).token}" for words, one in pages.items()},
            "closed event": f"/evenemang/{event.slug}",
            "form for the invited": f"/evenemang/{event.slug}/anmalan",
            "request for a place": f"/evenemang/{event.slug}/plats",
        }

    def _of_requests(self) -> dict[str, str]:
        """Requests about one's own data, in each state that the link in a letter can meet."""
        at = now()
        for address, asked_at in (("nils", at), ("elin", at), ("asa", at - 30 * DAY)):
            scenes.kept(ask)(Asked(PersonWish.EXTRACT, f"{address}@ek.example"), asked_at)
        nils, elin, asa = (one.token for one in db.session.scalars(select(PersonRequest).order_by(PersonRequest.id)))
        scenes.kept(confirm_request)(elin, at)
        path = "/personuppgifter/begaran"
        return {
            "request about oneself": path,
            "confirm a request": f"{path}/{nils}",
            "confirmed request": f"{path}/{elin}",
            "ended request": f"{path}/{asa}",
        }

    def _of_letters(self) -> dict[str, str]:
        """Readers, and sign-ups in each state that the link in a letter can meet."""
        at, kept = now(), scenes.kept(sign_up)
        code = scenes.kept(add_code)("Frukost Viared", "Alva Ek", at)
        reader, new = make_reader("asa@vaveriet.example", organisation="Väveriet"), make_reader("bo@alm.example")
        gone = make_reader("ylva@sjo.example", lists=[], left=["foretagsamt"], refused_at=at)
        kept(Wish("nils@ek.example", ("foretagsamt", series_list(self.series_id))), at)
        kept(Wish("elin@ek.example", ("foretagsamt",)), at - 8 * DAY)
        kept(Wish("marta@ek.example", ("foretagsamt",)), at)
        scenes.kept(confirm)(self._link("marta@ek.example"), ["foretagsamt"], at)
        scenes.kept(ask_for_other_address)(reader.id, "asa@ny.example", "sv", at)
        return {
            "sign-up": "/nyhetsbrev",
            "sign-up by a code": f"/nyhetsbrev?kalla={code.code}",
            "confirm": f"/nyhetsbrev/bekrafta/{self._link('nils@ek.example')}",
            "confirm a new address": f"/nyhetsbrev/bekrafta/{self._link('asa@ny.example')}",
            "used confirm link": f"/nyhetsbrev/bekrafta/{self._link('marta@ek.example')}",
            "ended confirm link": f"/nyhetsbrev/bekrafta/{self._link('elin@ek.example')}",
            "choices": f"/nyhetsbrev/val/{reader.token}",
            "choices of a new reader": f"/nyhetsbrev/val/{new.token}?ny=1",
            "choices of who left": f"/nyhetsbrev/val/{gone.token}",
            "leave one list": f"/avsluta/{reader.token}?brev=foretagsamt",
            "leave all lists": f"/avsluta/{reader.token}",
        }

    def _link(self, address: str) -> str:
        """The token in the confirming letter to this address."""
        return db.session.scalars(select(SignUp.token).where(SignUp.address == address)).one()

    def _cancelled_booking(self) -> str:
        event = self.new_event(title="Inställd kurs")
        token = make_registration(event, ["Åsa Öberg"]).token
        scenes.cancel_event(event.id, "", now())
        return token


@pytest.fixture(scope="session")
def _house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    with app_of(fresh_settings("sqlite", folder)) as app, running_web(app, "127.0.0.1", 0) as web:
        yield House(app, f"http://127.0.0.1:{web.port}")


@pytest.fixture
def house(_house: House) -> Iterator[House]:
    """The running product, and its database for the test to look into."""
    with _house.app.app_context():
        yield _house
        db.session.remove()


@pytest.fixture
def plain_page(open_page: OpenPage) -> Page:
    """A phone without JavaScript. (Axe is JavaScript too, so it looks elsewhere.)"""
    return open_page(java_script_enabled=False)


@pytest.fixture
def press() -> Callable[..., None]:
    """press(page, label): press the button of this name and wait for the page it leads to."""

    def press_it(page: Page, label: str, exact: bool = True) -> None:
        with page.expect_navigation():
            page.get_by_role("button", name=label, exact=exact).click()

    return press_it
