"""Delivering processes for tests that kill them.

`python -m tests.mail.worker_process DATABASE_URL FOLDER` loads the application once. For every line on standard input
(name=value settings, apart by blanks) it forks a child that delivers until nothing is waiting, and says its pid.
Loading anew for each kill would take longer than the test.
"""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

from flask import Flask

from eventsys import create_app
from eventsys.mail.delivery import drain
from eventsys.mail.letters import MailingLetter
from eventsys.mail.outbox import Letter, register_letters
from tests.conftest import settings_for_tests
from tests.mail.conftest import LETTER, MAILING, mailing_values, plain_letter


def deliver(app: Flask, line: str) -> None:
    given = dict(one.split("=", 1) for one in line.split())
    settings = replace(
        app.extensions["eventsys_settings"],
        **{name: int(value) if value.isdigit() else value for name, value in given.items()},
    )
    app.extensions["eventsys_settings"] = settings
    with app.app_context():
        while drain(5):
            pass


def main() -> None:
    database_url, folder = sys.argv[1:]
    app = create_app(settings_for_tests(database_url, Path(folder)))
    register_letters(app, {LETTER: Letter(plain_letter), MAILING: MailingLetter(mailing_values)})
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead need no burial
    for line in sys.stdin:
        child = os.fork()
        if not child:
            deliver(app, line)
            os._exit(0)
        print(child, flush=True)


if __name__ == "__main__":
    main()
