"""The goal of the year's visits."""

from __future__ import annotations

import pytest

from tests.companies.pages.scenes import REGISTER, acts
from tests.staff_fixtures import Visitor

PAGE = f"{REGISTER}/installningar"


def test_the_goal_is_the_plans_until_it_is_changed(client: Visitor) -> None:
    assert 'value="150"' in client.get(PAGE).text
    assert client.post(PAGE, data={"goal_visits": "200"}).location == PAGE
    assert 'value="200"' in client.get(PAGE).text
    assert "av 200" in client.get(f"{REGISTER}/besok").text
    assert acts() == ["register_settings.changed"]


@pytest.mark.parametrize("goal", ["", "0", "många", "99999"])
def test_a_goal_that_is_none_is_refused(client: Visitor, goal: str) -> None:
    assert client.post(PAGE, data={"goal_visits": goal}).status_code == 422


def test_the_goal_is_not_for_editors_to_change(editors: Visitor) -> None:
    assert editors.get(PAGE).status_code == 403
