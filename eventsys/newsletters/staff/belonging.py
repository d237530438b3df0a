"""What a mailing belongs to, as the pages of its sending need it: an issue, or a round of welcome letters.

The pages themselves are the same for both (mailing_pages.py); each has its own addresses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from eventsys.mail.models import Mailing
from eventsys.newsletters.staff.doors import doors


@dataclass(frozen=True)
class Belonging:
    """`endpoints` are the views of its pages, by what they are for; `page` draws one in its frame.

    `act` begins the words of the audit trail (`issue.ledger_taken_out`).
    """

    mailing: Mailing
    row_id: int
    act: str
    file_name: str
    args: Mapping[str, Any]
    endpoints: Mapping[str, str]
    page: Callable[..., str]

    def url(self, what: str, **values: Any) -> str:
        """The address of one of its pages."""
        return url_for(self.endpoint(what), **{**self.args, **values})

    def endpoint(self, what: str) -> str:
        return f"{doors.name}.{self.endpoints[what]}"

    def has(self, what: str) -> bool:
        """Whether there is such a page or button."""
        return what in self.endpoints

    @property
    def subject(self) -> str:
        """`issue:4`, for the audit trail."""
        return f"{self.act}:{self.row_id}"
