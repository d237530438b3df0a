"""The form under the heading of an article."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField

from eventsys.forms import Form, at_most

LONGEST_COMMENT = 2000


def tidy(text: str | None) -> str:
    """Lines as people typed them, without control characters and the white space around."""
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    seen = ("".join(character if character.isprintable() else " " for character in line).rstrip() for line in lines)
    return "\n".join(seen).strip()


class ResponseForm(Form):
    """No CSRF token: it would need a cookie, and the key in the address is the secret that a forger lacks.

    Somebody who has the key holds the letter, and may answer anyway.
    """

    class Meta(Form.Meta):
        csrf = False

    comment = TextAreaField(
        _l("Vill du säga något om den?"), filters=[tidy], validators=[at_most(LONGEST_COMMENT)]
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.verdict: bool | None = None

    def take(self, pressed: str | None) -> bool:
        """Which button was pressed; False when none was, or the comment is too long."""
        self.verdict = {"ja": True, "nej": False}.get(pressed or "")
        return bool(self.validate()) and self.verdict is not None
