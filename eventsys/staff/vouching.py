"""Signing in by OpenID Connect: which account a person has whom the issuer vouches for.

An account is there before, made by an administrator. The first time the address says whose it is; from then on the
issuer's own name for the person, so that an address given to somebody else opens nothing.
"""

from __future__ import annotations

from eventsys import audit
from eventsys.database import db
from eventsys.errors import NotFound, Refused
from eventsys.staff.issuer import Vouched
from eventsys.staff.models import Account
from eventsys.staff.queries import locked_account
from eventsys.staff.signing_in import note_sign_in


class NoAccount(Refused):
    """Nobody here is this person: no account, a closed one, one of somebody else, or an address nobody vouches for.

    The text is for the log and names nobody.
    """


def sign_in_as(person: Vouched) -> Account:
    """The account of the person, bound to them the first time; that they are in is written down. Raises NoAccount."""
    bound = locked_account(Account.oidc_issuer == person.issuer, Account.oidc_subject == person.subject)
    account = bound or _account_by_address(person)
    if account is None or account.closed_at is not None:
        raise NoAccount("there is no open account")
    if bound is None:
        _bind(account, person)
    note_sign_in(account)
    return account


def _account_by_address(person: Vouched) -> Account | None:
    if not person.email:
        raise NoAccount("the issuer gives no address")
    if not person.email_is_theirs:
        raise NoAccount("the issuer does not say that the address is verified")
    return locked_account(Account.email == person.email)


def _bind(account: Account, person: Vouched) -> None:
    """A binding to an issuer that is no longer the one in use counts for nothing."""
    if account.oidc_issuer == person.issuer and account.oidc_subject != person.subject:
        raise NoAccount("the account is bound to somebody else at the issuer")
    account.oidc_issuer, account.oidc_subject = person.issuer, person.subject
    account.invitation_token = account.invitation_ends_at = None
    audit.act_as(account.actor)
    audit.record("account.bound", f"account:{account.id}")
    db.session.flush()


def unbind(account_id: int) -> Account:
    """Let the address decide anew the next time, for somebody whom the issuer knows under a new name."""
    account = locked_account(Account.id == account_id)
    if account is None:
        raise NotFound
    if account.is_bound:
        account.oidc_issuer = account.oidc_subject = None
        audit.record("account.unbound", f"account:{account.id}")
    return account
