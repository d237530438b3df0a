"""Issues of the demonstration: two that have left, with ledgers that add up, and the next one being written.

Everything goes through the house's verbs, at its time; nothing of it is sent. What became of each letter is decided
here, with the history that a real delivery leaves.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Table, bindparam, func, insert, select, update

from eventsys.clock import from_local, local
from eventsys.database import db, refresh_statistics
from eventsys.demo.diary import Diary
from eventsys.demo.issue_texts import BUYER, COMMENTS, DRAFT, IDEAS, PAST, PROCUREMENT, Number, Told
from eventsys.demo.readers import fill_readers
from eventsys.demo.register import fill_register
from eventsys.mail.models import Delivery, DeliveryEvent, Mailing, MailingState, State, Suppression
from eventsys.newsletters.issues import articles, placing, planning, proofs
from eventsys.newsletters.issues.models import ArticleKind, ArticleState, Issue
from eventsys.newsletters.lists import COMPANIES
from eventsys.newsletters.responses.models import CommentState, Response
from eventsys.newsletters.sending.leaving import leave
from eventsys.newsletters.sending.letters import HAS_LEFT
from eventsys.newsletters.sending.scheduling import choose_audience, schedule
from eventsys.newsletters.settings import change_settings
from eventsys.overwriting import mark_of
from eventsys.staff.models import Account

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
SENT_AT = time(10)
SEED = "redaktionen@naringsliv.example"
_LETTERS_A_SECOND = 5
_OK, _NO_SUCH_USER = (250, "2.0.0 Ok"), (550, "5.1.1 No such user")
_REJECTED = "Adressen finns inte, säger mottagarens server."
_BOUNCED = "Brevet kom i retur: adressen finns inte längre."
_UNKNOWN = "Förbindelsen bröts när brevet just var överlämnat. Det går inte att veta om det kom fram."


class Publishing:
    """Notes in a diary of its own what the editors did. `writer` writes, `approver` approves."""

    def __init__(self, at: datetime, luck: random.Random, writer: Account, approver: Account) -> None:
        self.at, self.luck, self.writer, self.approver = at, luck, writer, approver
        self.diary = Diary(at)
        self.spare_names: Iterator[str] = iter(())

    def live(self) -> None:
        """Companies, readers, the year plans, two issues that left and one that is written."""
        began, note = self.at - 800 * DAY, self.diary.note
        filled = fill_register(self.luck, began)
        fill_readers(filled.places, self.luck, self.at)
        refresh_statistics()
        self.spare_names = filled.spare_names
        past, coming = _issues_around(local(self.at).date())
        for year in sorted({year for year, _ in (*past, coming)}):
            note(began + DAY, functools.partial(self._plan, year, past[0]), self.writer.actor)
        note(began + 2 * DAY, lambda _at: change_settings([SEED], 10, 75), self.approver.actor)
        for key, told in zip(past, PAST, strict=True):
            self._note_past(key, told, is_newest=key == past[-1])
        note(self.at - 9 * DAY, functools.partial(self._write_draft, coming), self.writer.actor)
        note(self.at - 5 * DAY, self._note_ideas, self.writer.actor)
        self.diary.live()

    def _plan(self, year: int, first: tuple[int, int], at: datetime) -> None:
        """The year's issues; those before the first that is told of were made in the old system."""
        for issue in planning.plan_year(year, self.writer.id, at):
            if (issue.year, issue.number) < first:
                db.session.delete(issue)

    def _note_ideas(self, at: datetime) -> None:
        for idea in IDEAS:
            placing.note_idea(idea, "", self.writer.id, at)

    # --- issues that have left

    def _note_past(self, key: tuple[int, int], told: Number, is_newest: bool) -> None:
        sent_at = _sent_at(key)
        note, writer, approver = self.diary.note, self.writer.actor, self.approver.actor
        note(sent_at - 8 * DAY, functools.partial(self._write, key, told), writer)
        note(sent_at - 2 * DAY, functools.partial(self._approve, key), approver)
        note(sent_at - DAY, functools.partial(self._schedule, key, sent_at), writer)
        note(sent_at, functools.partial(self._leave, key, is_newest))
        note(sent_at + 6 * DAY, functools.partial(self._respond, key), writer)

    def _write(self, key: tuple[int, int], told: Number, at: datetime) -> Issue:
        issue = _issue(key)
        words = {"subject": told.subject, "preheader": told.preheader}
        planning.edit_words(issue.id, words, mark_of(planning.words_of(issue)), self.writer.id, at)
        for one in told.articles:
            self._add(issue.id, ArticleKind.ARTICLE, at, _content(one))
        return issue

    def _add(self, issue_id: int, kind: ArticleKind, at: datetime, content: articles.Content) -> None:
        article = placing.add_article(issue_id, kind, self.writer.id, at)
        articles.save_article(article.id, content, articles.seen_mark(article), self.writer.id, at)

    def _approve(self, key: tuple[int, int], at: datetime) -> None:
        issue = _issue(key)
        proof = proofs.ask_for_approval(issue.id, self.writer.id, at - DAY)
        proofs.approve(issue.id, proof.id, self.approver.id, at)

    def _schedule(self, key: tuple[int, int], sends_at: datetime, at: datetime) -> None:
        schedule(_issue(key).id, sends_at, 10, at)

    def _leave(self, key: tuple[int, int], is_newest: bool, at: datetime) -> None:
        issue = _issue(key)
        leave(issue.id, at)
        settle(issue, at, self.luck, unknown=2 if is_newest else 0)

    def _respond(self, key: tuple[int, int], at: datetime) -> None:
        for article in _issue(key).articles:
            answers = self.luck.sample(COMMENTS, self.luck.randint(9, len(COMMENTS)))
            db.session.add_all(self._response(article.id, *one, at) for one in answers)

    def _response(self, article_id: int, is_useful: bool, comment: str, at: datetime) -> Response:
        state = self.luck.choice((CommentState.NEW, CommentState.READ)) if comment else CommentState.NONE
        day = local(at - DAY * self.luck.randint(0, 5)).date()
        return Response(
            id=self.luck.getrandbits(53), article_id=article_id, is_useful=is_useful, comment=comment, state=state,
            day=day,
        )  # fmt: skip

    # --- the one being written

    def _write_draft(self, key: tuple[int, int], at: datetime) -> None:
        issue = self._write(key, DRAFT, at)
        last_day = local(self.at).date() + 40 * DAY
        self._add(
            issue.id, ArticleKind.PROCUREMENT, at, _content(PROCUREMENT, buyer=BUYER, last_day=last_day)
        )  # fmt: skip
        if key[1] == len(planning.MONTHS):
            choose_audience(issue.id, COMPANIES, self.writer.id, at)


def _content(told: Told, **more: Any) -> articles.Content:
    return articles.Content(ArticleState.READY, heading=told.heading, lead=told.lead, body=told.body, **more)


def _issue(key: tuple[int, int]) -> Issue:
    year, number = key
    return db.session.scalars(select(Issue).where(Issue.year == year, Issue.number == number)).one()


def _issues_around(today: date) -> tuple[list[tuple[int, int]], tuple[int, int]]:
    """(year, number) of the two issues that left last, and of the next one."""
    keys = [(year, number) for year in range(today.year - 1, today.year + 2) for number in (1, 2, 3, 4)]
    left = [key for key in keys if local(_sent_at(key)).date() < today]
    return left[-2:], keys[keys.index(left[-1]) + 1]


def _sent_at(key: tuple[int, int]) -> datetime:
    return from_local(datetime.combine(planning.proposed_days(*key).send_on, SENT_AT))


# --- what became of the letters -----------------------------------------------------------------------------------

_DELIVERY: Table = Delivery.__table__  # type: ignore[assignment]
_SETTLED = (
    update(_DELIVERY)
    .where(_DELIVERY.c.id == bindparam("the_id"))
    .values(
        {
            name: bindparam(f"new_{name}", type_=_DELIVERY.c[name].type)
            for name in (
                "state", "reason", "smtp_code", "smtp_reply", "attempts", "subject", "created_at", "changed_at",
                "not_before",
            )
        }
    )
)  # fmt: skip


def settle(issue: Issue, at: datetime, luck: random.Random, unknown: int) -> None:
    """Give every letter of the issue its fate, and end its mailing. Flushes, does not commit."""
    number = db.session.scalar(select(func.count()).where(Delivery.mailing_id == issue.mailing_id)) or 0
    settle_mailing(db.session.get_one(Mailing, issue.mailing_id), issue.subject, _fates(number, luck, unknown), at)


def settle_mailing(mailing: Mailing, subject: str, fates: Sequence[State], at: datetime) -> None:
    """Give the letters of a mailing that left at this time their fates, and end it. Flushes, does not commit."""
    query = select(Delivery.id, Delivery.address).where(Delivery.mailing_id == mailing.id).order_by(Delivery.id)
    rows = list(db.session.execute(query))
    settled = [_settled(row.id, fate, subject, at, n) for n, (row, fate) in enumerate(zip(rows, fates, strict=True))]
    refresh_statistics()
    db.session.execute(_SETTLED, settled)
    db.session.execute(insert(DeliveryEvent), [change for one in settled for change in _history(one)])
    bounced = [row for row, fate in zip(rows, fates, strict=True) if fate is State.BOUNCED]
    db.session.add_all(
        Suppression(address=row.address, reason=_BOUNCED, delivery_id=row.id, added_at=at + DAY) for row in bounced
    )
    mailing.state, mailing.created_at, mailing.prepared_at, mailing.begun_at = MailingState.DONE, at, at, at
    mailing.finished_at = mailing.moved_at = at + SECOND * (len(rows) // _LETTERS_A_SECOND)
    db.session.flush()


def _fates(number: int, luck: random.Random, unknown: int) -> list[State]:
    few = [State.REJECTED] * 9 + [State.BOUNCED] * 14 + [State.SKIPPED] * 3 + [State.UNKNOWN] * unknown
    fates = [State.ACCEPTED] * number
    for place, fate in zip(luck.sample(range(number), min(len(few), number)), few, strict=False):
        fates[place] = fate
    return fates


def _settled(letter_id: int, fate: State, subject: str, at: datetime, place: int) -> dict[str, Any]:
    """What the letter's row says now."""
    sent = at + SECOND * (place // _LETTERS_A_SECOND + 4)
    code, reply = {State.REJECTED: _NO_SUCH_USER, State.UNKNOWN: (None, ""), State.SKIPPED: (None, "")}.get(fate, _OK)
    reasons = {State.REJECTED: _REJECTED, State.BOUNCED: _BOUNCED, State.SKIPPED: HAS_LEFT, State.UNKNOWN: _UNKNOWN}
    return {
        "the_id": letter_id, "new_state": fate, "new_reason": reasons.get(fate, ""), "new_smtp_code": code,
        "new_smtp_reply": reply, "new_attempts": 0 if fate is State.SKIPPED else 1, "new_subject": subject,
        "new_created_at": at, "new_changed_at": sent + DAY if fate is State.BOUNCED else sent, "new_not_before": at,
    }  # fmt: skip


def _history(one: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The changes after it was queued, as the table of changes allows them."""
    fate, ended = one["new_state"], one["new_changed_at"]
    sent = ended - DAY if fate is State.BOUNCED else ended
    if fate is State.SKIPPED:
        ways = [(State.QUEUED, State.CLAIMED, sent - SECOND), (State.CLAIMED, State.SKIPPED, sent)]
    else:
        lands = State.ACCEPTED if fate is State.BOUNCED else fate
        ways = [
            (State.QUEUED, State.CLAIMED, sent - 2 * SECOND), (State.CLAIMED, State.IN_FLIGHT, sent - SECOND),
            (State.IN_FLIGHT, lands, sent),
        ]  # fmt: skip
    if fate is State.BOUNCED:
        ways.append((State.ACCEPTED, State.BOUNCED, ended))
    for was, became, at in ways:
        yield {
            "delivery_id": one["the_id"], "was": was, "became": became, "at": at,
            "smtp_code": one["new_smtp_code"] if was is State.IN_FLIGHT else None,
            "detail": one["new_reason"] if became is fate else "",
        }  # fmt: skip
