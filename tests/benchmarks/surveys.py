"""The page of a survey's results with a hundred thousand answers: the time to the whole answer, by the browser's clock.

The page is asked for through the application itself, without a network: what is measured is the database's counting
and the page's rendering. The survey has the usual questions, an own one from 1 to 10, a choice and several choices.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from sqlalchemy import text

from eventsys import create_app
from eventsys.config import Settings
from eventsys.database import db, transaction
from eventsys.migrating import upgrade_database
from eventsys.surveys.models import QuestionKind
from tests.servers import new_folder
from tests.staff_fixtures import Visitor, new_account, visitor_as
from tests.surveys.results_scenes import choice, hand_in_many, make_survey, question_of, scale

ANSWERS, TIMES = 100_000, 7


def measure_results(database_url: Callable[[], str]) -> dict[str, float]:
    """`survey_results_ms`: the median of TIMES looks at the page, on a new database."""
    folder = str(new_folder("surveys"))
    url = database_url() or f"sqlite:///{folder}/surveys.sqlite3"
    given = Settings(database_url=url, data_dir=folder, secret_key="only-for-the-benchmark", log_level="ERROR")
    app = create_app(given)
    with app.app_context():
        upgrade_database()
        path = _survey()
        client = visitor_as(app, new_account())
        _look(client, path)
        took = statistics.median(_look(client, path) for _ in range(TIMES))
        db.session.remove()
        db.engine.dispose()
    return {"survey_results_ms": round(took, 1)}


def _survey() -> str:
    """The page of a closed survey with ANSWERS answers, one in fifty of them by the open link."""
    own = [
        scale(), choice("Bransch", "Handel", "Industri", "Tjänster", "Annat"),
        choice("Vad vill du höra mer om?", "AI", "Export", "Juridik", "Hållbarhet", kind=QuestionKind.CHOICES),
    ]  # fmt: skip
    survey = make_survey(own=own, invited=2 * ANSWERS)
    with transaction():
        hand_in_many(survey, ANSWERS, [*own, question_of(survey, QuestionKind.TEXT)])
    with db.engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()
    return f"/personal/evenemang/{survey.event_id}/enkat/resultat"


def _look(client: Visitor, path: str) -> float:
    """Milliseconds to the page."""
    began = time.perf_counter()
    answer = client.get(path)
    took = (time.perf_counter() - began) * 1000
    assert answer.status_code == 200
    assert "NKI är" in answer.text
    return took
