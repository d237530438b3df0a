"""Every table of the newsletters, so that migrations and tests see them all."""

from eventsys.newsletters.audience import models as audience
from eventsys.newsletters.issues import models as issues
from eventsys.newsletters.responses import models as responses
from eventsys.newsletters.subscriptions import models as subscriptions
from eventsys.newsletters.welcome import models as welcome

__all__ = ["audience", "issues", "responses", "subscriptions", "welcome"]
