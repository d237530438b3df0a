"""The letters about subscribing: one pure function each, from rows to Email.

They hold nothing that a stranger wrote, no name and no company: anybody can ask for a letter to any address.
"""

from __future__ import annotations

from collections.abc import Sequence

from eventsys.i18n import link, moment, speaking
from eventsys.mail.compose import Email, compose
from eventsys.newsletters.subscriptions.choosing import names_of
from eventsys.newsletters.subscriptions.models import Reader, SignUp


def confirm_subscription(asked: SignUp, lists: Sequence[str], lang: str) -> Email:
    """Is it true that you want these?"""
    with speaking(lang):
        context = {
            "lists": names_of(lists),
            "confirm_url": link("newsletters.show_confirm", token=asked.token),
            "ends": moment(asked.ends_at),
        }
        return compose("newsletters/confirm_subscription", lang, context)


def confirm_address(asked: SignUp, lang: str) -> Email:
    """Is it true that letters shall come to this address instead?"""
    with speaking(lang):
        context = {"confirm_url": link("newsletters.show_confirm", token=asked.token), "ends": moment(asked.ends_at)}
        return compose("newsletters/confirm_address", lang, context)


def already_subscribed(reader: Reader, lists: Sequence[str], lang: str) -> Email:
    """You have these letters as it is, and this is where you change that."""
    with speaking(lang):
        context = {
            "lists": names_of(lists),
            "preferences_url": link("newsletters.show_preferences", token=reader.token),
        }
        return compose("newsletters/already_subscribed", lang, context)
