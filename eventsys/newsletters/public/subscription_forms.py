"""Forms of the pages about subscribing: strings into the plain values of the verbs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField, StringField, TextAreaField, widgets
from wtforms.fields.choices import SelectChoice

from eventsys.forms import LONGEST_EMAIL, EmailField, Form, HiddenLineField, LineField, at_most, required, squeeze
from eventsys.i18n import language
from eventsys.newsletters.lists import FORETAGSAMT
from eventsys.newsletters.subscriptions.choosing import Offer
from eventsys.newsletters.subscriptions.leaving import LONGEST_WHY
from eventsys.newsletters.subscriptions.models import SignUpCode, Way
from eventsys.newsletters.subscriptions.signing_up import Wish

NAME, ORGANISATION, CODE = 120, 200, 20


class ListsField(SelectMultipleField):
    """Letters to choose by tick boxes; what is not on offer is passed over."""

    data: list[str] | None
    hints: dict[str, str]
    option_widget = widgets.CheckboxInput()
    widget = widgets.ListWidget(prefix_label=False)

    def offer(self, found: Sequence[Offer]) -> None:
        self.choices = [SelectChoice(one.key, one.name) for one in found]
        self.hints = {one.key: one.text for one in found if one.text}
        known = {one.key for one in found}
        self.data = [key for key in self.data or () if key in known]


class SignUpForm(Form):
    """Everything that the sign-up page asks."""

    email = EmailField(
        _l("E-post"), [required(_l("Skriv din e-postadress. Breven skickas dit.")), at_most(LONGEST_EMAIL)]
    )
    name = LineField(_l("Namn"), [at_most(NAME)])
    organisation = LineField(_l("Företag eller organisation"), [at_most(ORGANISATION)])
    lists = ListsField(_l("Vilka brev vill du ha?"), [required(_l("Välj minst ett brev."))], default=[FORETAGSAMT])
    source = HiddenLineField(validators=[at_most(60)])
    website = StringField(_l("Webbplats"))  # a trap: people never see it

    @property
    def is_from_robot(self) -> bool:
        return bool(self.website.data)

    def wish(self, code: SignUpCode | None) -> Wish:
        """The plain values. A code that nobody made says nothing."""
        return Wish(
            self.email.normal, tuple(self.lists.data or ()), self.name.data or "", self.organisation.data or "",
            language(), Way.CODE if code else Way.PAGE, code.id if code else None,
        )  # fmt: skip


def sign_up_form(found: Sequence[Offer]) -> SignUpForm:
    form = SignUpForm()
    form.lists.offer(found)
    return form


class PreferencesForm(Form):
    """Which letters, and what we call the reader. No letter at all is a choice too."""

    lists = ListsField(_l("Brev"))
    name = LineField(_l("Namn"), [at_most(NAME)])
    organisation = LineField(_l("Företag eller organisation"), [at_most(ORGANISATION)])


class AddressForm(Form):
    """Another address."""

    email = EmailField(_l("Ny e-postadress"), [required(_l("Skriv den nya e-postadressen.")), at_most(LONGEST_EMAIL)])


class WhyForm(Form):
    """Why somebody left. Without a token: its page was opened without a cookie, and its link is secret enough."""

    class Meta(Form.Meta):
        csrf = False

    why = TextAreaField(_l("Vad fick dig att sluta?"), [at_most(LONGEST_WHY)])

    @property
    def text(self) -> str:
        return squeeze(self.why.data)


def lists_sent(sent: Any) -> list[str]:
    """Keys of lists as a form sent them in hidden fields, each once."""
    return list(dict.fromkeys(sent.getlist("brev")))[:100]
