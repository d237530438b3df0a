"""Every table has somebody who answers for the people in it, or a reason to hold none."""

from __future__ import annotations

from collections import Counter

from flask import Flask

from eventsys.database import Base
from eventsys.personal import keepers

# Tables that hold no person, and why. A new table stands here or with a keeper (`Keeper.tables`).
HOLDS_NO_PERSON = {
    "article": "what editors publish; the state and the owner are staff's",
    "article_response": "who said it is not known, by the way it is kept",
    "article_used_link": "a hash that only the link itself leads to",
    "company_import": "a file's name and counts; the file itself is deleted",
    "company_sni": "branches of a company",
    "company_tag": "which word stands at which company",
    "door": "a link for hosts, with no name of a guest",
    "ended_session": "a hash of a cookie of staff, for hours",
    "former_facts": "times and places",
    "handout": "which set was handed out by which colleague; who asked is never kept",
    "identity": "what the office itself is called and reached by",
    "issue": "an issue of the newsletter",
    "lease": "which process holds which duty",
    "mailing": "one letter to many, with tokens where the reader's own would stand",
    "material": "files and links that the office publishes",
    "picture": "pictures that the office publishes",
    "postcode": "places",
    "proof": "the finished letter with tokens where the reader's own would stand",
    "question": "what is asked",
    "register_settings": "a goal",
    "relay": "a mail server",
    "reminder": "when letters to an event's people go",
    "retention_line": "how much of what was destroyed",
    "retention_rule": "an interval and a decision, and which colleague wrote them",
    "retention_run": "when something was destroyed",
    "segment": "a rule by which companies and readers are chosen",
    "series_access": "which account reaches which series",
    "session": "what happens in a room; speakers are published",
    "sign_up_code": "what a QR code is called",
    "slot": "a stretch of a programme",
    "source": "what a poster is called",
    "statement": "what the office says in public, and which colleague wrote it",
    "survey": "a survey's wording and times",
    "survey_answer": "who answered is not known, by the way it is kept",
    "survey_question": "what is asked",
    "survey_response": "who answered is not known, by the way it is kept",
    "survey_settings": "goals and limits",
    "survey_template": "what surveys begin as",
    "tag": "a word",
    "welcome_round": "one letter to many companies",
    "welcome_settings": "lengths and days",
}


def test_every_table_has_a_keeper_or_a_reason(app_once: Flask) -> None:
    with app_once.app_context():
        kept = Counter(table for keeper in keepers() for table in keeper.tables)
    assert max(kept.values()) == 1, "two keepers answer for the same table"
    assert not kept.keys() & HOLDS_NO_PERSON.keys()
    tables = set(Base.metadata.tables)
    assert tables - kept.keys() - HOLDS_NO_PERSON.keys() == set(), "say who answers for the people in these"
    assert (kept.keys() | HOLDS_NO_PERSON.keys()) - tables == set(), "there are no such tables"
