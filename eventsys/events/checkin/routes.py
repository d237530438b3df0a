"""The pages of the door, gathered: each group has a file of its own in events/checkin/pages/."""

from eventsys.events.checkin.pages import entrance, plain, scanning, scripts
from eventsys.events.checkin.pages.doors import doors

PAGES = (entrance, plain, scanning, scripts)

__all__ = ["PAGES", "doors"]
