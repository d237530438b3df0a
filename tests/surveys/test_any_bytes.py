"""Whatever is sent: a clear answer, never a failure, and at most one answer for a link."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventsys.surveys.models import QuestionKind
from tests.staff_fixtures import visitor
from tests.surveys.factories import filled_in, invitations, make_open_survey, make_question, responses

OPTIONS = [{"sv": "Röd", "en": "Red"}, {"sv": "Blå", "en": ""}]
ANYTHING = st.one_of(
    st.text(max_size=60),
    st.binary(max_size=60),
    st.sampled_from(["1", "10", "11", "vet-ej", "0", "²", "\x00", "9" * 400]),
)
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.usefixtures("clock")
@FEW
@given(st.lists(st.tuples(st.integers(0, 9), ANYTHING), max_size=12), st.booleans())
def test_any_bytes_in_any_field_are_answered_clearly(
    app: Flask, sent: list[tuple[int, object]], is_whole: bool
) -> None:
    more = [
        make_question(QuestionKind.CHOICE, "Färg?", options=OPTIONS),
        make_question(QuestionKind.CHOICES, "Färger?", options=OPTIONS),
        make_question(QuestionKind.SCALE, "Maten?"),
    ]
    survey = make_open_survey(1, more)
    names = ["shown", "once", *(f"q{one.id}" for one in survey.questions)]
    form: dict[str, object] = dict(filled_in(survey)) if is_whole else {}
    for number, value in sent:
        form[names[number % len(names)]] = value
    answer = visitor(app).post(f"/enkat/{invitations(survey)[0].token}", data=form)
    assert answer.status_code in {303, 409, 422, 400}, answer.status_code
    stored = [one for one in responses(survey) if one.survey_id == survey.id]
    assert len(stored) == (answer.status_code == 303)
    assert invitations(survey)[0].has_answered == bool(stored)
    numbers = [number for one in stored for number in (one.satisfied, one.expectations, one.ideal)]
    assert all(number is None or 1 <= number <= 10 for number in numbers)
