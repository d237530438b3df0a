"""Signing in and out, and what protects it: waiting after failures, sessions that end.

A session is Flask's signed cookie with the account's id, a key of its own, when it began and when it was last used. It
holds for LONGEST_SESSION, ends after LONGEST_PAUSE without a page, and ends at once when the account's
`sessions_valid_from` is moved forward (new password, sign out everywhere, closed account). Signing out ends it on the
server too: a copy of the cookie is worth nothing afterwards.

After the password alone an account with a second factor is half-way in: the cookie says whose password was right and
when, which opens the page that asks for a code and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import session
from sqlalchemy import delete, exists, select

from eventsys import audit
from eventsys.clock import now
from eventsys.config import settings
from eventsys.database import db
from eventsys.staff import passwords
from eventsys.staff.models import Account, EndedSession
from eventsys.staff.queries import account_by_email, account_by_id, locked_account
from eventsys.tokens import new_token

LONGEST_SESSION = timedelta(hours=12)
LONGEST_PAUSE = timedelta(hours=2)
NOTED_EVERY = timedelta(minutes=1)  # the cookie is written anew once a minute, not with every page

TRIES_BEFORE_WAIT = 5
FIRST_WAIT = timedelta(minutes=1)
# One's own letter about a forgotten password ends the wait; nobody else can keep a person out for longer than this.
LONGEST_WAIT = timedelta(minutes=15)

HALF_WAY_HOLDS = timedelta(minutes=10)

_KEY = "staff"
_HALF_WAY = "half_way"


# --- trying a password --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Attempt:
    """A password compared with what an account keeps. `new_hash` is set when the kept one is dated."""

    email: str
    compared_with: str
    matches: bool
    new_hash: str = ""


def try_password(email: str, password: str) -> Attempt:
    """Compare, without changing anything; takes as long whether the account is known or not.

    Slow: before the transaction, not in it. `email` is as `forms.normal_email` makes it.
    """
    account = account_by_email(email)
    kept = account.password_hash if account else ""
    good = passwords.matches(kept, password)
    dated = good and passwords.is_dated(kept)
    return Attempt(email, kept, good, passwords.hash_password(password) if dated else "")


def sign_in(attempt: Attempt) -> Account | None:
    """The account, when the attempt is good and the account neither closed nor waiting; otherwise None.

    Whether that was enough to be signed in, says `asks_for_more`.

    It does not raise, because a failure has to be kept. While an account waits, tries are refused without being
    counted, right ones too, and many tries at once are counted one after the other under the row's lock.
    """
    account = locked_account(Account.email == attempt.email)
    if account is None or account.closed_at or account.is_locked(now()):
        return None
    if not attempt.matches or account.password_hash != attempt.compared_with:
        _count_failure(account)
        return None
    account.failed_tries, account.locked_until = 0, None
    account.password_hash = attempt.new_hash or account.password_hash
    if not asks_for_more(account):
        note_sign_in(account)
    return account


def asks_for_more(account: Account) -> bool:
    """Is a right password not enough: is a code asked for, or must one be set up first?"""
    return account.has_second_factor or second_factor_is_required()


def second_factor_is_required() -> bool:
    """Must everybody who signs in by password have a second factor?"""
    return settings().second_factor == "required"


def _count_failure(account: Account) -> None:
    account.failed_tries += 1
    if account.failed_tries >= TRIES_BEFORE_WAIT:
        wait = wait_after(account.failed_tries)
        account.locked_until = now() + wait
        audit.record(
            "account.locked", f"account:{account.id}", tries=account.failed_tries, minutes=wait // timedelta(minutes=1)
        )


def wait_after(failed_tries: int) -> timedelta:
    """How long an account waits after this many failures in a row: 1, 2, 4, 8 and then 15 minutes."""
    if failed_tries < TRIES_BEFORE_WAIT:
        return timedelta(0)
    doublings = min(failed_tries - TRIES_BEFORE_WAIT, 10)
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << doublings))


def note_sign_in(account: Account) -> None:
    """Write down that the person is in. The account is one to change."""
    account.signed_in_at = now()
    audit.act_as(account.actor)
    audit.record("account.signed_in", f"account:{account.id}")


# --- sessions -----------------------------------------------------------------------------------------------------


def begin_session(account: Account, by_issuer: bool = False) -> None:
    """Sign this browser in. What the session held before is forgotten, so that nobody can plant one."""
    session.clear()
    at = now().timestamp()
    session[_KEY] = {"id": account.id, "key": new_token(), "begun_at": at, "used_at": at}
    if by_issuer:
        session[_KEY]["by_issuer"] = True


def came_by_issuer() -> bool:
    """Was this browser signed in by OpenID Connect?"""
    return bool(session.get(_KEY, {}).get("by_issuer"))


@dataclass(frozen=True)
class HalfWay:
    """Somebody whose password was right: the account's id, and the page that was asked for ("" for none)."""

    account_id: int
    wanted: str


def begin_half_way(account: Account, wanted: str | None) -> None:
    """Remember in this browser that the password was right; nobody is signed in by it."""
    session.clear()
    session[_HALF_WAY] = {"id": account.id, "at": now().timestamp(), "wanted": wanted or ""}


def half_way() -> HalfWay | None:
    """Whose password was right in this browser within HALF_WAY_HOLDS, while nothing ended the account's sessions."""
    kept = session.get(_HALF_WAY)
    if kept is None or now().timestamp() - kept["at"] > HALF_WAY_HOLDS.total_seconds():
        return None
    account = db.session.get(Account, kept["id"])
    if account is None or account.closed_at or kept["at"] < account.sessions_valid_from.timestamp():
        return None
    return HalfWay(account.id, kept["wanted"])


def end_session() -> None:
    """Forget in this browser who was signed in."""
    session.clear()


def sign_out() -> None:
    """Sign this browser out, and every copy of its cookie. Twice is once. Flushes, does not commit."""
    kept = session.get(_KEY)
    end_session()
    if kept is None or locked_account(Account.id == kept["id"]) is None:
        return
    db.session.execute(delete(EndedSession).where(EndedSession.ended_at < now() - LONGEST_SESSION))
    if "key" in kept and db.session.get(EndedSession, kept["key"]) is None:
        db.session.add(EndedSession(key=kept["key"], ended_at=now()))
    db.session.flush()


def account_of_session() -> Account | None:
    """The open account that this browser is signed in to, or None. One query, and none without a session."""
    kept = session.get(_KEY)
    if kept is None:
        return None
    if not _still_holds(kept):
        end_session()
        return None
    signed_out = exists().where(EndedSession.key == kept.get("key", ""))
    account = db.session.scalar(select(Account).where(Account.id == kept["id"], ~signed_out))
    if account is None or account.closed_at or kept["begun_at"] < account.sessions_valid_from.timestamp():
        end_session()
        return None
    _note_use(kept)
    return account


def _still_holds(kept: dict[str, Any]) -> bool:
    at = now().timestamp()
    too_old = at - kept["begun_at"] > LONGEST_SESSION.total_seconds()
    too_idle = at - kept["used_at"] > LONGEST_PAUSE.total_seconds()
    return not (too_old or too_idle)


def _note_use(kept: dict[str, Any]) -> None:
    at = now().timestamp()
    if at - kept["used_at"] > NOTED_EVERY.total_seconds():
        session[_KEY] = {**kept, "used_at": at}


def sign_out_everywhere(account_id: int) -> Account:
    """End all sessions of the account, in every browser."""
    account = account_by_id(account_id)
    account.sessions_valid_from = now()
    audit.record("account.signed_out_everywhere", f"account:{account.id}")
    return account
