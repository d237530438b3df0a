"""`eventsys staff`."""

from __future__ import annotations

import re

import pytest
from click.testing import Result
from flask import Flask

from eventsys.staff.commands import staff
from eventsys.staff.models import Account, AccountState, Role
from eventsys.staff.queries import account_by_email
from tests.staff_fixtures import PASSWORD, see_anew, visitor


def run(app: Flask, *args: str, typed: str = "") -> Result:
    result = app.test_cli_runner().invoke(staff, args, input=typed)
    see_anew()
    return result


def path_in(result: Result) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/personal/losenord/\S+)", result.output)
    assert found, result.output
    return found[1]


def test_the_first_administrator_is_made_on_the_command_line(app: Flask) -> None:
    result = run(app, "add", "Alva@boras.example", "--role", "administrator", "--name", "Alva Berg")
    assert result.exit_code == 0, result.output
    account = account_by_email("alva@boras.example")
    assert account is not None
    assert (account.name, account.role, account.state) == ("Alva Berg", Role.ADMINISTRATOR, AccountState.INVITED)
    alva = visitor(app)
    assert alva.post(path_in(result), data={"password": PASSWORD, "again": PASSWORD}).status_code == 302
    assert alva.get("/personal/installningar/konton").status_code == 200


def test_a_password_can_come_from_standard_input(app: Flask) -> None:
    result = run(app, "add", "alva@boras.example", "--role", "host", "--password-stdin", typed=PASSWORD + "\n")
    assert result.exit_code == 0, result.output
    assert PASSWORD not in result.output
    form = {"email": "alva@boras.example", "password": PASSWORD}
    assert visitor(app).post("/personal/logga-in", data=form).status_code == 302


def test_a_poor_password_from_standard_input_is_refused(app: Flask) -> None:
    result = run(app, "add", "alva@boras.example", "--role", "host", "--password-stdin", typed="kort\n")
    assert result.exit_code == 1
    assert account_by_email("alva@boras.example") is None


def test_one_who_is_locked_out_gets_a_link(app: Flask, organiser: Account) -> None:
    result = run(app, "password", organiser.email)
    assert result.exit_code == 0
    assert visitor(app).get(path_in(result)).status_code == 200


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["add", "alva", "--role", "host"], 2),
        (["add", "alva@boras.example", "--role", "king"], 2),
        (["add", "alva@boras.example"], 2),
        (["password", "ingen@boras.example"], 1),
    ],
)
def test_wrong_use_and_refusals_have_their_exit_codes(app: Flask, args: list[str], code: int) -> None:
    assert run(app, *args).exit_code == code
