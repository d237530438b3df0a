"""The pages about events for everybody, gathered: each group of pages has a file of its own in events/public/."""

from eventsys.events.public import (
    booking,
    coming,
    feeds,
    invitations,
    materials,
    pages,
    programme,
    registration,
    requests,
    tickets,
)
from eventsys.events.public.doors import doors

PAGES = (pages, registration, booking, tickets, coming, feeds, invitations, requests, materials, programme)

__all__ = ["PAGES", "doors"]
