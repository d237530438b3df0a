"""500 welcome letters on paper, from the press of the button to the bound PDF, by the job that workers run.

python -m tests.benchmarks.welcome          on a database of its own; prints one line of JSON
"""

from __future__ import annotations

import json
import time
from dataclasses import replace

from eventsys import create_app
from eventsys.clock import now
from eventsys.config import Settings
from eventsys.database import db, transaction
from eventsys.migrating import upgrade_database
from eventsys.newsletters import actors
from eventsys.newsletters.welcome import paper
from eventsys.newsletters.welcome.models import WelcomePaper
from eventsys.newsletters.welcome.settings import welcome_settings
from eventsys.piecework import PaperState
from tests.factories import make_event
from tests.newsletters.welcome.paper_scenes import make_letters, make_round
from tests.servers import new_folder

LETTERS = 500


def measure_welcome_letters() -> dict[str, float]:
    """Seconds for LETTERS letters, on the wall and of a processor, and the size of the file in MB."""
    folder = new_folder("welcome")
    given = Settings(data_dir=str(folder), secret_key="only-for-the-benchmark", log_level="ERROR")
    app = create_app(replace(given, database_url=f"sqlite:///{folder}/welcome.sqlite3"))
    with app.app_context():
        upgrade_database()
        round_ = make_round(event_id=make_event().id)
        make_letters(round_, LETTERS)
        began, cpu = time.monotonic(), time.process_time()
        made = _made(round_.id)
        took, cpu, size = time.monotonic() - began, time.process_time() - cpu, len(made.content or b"")
        db.session.remove()
    return {"welcome_pdf_s": round(took, 2), "welcome_pdf_cpu_s": round(cpu, 2), "welcome_pdf_mb": round(size / 1e6, 3)}


def _made(round_id: int) -> WelcomePaper:
    found, kept = paper.round_by_id(round_id), welcome_settings()
    letter = paper.letter_of_round(found, kept, now())
    with transaction():
        number = paper.ask_for_paper(found, letter, kept, "Mätning", now()).id
    actors.make_welcome_paper(number)
    db.session.expire_all()
    made = db.session.get_one(WelcomePaper, number)
    assert made.state is PaperState.READY
    return made


if __name__ == "__main__":
    print(json.dumps(measure_welcome_letters()))
