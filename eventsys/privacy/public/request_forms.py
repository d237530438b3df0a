"""The form by which somebody asks about their own data."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from eventsys.fields import TextField
from eventsys.forms import LONGEST_EMAIL, EmailField, Form, LineField, at_most, required
from eventsys.i18n import language
from eventsys.privacy.asking import Asked
from eventsys.privacy.models import Wish

NAME, TEXT = 120, 2000


class RequestForm(Form):
    """What, and from which address; no more than it takes to find the data and to answer."""

    wish = RadioField(
        _l("Vad vill du?"),
        [required(_l("Välj vad du vill att vi gör."))],
        choices=[
            SelectChoice(Wish.EXTRACT.value, _l("Se vilka uppgifter ni har om mig")),
            SelectChoice(Wish.CORRECT.value, _l("Rätta något som är fel")),
            SelectChoice(Wish.ERASE.value, _l("Bli raderad")),
        ],
        validate_choice=False,
    )
    email = EmailField(_l("E-post"), [required(_l("Skriv den adress som du använt hos oss.")), at_most(LONGEST_EMAIL)])
    name = LineField(_l("Namn"), [at_most(NAME)])
    text = TextField(_l("Något vi behöver veta"), [at_most(TEXT)])
    website = StringField(_l("Webbplats"))  # a trap: people never see it

    @property
    def is_from_robot(self) -> bool:
        return bool(self.website.data)

    def validate_wish(self, field: RadioField) -> None:
        """A value that the page does not offer is no choice."""
        if field.data and field.data not in set(Wish):
            raise ValidationError(str(_l("Välj vad du vill att vi gör.")))

    def asked(self) -> Asked:
        return Asked(Wish(self.wish.data), self.email.normal, self.name.data or "", self.text.data or "", language())
