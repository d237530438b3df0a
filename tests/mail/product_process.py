"""`eventsys ARGS` that also knows the tests' mailing: python -m tests.mail.product_process serve --port 8000"""

from __future__ import annotations

import eventsys
from eventsys.cli import main
from eventsys.mail.letters import MailingLetter
from tests.mail.conftest import MAILING, mailing_values

if __name__ == "__main__":
    eventsys.LETTERS = {**eventsys.LETTERS, MAILING: MailingLetter(mailing_values)}
    main()
