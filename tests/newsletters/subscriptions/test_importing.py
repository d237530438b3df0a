"""Lists with a ground: what each line becomes, all or nothing, and who is never brought back."""

from __future__ import annotations

import io
import time

import pytest
from click.testing import CliRunner
from flask.cli import ScriptInfo
from lxml import html
from sqlalchemy import event as sql_event

from eventsys.audit import AuditEntry
from eventsys.cli import cli
from eventsys.clock import now
from eventsys.columns import Column
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.mail.suppression import suppress
from eventsys.newsletters.lists import FORETAGSAMT
from eventsys.newsletters.subscriptions.importing import NoGround, NoSuchList, Verdict, judged
from eventsys.newsletters.subscriptions.models import Consent, ConsentAct, Reader
from eventsys.staff.models import Role
from eventsys.tabular import LONG_LIST, read_table
from tests.events.scenes import kept
from tests.newsletters.factories import make_reader
from tests.newsletters.subscriptions.scenes import consents, count, fresh, has, letters, take_in

WHERE = {Column.EMAIL: 0, Column.NAME: 1, Column.COMPANY: 2}
GROUND = "Sa ja på mässan 2026"
ROWS = [
    ["ny@a.se", "Åsa Ny", "Väveriet"],
    ["finns@a.se"],
    ["slutat@a.se"],
    ["nej@a.se"],
    ["sparrad@a.se"],
    ["ingen adress"],
    ["NY@a.se", "Åsa igen"],
    ["=1+1@a.se", "=HYPERLINK()"],
]


@pytest.fixture
def people(app):
    make_reader("finns@a.se")
    make_reader("slutat@a.se", lists=[], left=[FORETAGSAMT])
    make_reader("nej@a.se", lists=[], refused_at=now())
    kept(suppress)("sparrad@a.se", "studs")


VERDICTS = [
    Verdict.NEW, Verdict.THERE, Verdict.LEFT, Verdict.REFUSED, Verdict.SUPPRESSED, Verdict.WRONG, Verdict.THERE,
    Verdict.WRONG,
]  # fmt: skip


def test_each_line_is_judged_and_nothing_is_changed(people):
    before = count(Consent)
    assert [line.verdict for line in judged(ROWS, WHERE, FORETAGSAMT)] == VERDICTS
    assert count(Consent) == before


def test_taking_in_adds_the_new_with_the_ground_and_twice_changes_nothing(people):
    before = count(Consent)
    take_in(ROWS, WHERE, FORETAGSAMT, GROUND, now())
    assert has("ny@a.se") == [FORETAGSAMT]
    assert count(Consent) == before + 1
    [consent] = db.session.query(Consent).filter_by(act=ConsentAct.IMPORTED)
    assert (consent.ground, letters("ny@a.se")) == (GROUND, [])
    again = take_in(ROWS, WHERE, FORETAGSAMT, GROUND, now())
    assert [line.verdict for line in again].count(Verdict.NEW) == 0
    assert count(Consent) == before + 1


def test_who_left_or_refused_stays_so(people):
    take_in(ROWS, WHERE, FORETAGSAMT, GROUND, now())
    assert [has(address) for address in ("slutat@a.se", "nej@a.se", "sparrad@a.se")] == [[], [], []]


def test_a_ground_and_a_list_are_demanded(app):
    with pytest.raises(NoGround):
        take_in(ROWS, WHERE, FORETAGSAMT, "  ", now())
    with pytest.raises(NoSuchList):
        take_in(ROWS, WHERE, "serie:99", GROUND, now())
    assert count(Reader) == 0


def test_a_list_of_8500_is_read_judged_and_kept_with_few_questions(app):
    text = "E-post;Namn;Företag\n" + "".join(f"person{n}@foretag{n}.se;Åsa {n};Väveri {n}\n" for n in range(8500))
    table = read_table(text.encode(), "lista.csv", LONG_LIST)
    asked: list[str] = []
    listen = lambda *given: asked.append(given[2])  # noqa: E731
    sql_event.listen(db.engine, "before_cursor_execute", listen)
    began = time.monotonic()
    take_in(table[1:], WHERE, FORETAGSAMT, GROUND, now())
    took = time.monotonic() - began
    sql_event.remove(db.engine, "before_cursor_execute", listen)
    assert count(Reader) == 8500
    assert len(asked) < 200
    assert took < 60, f"{took:.1f} s"


# --- the page -----------------------------------------------------------------------------------------------------

FILE = "E-post;Namn\nny@a.se;Åsa Ny\nfinns@a.se;Bo\nslutat@a.se;Ylva\n"


def hidden(answer):
    """What the page's first form sends along."""
    form = html.fromstring(answer.text).xpath("//main//form[.//input[@name='table']]")[0]
    return dict(form.form_values())


def test_the_three_steps_of_the_page(people, signed_in_client):
    staff = signed_in_client(Role.ORGANISER)
    page = "/personal/nyhetsbrev/prenumeranter/fil"
    columns = staff.post(
        page, data={"file": (io.BytesIO(FILE.encode()), "l.csv"), "list": FORETAGSAMT, "ground": GROUND}
    )
    assert "Vad står i kolumnerna?" in columns.text
    lines = staff.post(f"{page}/granska", data=hidden(columns))
    assert "1 ny prenumerant" in lines.text
    assert "läggs aldrig till igen" in lines.text
    assert has("ny@a.se") == []
    done = staff.post(f"{page}/lagg-till", data=hidden(lines))
    assert done.status_code == 302
    assert has("ny@a.se") == [FORETAGSAMT]
    assert "imported foretagsamt" in consents("ny@a.se")
    fresh()
    entry = db.session.query(AuditEntry).filter_by(action="reader.imported").one()
    assert "ny@a.se" not in str(entry.detail)


def test_rows_changed_on_the_way_are_refused(people, signed_in_client):
    staff = signed_in_client(Role.ORGANISER)
    answer = staff.post("/personal/nyhetsbrev/prenumeranter/fil/lagg-till", data={"table": "x.y.z", "ground": GROUND})
    assert answer.location.endswith("/prenumeranter/fil")


def test_a_page_without_ground_or_file_says_what_to_do(people, signed_in_client):
    answer = signed_in_client(Role.ORGANISER).post("/personal/nyhetsbrev/prenumeranter/fil", data={})
    assert answer.status_code == 422
    assert "Välj en fil." in answer.text
    assert "Skriv varför vi får skriva till dem" in answer.text


def test_editors_do_not_take_in_lists(app, signed_in_client):
    assert signed_in_client(Role.EDITOR).get("/personal/nyhetsbrev/prenumeranter/fil").status_code == 403


# --- the command --------------------------------------------------------------------------------------------------


@pytest.fixture
def run(app, tmp_path):
    def call(*args, text=FILE):
        file = tmp_path / "lista.csv"
        file.write_text(text)
        command = ["import", "subscribers", str(file), *args]
        return CliRunner().invoke(cli, command, obj=ScriptInfo(create_app=lambda: app))

    return call


def test_a_dry_run_says_each_line_and_changes_nothing(people, run):
    answer = run("--dry-run")
    assert [line.split()[:2] for line in answer.output.splitlines()[:3]] == [
        ["2", "new"], ["3", "there"], ["4", "left"],
    ]  # fmt: skip
    assert has("ny@a.se") == []


def test_the_command_takes_in_a_list(people, run):
    answer = run("--ground", GROUND)
    assert "1 new, 1 there, 1 left, 0 refused, 0 suppressed, 0 wrong." in answer.output
    assert has("ny@a.se") == [FORETAGSAMT]


@pytest.mark.parametrize("args", [(), ("--ground", GROUND, "--list", "serie:99")])
def test_the_command_refuses_without_ground_or_list(people, run, args):
    answer = run(*args)
    assert isinstance(answer.exception, Refused)
    assert has("ny@a.se") == []
