"""The form of the tab Insläpp."""

from __future__ import annotations

from wtforms import SelectField

from eventsys.forms import Form, LineField, at_most, required


class DoorForm(Form):
    """A new door. Its choices of sessions are the event's own."""

    name = LineField(
        "Namn på dörren",
        [required("Skriv vad dörren heter, så att värdarna vet vilken det är."), at_most(80)],
        description="Till exempel Stora entrén.",
    )
    session_id = SelectField("Till", validate_choice=True)

    @property
    def session(self) -> int | None:
        return int(self.session_id.data) if self.session_id.data else None
