"""Every act and thing that the code writes into the audit trail has Swedish words, and nothing changes the trail."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import delete, text, update

from eventsys import audit
from eventsys.audit import AuditEntry, TrailStands
from eventsys.database import Base, db, transaction
from eventsys.paths import PACKAGE
from eventsys.staff.acts import ACTS, PLACES, THINGS

ACT = re.compile(r"[a-z_]+\.[a-z_]+")
FILES = sorted(path for path in PACKAGE.rglob("*.py"))


def calls_of_record(tree: ast.AST) -> Iterator[ast.Call]:
    """`audit.record(...)`, and `record(...)` where it was imported from there."""
    imported = any(
        isinstance(node, ast.ImportFrom)
        and node.module == "eventsys.audit"
        and "record" in {a.name for a in node.names}
        for node in ast.walk(tree)
    )
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = ast.unparse(node.func)
        if called == "audit.record" or (called == "record" and imported):
            yield node


def texts_in(node: ast.AST) -> set[str]:
    return {one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)}


def named_elsewhere(tree: ast.AST, node: ast.AST) -> set[str]:
    """The texts of the modules that the expression's names come from: `takeouts.KITCHEN`, or an imported `EXPORTED`."""
    names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    modules = {
        one.module.rpartition(".")[2]
        for one in ast.walk(tree)
        if isinstance(one, ast.ImportFrom) and one.module and names & {alias.name for alias in one.names}
    }
    files = [path for path in FILES if path.stem in names | modules]
    return {text for path in files for text in texts_in(ast.parse(path.read_text(encoding="utf-8")))}


def put_together(tree: ast.AST, call: ast.Call) -> set[str]:
    """`f"mailing.{what}"`: one act for each word that the function around it is called with."""
    act = call.args[0]
    if not isinstance(act, ast.JoinedStr):
        return set()
    if not isinstance(act.values[0], ast.Constant):  # `f"{of.act}.ledger_taken_out"`
        return {one for one in ACTS if one.endswith(max(texts_in(act), key=len))}
    around = next(
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and call in list(ast.walk(node))
    )
    calls = [one for one in ast.walk(tree) if isinstance(one, ast.Call) and ast.unparse(one.func) == around]
    words = {word for one in calls for argument in one.args for word in texts_in(argument)}
    return {f"{act.values[0].value}{word}" for word in words}


def recorded() -> dict[str, set[str]]:
    """Each act by the files that record it. Where the act is a name, all texts of the file that look like one count."""
    found: dict[str, set[str]] = {}
    kinds = {act.partition(".")[0] for act in ACTS}
    for path in FILES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for call in calls_of_record(tree):
            given = {one for one in texts_in(call.args[0]) if ACT.fullmatch(one)} | put_together(tree, call)
            if not given:
                texts = texts_in(tree) | named_elsewhere(tree, call.args[0])
                given = {one for one in texts if ACT.fullmatch(one) and one.partition(".")[0] in kinds}
                assert given, f"which act {path.name} records cannot be read"
            for act in given:
                found.setdefault(act, set()).add(path.name)
    return found


def kinds_of_things() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path in FILES:
        for call in calls_of_record(ast.parse(path.read_text(encoding="utf-8"))):
            for one in (call.args + [keyword.value for keyword in call.keywords if keyword.arg == "subject"])[1:2]:
                for words in texts_in(one):
                    if kind := re.match(r"([a-z_]+)(:|$)", words):
                        found.setdefault(kind[1], set()).add(path.name)
    return found


def test_every_act_that_is_recorded_has_words(app_once: Flask) -> None:
    acts = recorded()
    assert len(acts) > 120
    assert {act: files for act, files in acts.items() if act not in ACTS} == {}


def test_every_thing_that_is_recorded_has_words(app_once: Flask) -> None:
    things = kinds_of_things()
    assert len(things) > 15
    assert {thing: files for thing, files in things.items() if thing not in THINGS} == {}


def test_every_place_is_a_page(app_once: Flask) -> None:
    pages = {rule.endpoint: rule.arguments for rule in app_once.url_map.iter_rules()}
    for kind, place in PLACES.items():
        assert kind in THINGS
        assert pages[place.endpoint] == {place.argument}
        assert place.column in place.kind.__table__.c


def test_no_code_changes_the_trail() -> None:
    """The session refuses it; this finds it before it runs. The module itself has the words for it."""
    for path in FILES:
        if path.name == "audit.py":
            continue
        content = path.read_text(encoding="utf-8")
        assert not re.search(r"\b(update|delete|insert|truncate)\b[^\n]*audit_entry", content, re.IGNORECASE), path
        assert not re.search(r"(update|delete|insert)\(\s*(audit\.)?AuditEntry", content), path
        assert not re.search(r"bulk_(update|insert|save)", content), path


# --- the guard itself ---------------------------------------------------------------------------------------------


@pytest.fixture
def entry(app: Flask) -> AuditEntry:
    with transaction():
        kept = audit.record("event.published", "event:1", seats=3)
    return kept


def untouched() -> bool:
    db.session.rollback()
    db.session.expire_all()
    found = db.session.query(AuditEntry).one()
    return (found.action, found.subject, found.detail) == ("event.published", "event:1", {"seats": 3})


TABLE = Base.metadata.tables["audit_entry"]
WAYS = {
    "update": lambda: db.session.execute(update(AuditEntry).values(actor="ingen")),
    "update by keys": lambda: db.session.execute(update(AuditEntry), [{"id": 1, "actor": "ingen"}]),
    "delete": lambda: db.session.execute(delete(AuditEntry)),
    "delete of the table": lambda: db.session.execute(delete(TABLE)),
    "update of the table": lambda: db.session.execute(TABLE.update().values(actor="ingen")),
    "query": lambda: db.session.query(AuditEntry).delete(),
    "query update": lambda: db.session.query(AuditEntry).update({"actor": "ingen"}),
    "text": lambda: db.session.execute(text("DELETE FROM audit_entry")),
    "text update": lambda: db.session.execute(text('UPDATE "audit_entry" SET actor = :who'), {"who": "ingen"}),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_trail_cannot_be_changed_by_a_statement(entry: AuditEntry, way: str) -> None:
    with pytest.raises(TrailStands), transaction():
        WAYS[way]()
    assert untouched()


def test_an_entry_cannot_be_changed(entry: AuditEntry) -> None:
    with pytest.raises(TrailStands), transaction():
        db.session.merge(entry).actor = "ingen"
    assert untouched()


def test_what_an_entry_says_cannot_be_changed(entry: AuditEntry) -> None:
    with pytest.raises(TrailStands), transaction():
        db.session.merge(entry).detail = {}
    assert untouched()


def test_an_entry_cannot_be_deleted(entry: AuditEntry) -> None:
    with pytest.raises(TrailStands), transaction():
        db.session.delete(db.session.merge(entry))
    assert untouched()
