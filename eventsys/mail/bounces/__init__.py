"""Letters that come back: what they say, whose fault it was, and what follows for the address."""

from eventsys.mail.bounces.phrases import Kind
from eventsys.mail.bounces.reading import Bounce, read

__all__ = ["Bounce", "Kind", "read"]
