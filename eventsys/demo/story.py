"""From the plan to the diary: who plans, publishes, registers, leaves, waits, comes. All through the house's verbs."""

from __future__ import annotations

import functools
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from eventsys.audit import PUBLIC
from eventsys.clock import local
from eventsys.database import db
from eventsys.demo import holding, inviting, plan, programmes, texts
from eventsys.demo.cast import DIETS, Cast, Guest, Party
from eventsys.demo.companies import associations
from eventsys.demo.days import Days, at_work, moment, opening_after
from eventsys.demo.diary import Diary
from eventsys.demo.plan import PLAN, Planned
from eventsys.events import booking, drafting, messages, planning, queries, registration, series, sources, waitlist
from eventsys.events.models import Attendee, AttendeeState, Diet, Event, Series
from eventsys.events.registration import IfFull, Person, Wish
from eventsys.events.reminders.due import possible_times
from eventsys.events.reminders.sending import due_reminders, send_portion
from eventsys.events.seats import locked_event
from eventsys.events.selection import Selection
from eventsys.events.topics import points, themes
from eventsys.staff.models import Account

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SHARE_WITH_DIET = 0.2
SHARE_IN_ENGLISH = 0.04
SHARE_FROM_POSTERS = 0.6


class Story:
    """Notes everything of the plan in a diary. `planners` are the colleagues who arrange, by the key of the series."""

    def __init__(self, diary: Diary, at: datetime, luck: random.Random, planners: dict[str, Account]) -> None:
        self.diary, self.at, self.luck, self.planners = diary, at, luck, planners
        self.cast = Cast(luck)
        self.series: dict[str, Series] = {}
        self._days = Days(local(at).date())

    def note_all(self) -> None:
        for number, key in enumerate(texts.SERIES):
            begin = functools.partial(self._begin_series, key)
            self.diary.note(self.at - (400 - number) * DAY, begin, self.planners[key].actor)
        happenings = {planned.text: Happening(self, planned, self._days) for planned in PLAN}
        for happening in happenings.values():
            happening.note()
        for hours, domain in plan.TROUBLED:
            happenings[plan.TROUBLED_AT].note_booking(self.at - hours * HOUR, self.cast.stranger(domain))

    def _begin_series(self, key: str, at: datetime) -> None:
        self.series[key] = series.create_series(texts.SERIES[key])
        for question in texts.QUESTIONS.get(key, ()):
            series.add_question(self.series[key].id, question)
        for text, heard_at in texts.THEMES.get(key, ()):
            themes.note_theme(self.series[key].id, text, heard_at, self.planners[key].name, at)


class Happening:
    """One event of the plan, from draft to the last guest."""

    def __init__(self, story: Story, planned: Planned, days: Days) -> None:
        self.story, self.planned, self.luck = story, planned, story.luck
        self.dates = [days.take(planned.days + 14 * part, planned.weekday) for part in range(planned.parts)]
        self.starts_at = moment(self.dates[0], planned.clock)
        self.ends_at = moment(self.dates[-1], planned.clock) + timedelta(minutes=planned.minutes)
        self.event_id = 0
        self.codes = [""]

    # --- times

    @property
    def published_at(self) -> datetime:
        if self.planned.has_been:
            return self.starts_at - self.planned.published_before * DAY
        return self._at_work(self.planned.open_since, "09.20")

    @property
    def closes_at(self) -> datetime | None:
        return self._at_work(self.planned.closed_since, "16.00") if self.planned.closed_since else None

    @property
    def called_off_at(self) -> datetime | None:
        return self._at_work(self.planned.cancelled_since, "14.10") if self.planned.cancelled_since else None

    def _at_work(self, days_ago: int, clock: str) -> datetime:
        return at_work(local(self.story.at).date(), days_ago, clock)

    @property
    def last_booking_at(self) -> datetime:
        """Nobody books after this."""
        ends = (self.starts_at - DAY, self.closes_at, self.called_off_at, self.story.at - 2 * HOUR)
        return min(end for end in ends if end is not None) - HOUR

    def _booking_times(self, number: int) -> list[datetime]:
        """Many on the first days, then fewer, in waking hours."""
        span = self.last_booking_at - self.published_at
        times = (self.published_at + span * self.luck.betavariate(0.9, 1.9) for _ in range(number))
        return sorted(self._awake(time) for time in times)

    def _awake(self, time: datetime) -> datetime:
        awake = time.replace(hour=self.luck.choice((6, 7, 8, 9, 10, 12, 13, 14, 18)), minute=self.luck.randrange(60))
        return awake if self.published_at < awake < self.last_booking_at else time

    # --- noting

    def note(self) -> None:
        planned, note = self.planned, self.story.diary.note
        planner = self.story.planners[planned.series].actor
        note(self.published_at - 3 * DAY, self._draft, planner)
        if planned.draft:
            return
        note(self.published_at, self._publish, planner)
        note(self.published_at + HOUR, self._add_points, planner)
        self._note_guests()
        if planned.moved_since:
            note(self._at_work(planned.moved_since, "10.30"), self._move_room, planner)
        if self.called_off_at:
            note(self.called_off_at, self._call_off, planner)
        if planned.written_to:
            note(self.starts_at - DAY, self._write, planner)
        note(self.ends_at, self._hold, planner)
        note(self.ends_at + 2 * HOUR, self._close)
        if planned.hands_out:
            note(self.ends_at + 20 * HOUR, self._hand_out, planner)
        for due_at in sorted(set(possible_times(Event(starts_at=self.starts_at, ends_at=self.ends_at)).values())):
            note(due_at, self._remind)

    def _note_guests(self) -> None:
        planned = self.planned
        if planned.invited:
            return self._note_invited()
        among = associations() if planned.series == "associations" else ()
        parties = self.story.cast.parties(planned.people, texts.SERIES[planned.series]["party_size"], among)
        return self._note_bookings(parties)

    def _note_invited(self) -> None:
        """So many are asked; most say yes, two of them by a colleague, a few no, and the others have not answered."""
        planned, note = self.planned, self.story.diary.note
        planner = self.story.planners[planned.series].actor
        asked = self.story.cast.pairs(planned.invited)
        note(self.published_at + HOUR, lambda at: inviting.invite_all(self.event_id, asked, at), planner)
        comers, rest = asked[: planned.people], asked[planned.people :]
        for number, (at, party) in enumerate(zip(self._booking_times(len(comers)), comers, strict=True)):
            answer = inviting.send_colleague if number in (3, 8) else inviting.accept
            note(max(at, self.published_at + 2 * HOUR), functools.partial(self._answer, answer, party), PUBLIC)
        for at, party in zip(self._booking_times(5), rest, strict=False):
            note(max(at, self.published_at + 2 * HOUR), functools.partial(self._refuse, party), PUBLIC)

    def _refuse(self, party: Party, at: datetime) -> None:
        inviting.refuse(self.event_id, party, self.luck, at)

    def _answer(self, answer: Callable[[int, Party, datetime], None], party: Party, at: datetime) -> None:
        answer(self.event_id, party, at)

    def _note_bookings(self, parties: Sequence[Party]) -> None:
        planned, note = self.planned, self.story.diary.note
        for at, party in zip(self._booking_times(len(parties)), parties, strict=True):
            self.note_booking(at, party)
        for at in self._leaving_times():
            note(at, self._one_leaves, PUBLIC)
            note(at + 2 * HOUR, self._answer_offers)
        if planned.offered_now:
            note(self.story.at - 2 * HOUR / 3, self._one_leaves, PUBLIC)

    def note_booking(self, at: datetime, party: Party) -> None:
        """Guests book for themselves, but those of some series are added by staff."""
        if self.planned.series in plan.BY_HAND:
            planner = self.story.planners[self.planned.series].actor
            self.story.diary.note(at, lambda at: self._add_by_hand(party, at, planner), planner)
        else:
            self.story.diary.note(at, lambda at: self._book(party, at), PUBLIC)

    def _leaving_times(self) -> list[datetime]:
        """In the later half, so that there is somebody to leave and the queue has formed."""
        half = (self.last_booking_at - self.published_at) / 2
        return sorted(self.last_booking_at - half * self.luck.random() for _ in range(self.planned.leave))

    # --- what the office does

    def _draft(self, at: datetime) -> None:
        planned = self.planned
        times = {"starts_at": self.starts_at, "ends_at": self.ends_at, **self._registration_times()}
        capacity = {"capacity": planned.capacity} if planned.capacity else {}
        values = {**texts.EVENTS[planned.text], **times, **capacity}
        self.event_id = drafting.draft_event(self.story.series[planned.series].id, values).id
        if planned.programme:
            programmes.arrange(self.event_id, planned.programme, self.dates, at)

    def _registration_times(self) -> dict[str, datetime]:
        today = local(self.story.at).date()
        opens = {"opens_at": opening_after(today, self.planned.opens_in, "08.00")} if self.planned.opens_in else {}
        return {**opens, "closes_at": self.closes_at} if self.closes_at else opens

    def _publish(self, at: datetime) -> None:
        planning.publish(self.event_id, at)
        for name in texts.POSTERS[: self.planned.posters]:
            self.codes.append(sources.add_source(self.event_id, name, at).code)

    def _move_room(self, at: datetime) -> None:
        planning.edit_event(self.event_id, texts.MOVED, at)

    def _call_off(self, at: datetime) -> None:
        planning.cancel_event(self.event_id, texts.CALLED_OFF, at)

    def _write(self, at: datetime) -> None:
        sent_by = self.story.planners[self.planned.series].actor
        subject, body = texts.MESSAGE_SUBJECT, texts.MESSAGE_BODY
        messages.send_message(self.event_id, Selection.CONFIRMED, (), subject, body, sent_by, at)

    def _add_points(self, at: datetime) -> None:
        added_by = self.story.planners[self.planned.series].name
        for text in texts.POINTS[: self.planned.points]:
            points.add_point(self.event_id, text, added_by, at)

    def _remind(self, at: datetime) -> None:
        """The clock's letters that are due, as the house's own verbs send them."""
        for reminder_id in due_reminders(at):
            while send_portion(reminder_id, at):
                pass

    def _hold(self, at: datetime) -> None:
        """The event takes place: most come, diets are forgotten afterwards."""
        waitlist.expire_offers(self.event_id, at)
        holding.let_in(self.event_id, self._people(AttendeeState.CONFIRMED), self.starts_at, self.luck)
        guests = select(Attendee.id).where(Attendee.event_id == self.event_id)
        db.session.execute(delete(Diet).where(Diet.attendee_id.in_(guests)))

    def _close(self, at: datetime) -> None:
        holding.close(self.event_id, at)

    def _hand_out(self, at: datetime) -> None:
        holding.hand_out(self.event_id, texts.MATERIAL, at)

    # --- what guests do

    def _book(self, party: Party, at: datetime) -> None:
        registration.register(self.event_id, self._wish(party), at)

    def _add_by_hand(self, party: Party, at: datetime, planner: str) -> None:
        registration.register_by_hand(self.event_id, self._wish(party), at, planner)

    def _wish(self, party: Party) -> Wish:
        event = queries.event_by_id(self.event_id)
        answers = self._answers()
        return Wish(
            booker=party.people[0].as_booker(),
            people=tuple(self._person(guest, event, answers) for guest in party.people),
            company_name=party.company.name,
            company_number=party.company.number,
            sole_trader=party.company.sole_trader,
            if_full=IfFull.TAKE_SOME,
            source=self.luck.choice(self.codes) if self.luck.random() < SHARE_FROM_POSTERS else "",
            lang="en" if self.luck.random() < SHARE_IN_ENGLISH else "sv",
        )

    def _person(self, guest: Guest, event: Event, answers: dict[int, str]) -> Person:
        person = guest.as_person(self._diet() if event.asks_diet else "", answers)
        wanted = programmes.wishes(event.id, self.luck) if self.planned.programme else {}
        return replace(person, sessions=wanted, queue_ok=tuple(session for session in wanted.values() if session))

    def _diet(self) -> str:
        return self.luck.choice(DIETS) if self.luck.random() < SHARE_WITH_DIET else ""

    def _answers(self) -> dict[int, str]:
        asked = queries.questions_asked(queries.event_by_id(self.event_id))
        return {question.id: self.luck.choice(question.choices or texts.FREE_ANSWERS) for question in asked}

    def _one_leaves(self, at: datetime) -> None:
        seated = self._people(AttendeeState.CONFIRMED)
        if seated:
            booking.cancel_people([self.luck.choice(seated)], at)

    def _answer_offers(self, at: datetime) -> None:
        """Whoever was offered a seat takes it."""
        for attendee in self._people(AttendeeState.OFFERED):
            waitlist.accept_offer(attendee, at)

    def _people(self, state: AttendeeState) -> list[Attendee]:
        return queries.people_in_state(locked_event(self.event_id), state)
