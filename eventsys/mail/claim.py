"""What a deliverer knows of a letter that it has claimed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from eventsys.mail.models import State


@dataclass(frozen=True, slots=True)
class Claim:
    """A letter that is ours to send until the lease is over, not before its slot."""

    id: int
    letter: str
    subject_id: int
    mailing_id: int | None
    address: str
    name: str
    lang: str
    attempts: int
    not_after: datetime | None
    token: str
    message_id: str
    came_from: State
    owner: str
    slot: datetime
