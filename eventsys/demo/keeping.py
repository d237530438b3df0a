"""Rules of retention with references that are clearly invented, a protocol of what they destroyed, and a handout."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from eventsys.audit import CLOCK, act_as
from eventsys.clock import local
from eventsys.database import db
from eventsys.events.models import Event, EventState
from eventsys.handing_out import record_set
from eventsys.privacy.handouts.giving import Masking, Wish, file_of, note_handout
from eventsys.privacy.retention.rules import Ruling, set_rule
from eventsys.privacy.retention.running import begin_run, go_on
from eventsys.retention import Interval, Unit
from eventsys.sheets import FileKind
from eventsys.staff.models import Account

REFERENCE = "Påhittat exempel KS 0000-00000 § 0"
MONTHS = {"events.left": 3, "events.people": 24, "newsletters.sign_ups": 1, "mail.letters": 36}
PLANNED = {"events.invitations": 24}
"""Without a decision yet."""


def keep_and_hand_out(at: datetime, administrator: Account) -> None:
    """Some categories are decided, one is only planned; a run took what was due; a list was handed out. Flushes."""
    act_as(administrator.actor)
    decided_on = local(at - timedelta(days=200)).date()
    for key, months in MONTHS.items():
        set_rule(key, Ruling(Interval(months, Unit.MONTHS), REFERENCE, decided_on), administrator.name, at)
    for key, months in PLANNED.items():
        set_rule(key, Ruling(Interval(months, Unit.MONTHS)), administrator.name, at)
    _last_night(at)
    act_as(administrator.actor)
    _hand_out(at, administrator)


def _last_night(at: datetime) -> None:
    act_as(CLOCK)
    run = begin_run(at, CLOCK)
    while run is not None and go_on(run.id, at):
        pass


def _hand_out(at: datetime, administrator: Account) -> None:
    past = select(Event.id).where(Event.state == EventState.PUBLISHED, Event.ends_at < at)
    event_id = db.session.scalars(past.order_by(Event.ends_at.desc()).limit(1)).first()
    if event_id is None:
        return
    wish = Wish(record_set("events.participants"), str(event_id))
    columns = wish.table().columns
    masking = Masking([column.name for column in columns], {column.name for column in columns if column.personal})
    given = file_of(wish, masking, FileKind.XLSX)
    note_handout(wish, masking, FileKind.XLSX, given, administrator.name, "Påhittat 0000-1", "", at)
