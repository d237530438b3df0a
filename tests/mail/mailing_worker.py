"""`eventsys worker` that also knows the tests' mailing: python -m tests.mail.mailing_worker, settings from outside."""

from __future__ import annotations

from eventsys import create_app
from eventsys.config import load_settings
from eventsys.mail.letters import MailingLetter, register_letters
from eventsys.serving import Stop, running_worker
from tests.mail.conftest import MAILING, mailing_values


def main() -> None:
    app = create_app(load_settings())
    register_letters(app, {MAILING: MailingLetter(mailing_values)})
    stop = Stop()
    with running_worker(app, 2):
        print("working", flush=True)
        stop.wait()


if __name__ == "__main__":
    main()
