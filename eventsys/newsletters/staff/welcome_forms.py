"""Forms of the welcome letters: a new round, strikes, the text, a remark."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, or_, select
from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from eventsys.clock import local, now
from eventsys.database import db
from eventsys.events.models import Event, EventState
from eventsys.fields import DayField, RowField, TextField, given
from eventsys.forms import Form, LineField, at_most, required
from eventsys.i18n import short_day
from eventsys.newsletters.issues.proofs import LONGEST_REMARK
from eventsys.newsletters.issues.sanitising import as_text, for_editor, from_text
from eventsys.newsletters.staff.article_forms import HTML
from eventsys.newsletters.welcome.models import WelcomeRound
from eventsys.newsletters.welcome.planning import LONGEST_BODY, LONGEST_SUBJECT, words_of
from eventsys.newsletters.welcome.striking import LONGEST_REASON
from eventsys.newsletters.welcome.words import STRIKES
from eventsys.overwriting import mark_of

OWN_WORDS = "annat"


def _not_to_come(_form: Any, field: Any) -> None:
    if field.data and field.data > local(now()).date():
        raise ValidationError("Dagen har inte varit än. Välj i dag eller en dag som har varit.")


class UntilForm(Form):
    registered_until = DayField("Registrerade till och med", [given("Välj en dag."), _not_to_come])


class RoundForm(UntilForm):
    """A round; before the first one also the day from which companies are new."""

    starts_on = DayField("Från vilken dag är företag nya?")

    def __init__(self, asks_start: bool, **more: Any) -> None:
        super().__init__(**more)
        if not asks_start:
            del self.starts_on

    def validate_starts_on(self, field: Any) -> None:
        if field.data is None and not field.process_errors:
            raise ValidationError("Välj en dag. Företag som registrerades före den får inget brev.")
        last = self.registered_until.data
        if field.data and last and field.data > last:
            raise ValidationError("Dagen är efter den sista registreringsdagen. Välj en tidigare.")


class StrikeForm(Form):
    """Why the ticked companies are struck."""

    reason = SelectField(
        "Orsak", choices=[*(SelectChoice(one, one) for one in STRIKES), SelectChoice(OWN_WORDS, "Annan orsak")]
    )
    own = LineField("Orsak med egna ord", [at_most(LONGEST_REASON)])

    def validate_own(self, field: Any) -> None:
        if self.reason.data == OWN_WORDS and not field.data:
            raise ValidationError("Skriv varför företaget inte ska få brevet.")

    @property
    def words(self) -> str:
        return str(self.own.data if self.reason.data == OWN_WORDS else self.reason.data)


class RemarkForm(Form):
    remark = TextField(
        "Vad ska ändras?",
        [required("Skriv vad som ska ändras, så vet den som skriver."), at_most(LONGEST_REMARK)],
    )
    version = HiddenField()


class LetterForm(Form):
    """The text of a round; the body comes as HTML from the rich-text editor, or as plain text without it."""

    seen = HiddenField()
    body_kind = HiddenField()
    subject = LineField("Ämnesrad", [at_most(LONGEST_SUBJECT)])
    body = TextField("Text", [at_most(LONGEST_BODY)])
    event_id = RowField("Träff för nya företag", description="När och var hämtas ur kalendern när brevet görs.")

    def __init__(self, welcome_round: WelcomeRound, **more: Any) -> None:
        kept = words_of(welcome_round)
        shown = {**kept, "body": as_text(welcome_round.body), "event_id": str(welcome_round.event_id or "")}
        super().__init__(data={**shown, "seen": mark_of(kept)}, **more)
        self.round = welcome_round
        self.event_id.choices = [("", "Ingen"), *_gatherings(welcome_round)]

    def values(self) -> dict[str, Any]:
        """What was written, by column."""
        return {"subject": self.subject.data or "", "body": self._body(), "event_id": self.event_id.id_chosen}

    def _body(self) -> str:
        """Plain text that says what is there already leaves its formatting as it is."""
        written = self.body.data or ""
        if self.body_kind.data == HTML:
            return written
        return self.round.body if written == as_text(self.round.body) else from_text(written)

    @property
    def body_for_editor(self) -> str:
        """The HTML that the rich-text editor begins with."""
        return for_editor(self._body() if self.is_submitted() else self.round.body)


def _gatherings(welcome_round: WelcomeRound) -> list[tuple[str, str]]:
    """Published events to come, and the one chosen before."""
    coming = and_(Event.state == EventState.PUBLISHED, Event.starts_at > now())
    query = select(Event.id, Event.title, Event.starts_at).where(or_(coming, Event.id == welcome_round.event_id))
    rows = db.session.execute(query.order_by(Event.starts_at, Event.id))
    return [(str(row.id), f"{row.title}, {short_day(row.starts_at)}") for row in rows]
