"""Addresses with numbers that no row can have lead to pages that say so."""

from __future__ import annotations

import pytest
from flask import Flask

from eventsys.staff.models import Role
from tests.newsletters.factories import make_reader
from tests.staff_fixtures import new_account, visitor, visitor_as

HUGE = "9" * 30


@pytest.mark.parametrize(
    "path", ["nummer/{}", "prenumeranter/{}", "qr-koder/{}", "ideer/{}", "urval/{}", "?ar={}", "prenumeranter?sida={}"]
)
def test_a_number_beyond_every_row_is_not_there(app: Flask, path: str) -> None:
    answer = visitor_as(app, new_account(Role.ADMINISTRATOR)).get("/personal/nyhetsbrev/" + path.format(HUGE))
    assert answer.status_code in {200, 308, 404}, answer.status_code


def test_leaving_a_list_with_a_number_beyond_every_row_leaves_all(app: Flask) -> None:
    reader = make_reader("asa@ek.example")
    assert visitor(app).post(f"/avsluta/{reader.token}?brev=serie:{HUGE}").status_code == 200
