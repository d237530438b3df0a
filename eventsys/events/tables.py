"""Every table of the events slice, gathered: whoever loads this knows them all, whatever pages it has."""

from eventsys.events import models
from eventsys.events.attendance import models as attendance
from eventsys.events.changes import models as changes
from eventsys.events.checkin import models as checkin
from eventsys.events.invitations import models as invitations
from eventsys.events.materials import models as materials
from eventsys.events.programme import models as programme
from eventsys.events.reminders import models as reminders
from eventsys.events.topics import models as topics

__all__ = ["attendance", "changes", "checkin", "invitations", "materials", "models", "programme", "reminders", "topics"]
