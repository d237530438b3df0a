"""Migrations from zero give exactly the models' tables, on both databases, and each can be taken back."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, inspect, select, text

from eventsys import create_app
from eventsys.database import Base, db, transaction
from eventsys.events.models import Attendee, DayBefore, Event
from eventsys.migrating import downgrade_database, upgrade_database
from eventsys.paths import MIGRATIONS
from eventsys.surveys.models import QuestionKind, SurveyAnswer
from tests import servers
from tests.conftest import settings_for_tests
from tests.factories import make_event, make_registration
from tests.surveys.results_scenes import choice, hand_in, make_survey, scale


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_app(request: pytest.FixtureRequest, tmp_path: Path):
    """The application on a database without a single table."""
    url = f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    if request.param == "postgresql":
        url = servers.new_database(servers.postgres_server())
    app = create_app(settings_for_tests(url, tmp_path))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def differences():
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, Base.metadata)


def test_migrations_from_zero_equal_the_models(empty_app):
    upgrade_database()
    assert differences() == []


def test_every_migration_can_be_taken_back_and_made_again(empty_app):
    revisions = [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]
    upgrade_database()
    for _revision in revisions:
        downgrade_database("-1")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    upgrade_database()
    assert differences() == []


def test_there_is_one_newest_migration():
    assert len(ScriptDirectory(str(MIGRATIONS)).get_heads()) == 1


def test_what_was_planned_before_the_event_day_keeps_its_people_and_stays_quiet(empty_app):
    upgrade_database()
    event = make_event()
    make_registration(event, 3)
    downgrade_database("0001")
    upgrade_database()
    kept = db.session.execute(select(Event)).scalar_one()
    assert db.session.scalar(select(func.count()).select_from(Attendee)) == 3
    assert (kept.day_before, kept.remind_week, kept.says_thanks, kept.by_invitation) == (
        DayBefore.NOTHING, False, False, False,
    )  # fmt: skip


def test_what_was_chosen_of_several_options_is_the_same_as_a_list_and_as_a_number(empty_app):
    upgrade_database()
    food, topics = scale(), choice("Vad vill du höra mer om?", "AI", "Export", "Juridik", kind=QuestionKind.CHOICES)
    survey = make_survey(own=[food, topics])
    with transaction():
        hand_in(survey, [(8, 8, 8)] * 2, own=[{food.id: 5, topics.id: [0, 2]}, {topics.id: [1]}])
    db.session.remove()
    downgrade_database("0011")
    with db.engine.connect() as connection:
        lists = connection.execute(text("SELECT number, CAST(places AS VARCHAR(20)) FROM survey_answer")).all()
    assert sorted((number, places) for number, places in lists if number is None) == [(None, "[0, 2]"), (None, "[1]")]
    assert (5, None) in [(number, None if places == "null" else places) for number, places in lists]
    upgrade_database()
    assert sorted(db.session.scalars(select(SurveyAnswer.number))) == [2, 5, 5]
