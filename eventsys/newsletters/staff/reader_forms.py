"""Forms of the staff's pages about readers and QR codes."""

from __future__ import annotations

from collections.abc import Mapping

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from eventsys.forms import LONGEST_EMAIL, EmailField, Form, LineField, at_most, required
from eventsys.newsletters.lists import FORETAGSAMT
from eventsys.newsletters.subscriptions.models import Way
from eventsys.newsletters.subscriptions.readers import Show, Wanted
from eventsys.newsletters.subscriptions.signing_up import Wish
from eventsys.newsletters.words import WAYS

SHOWS = {Show.HAVE: "Prenumererar", Show.LEFT: "Har slutat", Show.REFUSE: "Vill inte ha något"}


class CodeForm(Form):
    name = LineField(
        "Vad heter tillfället?",
        [required("Skriv vad tillfället heter, till exempel Frukost Viared 12 mars."), at_most(120)],
        description="Till exempel Frukost Viared 12 mars. Namnet syns bara för personal.",
    )


class ReaderFilterForm(Form):
    """Which readers. In the address, so without a token."""

    class Meta(Form.Meta):
        csrf = False

    q = LineField("Sök", [at_most(100)])
    brev = SelectField("Brev", validate_choice=False)
    lage = SelectField("Läge", choices=[SelectChoice("", "Alla"), *(SelectChoice(*one) for one in SHOWS.items())])
    satt = SelectField("Kom genom", choices=[SelectChoice("", "Alla"), *(SelectChoice(*one) for one in WAYS.items())])

    @property
    def wanted(self) -> Wanted:
        """What is no choice does not narrow the list."""
        return Wanted(
            self.q.data or "",
            self.brev.data if self.brev.data in {choice.value for choice in self.brev.choices} else "",
            Show(self.lage.data) if self.lage.data in set(Show) else None,
            Way(self.satt.data) if self.satt.data in set(Way) else None,
        )


def reader_filter(address: object, lists: Mapping[str, str]) -> ReaderFilterForm:
    form = ReaderFilterForm(address)
    form.brev.choices = [SelectChoice("", "Alla"), *(SelectChoice(key, name) for key, name in lists.items())]
    for field in (form.brev, form.lage, form.satt):
        field.data = field.data if field.data in {choice.value for choice in field.choices} else ""
    return form


class NewReaderForm(Form):
    """Somebody who asked staff to be written down."""

    email = EmailField("E-post", [required("Skriv e-postadressen. Frågan skickas dit."), at_most(LONGEST_EMAIL)])
    name = LineField("Namn", [at_most(120)])
    organisation = LineField("Företag eller organisation", [at_most(200)])
    list = SelectField("Brev", default=FORETAGSAMT)

    def wish(self) -> Wish:
        return Wish(
            self.email.normal, (self.list.data,), self.name.data or "", self.organisation.data or "", way=Way.STAFF
        )


def new_reader_form(lists: Mapping[str, str]) -> NewReaderForm:
    form = NewReaderForm()
    form.list.choices = [SelectChoice(key, name) for key, name in lists.items()]
    return form
