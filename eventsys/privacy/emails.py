"""The letters about requests: one pure function each, from a row to Email.

The first holds nothing that a stranger wrote: anybody can ask for a letter to any address.
"""

from __future__ import annotations

from typing import Any

from eventsys.i18n import day, link, moment, speaking
from eventsys.mail.compose import Email, compose
from eventsys.privacy.models import PersonRequest


def confirm_request(row: PersonRequest) -> Email:
    """Is it true that you ask this?"""
    return _letter("privacy/confirm_request", row, with_link=True)


def request_received(row: PersonRequest) -> Email:
    """We have it, and answer by that day."""
    return _letter("privacy/request_received", row)


def request_done(row: PersonRequest) -> Email:
    """It is done."""
    return _letter("privacy/request_done", row)


def request_refused(row: PersonRequest) -> Email:
    """No, why, and how to appeal."""
    return _letter("privacy/request_refused", row)


def request_erased(row: PersonRequest) -> Email:
    """The last letter: when it has left we forget the address."""
    return _letter("privacy/request_erased", row)


def _letter(name: str, row: PersonRequest, with_link: bool = False) -> Email:
    with speaking(row.lang):
        context: dict[str, Any] = {
            "wish": row.wish.value, "due": day(row.due_on) if row.due_on else "", "reason": row.reason,
            "remains": [one for one in row.outcome if "why" in one], "privacy_url": link("privacy.show_privacy"),
        }  # fmt: skip
        if with_link:
            context |= {"confirm_url": link("privacy.show_confirm", token=row.token), "ends": moment(row.ends_at)}
        return compose(name, row.lang, context)
