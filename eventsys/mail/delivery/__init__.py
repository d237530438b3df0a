"""Delivering letters exactly once, and knowing what became of each. The verbs that others use are named here."""

from eventsys.mail.delivery.claiming import doubt_waiting, give_back, reclaim_expired
from eventsys.mail.delivery.mending import NotPossibleNow, send_again, treat_as_sent, try_deferred_now, try_relay_now
from eventsys.mail.delivery.run import drain, finish_soon

__all__ = [
    "NotPossibleNow",
    "doubt_waiting",
    "drain",
    "finish_soon",
    "give_back",
    "reclaim_expired",
    "send_again",
    "treat_as_sent",
    "try_deferred_now",
    "try_relay_now",
]
