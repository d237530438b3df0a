"""The second factor of passwords: six digits from an app (TOTP, RFC 6238), and recovery codes for a lost phone.

The secret is kept sealed, recovery codes as marks that only the secret key makes. A code is judged under the account's
lock and never taken twice; wrong codes wait as wrong passwords do, counted by themselves: a stranger who does not know
the password cannot make anybody wait for codes, and a new password by letter ends no such wait.
"""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from enum import StrEnum

import pyotp
import structlog
from sqlalchemy import delete

from eventsys import audit
from eventsys.clock import now
from eventsys.database import db
from eventsys.errors import NotFound, Refused
from eventsys.identity import identity
from eventsys.mail import outbox
from eventsys.sealing import BrokenSeal, seal, unseal
from eventsys.staff.accounts import OwnAccount
from eventsys.staff.models import Account, RecoveryCode
from eventsys.staff.queries import account_by_id, locked_account
from eventsys.staff.signing_in import TRIES_BEFORE_WAIT, note_sign_in, second_factor_is_required, wait_after
from eventsys.tokens import mark_of

STEP = 30  # seconds
RECOVERY_CODES = 10
TURNED_ON, TURNED_OFF = "staff.second_factor_on", "staff.second_factor_off"

_SEALED_FOR = "second_factor"
_APPS = re.compile(r"[0-9]{6}")
_RECOVERY = re.compile(r"[A-Z2-7]{16}")

log = structlog.get_logger()


class WrongCode(Refused):
    """The code is not the one that the app shows for this secret."""


class AlreadyOn(Refused):
    """The account has a second factor."""


class IsRequired(Refused):
    """Everybody must have one, so nobody turns off their own."""


class NoPassword(Refused):
    """Who signs in elsewhere has the second factor there."""


class Verdict(StrEnum):
    """What became of a code."""

    RIGHT = "right"
    WRONG = "wrong"
    WAITING = "waiting"


# --- the secret ---------------------------------------------------------------------------------------------------


def new_secret() -> str:
    """160 random bits as an app wants them: 32 characters of base32."""
    return pyotp.random_base32()


def address_for_app(secret: str, account: Account) -> str:
    """The `otpauth://` address that an app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=account.email, issuer_name=identity().name)


def in_groups(code: str) -> str:
    """For reading and typing: four characters at a time."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def sealed(secret: str) -> str:
    """The secret as the row, and the cookie of somebody who is setting it up, may hold it."""
    return seal(secret, _SEALED_FOR)


def unsealed(kept: str) -> str:
    """Raises sealing.BrokenSeal."""
    return unseal(kept, _SEALED_FOR)


def step_of(secret: str, code: str, after: int = 0) -> int | None:
    """The step of 30 seconds whose code it is: this one, the last or the next, but later than `after`; or None."""
    at = int(now().timestamp()) // STEP
    codes = pyotp.HOTP(secret)
    found = [step for step in (at - 1, at, at + 1) if step > after and hmac.compare_digest(codes.at(step), code)]
    return found[0] if found else None


# --- turning it on and off ----------------------------------------------------------------------------------------


def turn_on(account_id: int, secret: str, code: str) -> list[str]:
    """Ask for codes of this secret from now on; all sessions end. Returns the recovery codes, which nobody sees again.

    Raises WrongCode, AlreadyOn and NoPassword. The code counts as used.
    """
    account = _for_change(account_id)
    if account.has_second_factor:
        raise AlreadyOn("Inloggning i två steg är redan påslagen.")
    if not account.password_hash:
        raise NoPassword("Du loggar in utan lösenord här. Det andra steget finns där du loggar in.")
    step = step_of(secret, _plain(code))
    if step is None:
        raise WrongCode("Koden stämmer inte. Vänta på nästa kod i appen och skriv den.")
    account.second_factor, account.second_factor_step = sealed(secret), step
    account.second_factor_at = account.sessions_valid_from = now()
    account.failed_codes, account.codes_locked_until = 0, None
    audit.record("account.second_factor_on", f"account:{account.id}")
    _post(TURNED_ON, account)
    return _new_recovery_codes(account)


def turn_off(account_id: int, code: str) -> Verdict:
    """Ask for no more codes, if this one is right. Raises IsRequired. The password was compared before."""
    if second_factor_is_required():
        raise IsRequired("Alla som loggar in med lösenord måste ha inloggning i två steg.")
    account = _for_change(account_id)
    verdict = _judge(account, code)
    if verdict is Verdict.RIGHT:
        _remove(account)
    return verdict


def take_off(account_id: int, by: int | None) -> Account:
    """For a colleague who has lost phone and recovery codes: no codes any more, and all sessions end.

    `by` is the acting account's id, or None on the command line. Raises OwnAccount.
    """
    if account_id == by:
        raise OwnAccount("Ditt eget andra steg slår du av på sidan Ditt konto, med en kod.")
    account = _for_change(account_id)
    if account.has_second_factor:
        account.sessions_valid_from = now()
        _remove(account)
    return account


def _remove(account: Account) -> None:
    account.second_factor = account.second_factor_at = None
    account.failed_codes, account.codes_locked_until = 0, None
    _forget_recovery_codes(account)
    audit.record("account.second_factor_off", f"account:{account.id}")
    _post(TURNED_OFF, account)


def _post(letter: str, account: Account) -> None:
    purpose = f"{letter}:{account.id}:{now().timestamp():.0f}"
    outbox.post(
        letter, account.id, purpose_key=purpose, address=account.email, name=account.name, about=f"staff:{account.id}"
    )


# --- recovery codes -----------------------------------------------------------------------------------------------


def renew_recovery_codes(account_id: int, code: str) -> tuple[Verdict, list[str]]:
    """New recovery codes in place of the old, if this code is right; otherwise none."""
    account = _for_change(account_id)
    verdict = _judge(account, code)
    if verdict is not Verdict.RIGHT:
        return verdict, []
    audit.record("account.recovery_codes_made", f"account:{account.id}")
    return verdict, _new_recovery_codes(account)


def _new_recovery_codes(account: Account) -> list[str]:
    _forget_recovery_codes(account)
    codes = [base64.b32encode(secrets.token_bytes(10)).decode("ascii") for _ in range(RECOVERY_CODES)]
    db.session.add_all(RecoveryCode(account_id=account.id, mark=_mark(account, code)) for code in codes)
    db.session.flush()
    return codes


def _forget_recovery_codes(account: Account) -> None:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))


def _mark(account: Account, code: str) -> str:
    """80 random bits cannot be tried through, so a keyed hash that is quick is enough."""
    return mark_of(code, f"recovery_code.{account.id}", length=64)


# --- a code is given ----------------------------------------------------------------------------------------------


def sign_in_with_code(account_id: int, code: str) -> Verdict:
    """Judge the code of somebody whose password was right. It does not raise, because a failure has to be kept."""
    account = _for_change(account_id)
    verdict = _judge(account, code)
    if verdict is Verdict.RIGHT:
        note_sign_in(account)
    return verdict


def turn_on_and_sign_in(account_id: int, secret: str, code: str) -> list[str]:
    """For somebody whose password was right and who must have codes before anything else: as `turn_on`."""
    account = account_by_id(account_id)
    audit.act_as(account.actor)
    codes = turn_on(account_id, secret, code)
    note_sign_in(account)
    return codes


def _judge(account: Account, text: str) -> Verdict:
    """Is it a code of the account, from the app or for recovery? The account is locked; a right code is used up."""
    if not account.takes_codes(now()):
        return Verdict.WAITING
    if account.has_second_factor and account.closed_at is None and _takes(account, _plain(text)):
        account.failed_codes, account.codes_locked_until = 0, None
        return Verdict.RIGHT
    _count_failure(account)
    return Verdict.WRONG if account.takes_codes(now()) else Verdict.WAITING


def _takes(account: Account, code: str) -> bool:
    if _RECOVERY.fullmatch(code):
        return _use_up(account, code)
    return bool(_APPS.fullmatch(code)) and _take_step(account, code)


def _take_step(account: Account, code: str) -> bool:
    try:
        secret = unsealed(account.second_factor or "")
    except BrokenSeal:
        log.error("second_factor_unreadable", because="EVENTSYS_SECRET_KEY is another than when it was turned on")
        return False
    step = step_of(secret, code, after=account.second_factor_step)
    account.second_factor_step = step or account.second_factor_step
    return step is not None


def _use_up(account: Account, code: str) -> bool:
    found = db.session.get(RecoveryCode, (account.id, _mark(account, code)))
    if found is None:
        return False
    db.session.delete(found)
    audit.act_as(account.actor)
    audit.record("account.recovery_code_used", f"account:{account.id}")
    db.session.flush()
    return True


def _count_failure(account: Account) -> None:
    account.failed_codes += 1
    if account.failed_codes >= TRIES_BEFORE_WAIT:
        wait = wait_after(account.failed_codes)
        account.codes_locked_until = now() + wait
        minutes = round(wait.total_seconds() / 60)
        audit.record("account.codes_locked", f"account:{account.id}", tries=account.failed_codes, minutes=minutes)


def _plain(code: str) -> str:
    """As people type it: in groups, with dashes, in small letters."""
    return re.sub(r"[\s-]", "", code).upper()


def _for_change(account_id: int) -> Account:
    account = locked_account(Account.id == account_id)
    if account is None:
        raise NotFound
    return account
