"""New companies of the demonstration, their rounds of welcome letters, and the gathering they are invited to.

Four rounds have left, one is being written. Each company of a round that left has its one row; the letters have
mailings and histories as those of issues have. Nothing is sent.
"""

from __future__ import annotations

import functools
import itertools
import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from eventsys.audit import PUBLIC
from eventsys.clock import local
from eventsys.companies.models import Contact
from eventsys.database import db
from eventsys.demo import register_texts as texts
from eventsys.demo.cast import FIRST_NAMES, LAST_NAMES
from eventsys.demo.days import at_work
from eventsys.demo.diary import Diary
from eventsys.demo.publishing import settle_mailing
from eventsys.demo.register import address_of, contact, keep_companies, new_company
from eventsys.events.invitations.answering import say_no, say_yes
from eventsys.events.invitations.inviting import Guest, invite
from eventsys.events.invitations.models import Invitation
from eventsys.events.invitations.sending import send_invitations
from eventsys.events.models import Event, EventState
from eventsys.events.registration import Person
from eventsys.mail.mailings.freezing import NO_ADDRESS
from eventsys.mail.models import Delivery, DeliveryEvent, Mailing, MailingExclusion, MailingState, Priority, State
from eventsys.mail.outbox import new_names
from eventsys.mail.splice import Rendered, list_headers
from eventsys.newsletters.addresses import LEAVE, PREFERENCES
from eventsys.newsletters.subscriptions.models import Reader, SignUpCode
from eventsys.newsletters.welcome.models import (
    WELCOME,
    Choice,
    RoundState,
    WelcomeLetter,
    WelcomeRound,
    WelcomeSettings,
)
from eventsys.staff.models import Account
from eventsys.tokens import new_token

ROUNDS, A_ROUND = 4, timedelta(days=91)
NEW_A_ROUND = 30
NUMBERS_FROM = 20_000
LETTER = "newsletters/welcome"
ON_PAPER, REFUSES = "får brevet på papper", "reklamspärr"
YES, NO = 9, 3
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_OF_RECIPIENT = "@@RECIPIENT@@"


class Welcoming:
    """Puts the new companies in and tells what became of them. `approver` approves what `writer` wrote."""

    def __init__(self, at: datetime, luck: random.Random, writer: Account, approver: Account) -> None:
        self.at, self.luck, self.writer, self.approver = at, luck, writer, approver
        self.today = local(at).date()
        self.gathering: Event | None = None
        self._numbers = itertools.count(NUMBERS_FROM)

    def fill(self, names: Iterator[str], series_id: int) -> None:
        """`series_id` is that of the gatherings for new companies. Flushes, does not commit."""
        ends = [self.today - A_ROUND * n for n in range(ROUNDS, -1, -1)]
        starts_on = ends[0] - A_ROUND
        db.session.add(WelcomeSettings(id=1, starts_on=starts_on, series_id=series_id))
        self.gathering = self._next_gathering(series_id)
        numbers: dict[int, Iterator[int]] = {}
        begins, reached = starts_on, list[dict[str, Any]]()
        for end in ends:
            year = (end + 5 * _DAY).year if end < self.today else self.today.year
            number = next(numbers.setdefault(year, itertools.count(1)))
            new = self._companies(names, begins, end)
            if end < self.today:
                self._left(year, number, end, new)
            else:
                self._being_written(year, number, end - _DAY)
            begins, reached = end + _DAY, [*reached[-2 * NEW_A_ROUND :], *new]
        self._invite([one for one in reached if one["address"] and not one["refuses_advertising"]][-26:])

    def _next_gathering(self, series_id: int) -> Event | None:
        coming = (Event.series_id == series_id, Event.starts_at > self.at, Event.state == EventState.PUBLISHED)
        return db.session.scalars(select(Event).where(*coming).order_by(Event.starts_at)).first()

    # --- companies

    def _companies(self, names: Iterator[str], first: date, last: date) -> list[dict[str, Any]]:
        """Spread over the days; two of three have an e-mail address, one in fifteen refuses advertising."""
        span = (min(last, self.today - 2 * _DAY) - first).days
        rows = [
            {
                **new_company(
                    next(self._numbers), name, self.luck, self.at,
                    first + timedelta(days=span * n // NEW_A_ROUND),
                ),
                "employees": self.luck.choice((None, 0, 0, 1, 2)), "refuses_advertising": n % 15 == 7,
            }
            for n, name in enumerate(itertools.islice(names, NEW_A_ROUND))
        ]  # fmt: skip
        kept = [
            {**one, "address": address_of(one["name"]) if n % 3 else ""}
            for n, one in enumerate(keep_companies(rows, self.luck))
        ]
        db.session.execute(insert(Contact), [contact(one, one["address"], self.at) for one in kept if one["address"]])
        return kept

    # --- rounds

    def _round(self, year: int, number: int, until: date, made_at: datetime, **more: Any) -> WelcomeRound:
        name = f"Välkomstbrev omgång {number} {year}"
        code = SignUpCode(code=f"valkommen{year}{number}", name=name, made_by=self.writer.name, created_at=made_at)
        db.session.add(code)
        db.session.flush()
        made = WelcomeRound(
            year=year, number=number, registered_until=until, subject=texts.SUBJECT, body=texts.BODY, code_id=code.id,
            created_at=made_at, changed_at=made_at, changed_by=self.writer.id, **more,
        )  # fmt: skip
        db.session.add(made)
        db.session.flush()
        return made

    def _being_written(self, year: int, number: int, until: date) -> None:
        event_id = self.gathering.id if self.gathering else None
        self._round(year, number, until, self.at - _HOUR, state=RoundState.DRAFT, event_id=event_id)

    def _left(self, year: int, number: int, until: date, new: Sequence[dict[str, Any]]) -> None:
        sent_at = at_work(self.today, (self.today - until).days - 5, "09.30")
        letter = _letter()
        made = self._round(
            year, number, until, sent_at - 4 * _DAY, state=RoundState.SENT, letter=letter.to_bytes(),
            sha256=letter.sha256, asked_by=self.writer.id, asked_at=sent_at - 2 * _DAY, approved_by=self.approver.id,
            approved_at=sent_at - _DAY, sent_at=sent_at,
        )  # fmt: skip
        rows = [self._row(made, n, one, sent_at) for n, one in enumerate(new)]
        db.session.execute(insert(WelcomeLetter), rows)
        made.mailing_id = self._mailing(made, letter, rows, sent_at).id
        db.session.flush()

    def _row(self, made: WelcomeRound, number: int, one: dict[str, Any], at: datetime) -> dict[str, Any]:
        choice, reason = self._choice(number, one)
        place = {name: one[name] for name in ("care_of", "street", "postcode", "place")}
        return {
            "round_id": made.id, "company_id": one["id"], "choice": choice, "reason": reason, **place,
            "claim": None if choice is Choice.EXCLUDED else WELCOME, "recipient": one["name"],
            "by": self.writer.name if choice is Choice.STRUCK else "", "created_at": at - 2 * _DAY,
            "address": one["address"] if choice is Choice.EMAIL else "",
        }  # fmt: skip

    def _choice(self, number: int, one: dict[str, Any]) -> tuple[Choice, str]:
        if one["refuses_advertising"]:
            return Choice.EXCLUDED, REFUSES
        if number in (4, 17):
            return Choice.STRUCK, texts.STRUCK[number == 17]
        return (Choice.EMAIL, "") if one["address"] else (Choice.PAPER, NO_ADDRESS)

    def _mailing(
        self, made: WelcomeRound, letter: Rendered, rows: Sequence[dict[str, Any]], at: datetime
    ) -> Mailing:  # fmt: skip
        about = f"welcome_round:{made.id}"
        mailing = Mailing(
            name=made.name, about=about, state=MailingState.DONE, letter=letter.to_bytes(), sha256=letter.sha256,
            created_at=at, starts_at=at,
        )  # fmt: skip
        db.session.add(mailing)
        db.session.flush()
        mailed = [row for row in rows if row["choice"] is Choice.EMAIL]
        self._post(mailing, mailed, at)
        others = [row for row in rows if row["choice"] is not Choice.EMAIL]
        exclusions = [
            {"mailing_id": mailing.id, "address": "", "name": "", "organisation": row["recipient"],
             "reason": ON_PAPER if row["choice"] is Choice.PAPER else row["reason"]}
            for row in others
        ]  # fmt: skip
        db.session.execute(insert(MailingExclusion), exclusions)
        fates = [State.REJECTED if n == 3 and made.number % 2 else State.ACCEPTED for n in range(len(mailed))]
        settle_mailing(mailing, made.subject, fates, at)
        return mailing

    def _post(self, mailing: Mailing, rows: Sequence[dict[str, Any]], at: datetime) -> None:
        readers = [
            {"token": new_token(), "address": row["address"], "name": "", "organisation": row["recipient"],
             "company_id": row["company_id"], "lang": "sv", "added_at": at}
            for row in rows
        ]  # fmt: skip
        ids = db.session.scalars(insert(Reader).returning(Reader.id, sort_by_parameter_order=True), readers).all()
        letters = [
            self._delivery(mailing, row, reader_id, at) for row, reader_id in zip(rows, ids, strict=True)
        ]  # fmt: skip
        posted = db.session.scalars(
            insert(Delivery).returning(Delivery.id, sort_by_parameter_order=True), letters
        ).all()
        queued = [
            {"delivery_id": one, "at": at, "was": None, "became": State.QUEUED, "detail": ""} for one in posted
        ]  # fmt: skip
        db.session.execute(insert(DeliveryEvent), queued)

    def _delivery(self, mailing: Mailing, row: dict[str, Any], reader_id: int, at: datetime) -> dict[str, Any]:
        names = new_names()
        return {
            "mailing_id": mailing.id, "purpose_key": f"mailing:{mailing.id}:{names['token']}", "letter": LETTER,
            "subject_id": reader_id, "about": mailing.about, "address": row["address"], "name": "",
            "organisation": row["recipient"], "lang": "sv", "priority": int(Priority.MAILING), "not_before": at,
            "created_at": at, "changed_at": at, **names,
        }  # fmt: skip

    # --- the gathering

    def _invite(self, companies: Sequence[dict[str, Any]]) -> None:
        """The newest companies are invited; some have said yes, a few no."""
        event = self.gathering
        if event is None or event.published_at is None:
            return
        event_id, diary, began = event.id, Diary(self.at), event.published_at + _HOUR
        guests = [Guest(one["address"], one["address"], "", one["name"], one["number"]) for one in companies]
        diary.note(began, lambda at: self._send(event_id, guests, at), self.writer.actor)
        left = (self.at - 2 * _HOUR - began) / (YES + NO + 1)
        for n, guest in enumerate(self.luck.sample(guests, min(YES + NO, len(guests)))):
            answer = self._say_yes if n < YES else self._say_no
            if left > timedelta():
                diary.note(began + left * (n + 1), functools.partial(answer, event_id, guest), PUBLIC)
        diary.live()

    def _send(self, event_id: int, guests: Sequence[Guest], at: datetime) -> None:
        invite(event_id, guests, at, "Nya företag")
        send_invitations(event_id, at)

    def _say_yes(self, event_id: int, guest: Guest, at: datetime) -> None:
        name = f"{self.luck.choice(FIRST_NAMES)} {self.luck.choice(LAST_NAMES)}"
        last = self.luck.randint(605, 699)
        phone = f"070-174 0{last // 100} {last % 100:02d}"
        person = Person(name, guest.email, guest.email_key, phone, f"+4670174{last:04d}")
        say_yes(_invitation(event_id, guest), person, at)

    def _say_no(self, event_id: int, guest: Guest, at: datetime) -> None:
        say_no(_invitation(event_id, guest), "", at)


def _invitation(event_id: int, guest: Guest) -> int:
    query = select(Invitation.id).where(Invitation.event_id == event_id, Invitation.email_key == guest.email_key)
    return db.session.scalars(query).one()


def _letter() -> Rendered:
    """The letter of a round that left, as it was frozen then."""
    words = texts.BODY.replace("<p>", "").replace("</p>", "\n\n")
    leave, choices = f"@@{LEAVE}@@", f"@@{PREFERENCES}@@"
    return Rendered(
        texts.SUBJECT,
        f"Till {_OF_RECIPIENT}\n\n{words}Avsluta: {leave}\nVal: {choices}\n",
        f'<p>Till {_OF_RECIPIENT}</p>{texts.BODY}<p><a href="{leave}">Avsluta</a> <a href="{choices}">Val</a></p>',
        (LEAVE, PREFERENCES, "RECIPIENT"),
        list_headers("valkomstbrev.localhost"),
    )
