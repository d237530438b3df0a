"""Forms of the desk. Filters are read from the address, so that a view can be shared by its link."""

from __future__ import annotations

from wtforms import DateField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from eventsys.desk.ledger import LATE, PARTS, LetterFilter
from eventsys.desk.words import LETTER_WORDS
from eventsys.forms import EmailField, Form, LineField, at_most, required


class LetterFilterForm(Form):
    class Meta:
        csrf = False

    q = LineField("Adress, namn eller ämne")
    lage = SelectField(
        "Läge",
        choices=[
            SelectChoice("", "Alla"),
            *(SelectChoice(part.key, part.label.capitalize()) for part in PARTS),
            SelectChoice(LATE, "Försenade"),
        ],
        validate_choice=False,
    )
    slag = SelectField("Slag", validate_choice=False)
    fran = DateField("Från och med", validators=[Optional()])

    def offer_kinds(self, known: list[str]) -> None:
        """Let people choose among these kinds of letters, by their Swedish names."""
        kinds = sorted((LETTER_WORDS.get(letter, letter), letter) for letter in known)
        self.slag.choices = [SelectChoice("", "Alla"), *(SelectChoice(letter, word) for word, letter in kinds)]

    @property
    def wanted(self) -> LetterFilter:
        return LetterFilter(self.lage.data or "", self.slag.data or "", self.q.data or "", self.fran.data)


class SuppressionForm(Form):
    address = EmailField("E-postadress", validators=[required("Skriv adressen som inte ska få fler brev.")])
    reason = LineField(
        "Varför",
        validators=[required("Skriv varför, så att en kollega förstår det senare."), at_most(300)],
    )
