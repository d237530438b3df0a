"""Every table has somebody who answers for the people in it, or a reason to hold none."""

from __future__ import annotations

from collections import Counter

from flask import Flask
from sqlalchemy import JSON, Enum, LargeBinary, String

from eventsys.database import Base
from eventsys.personal import keepers

# Tables that hold no person, and why. A new table stands here or with a keeper (`Keeper.tables`).
HOLDS_NO_PERSON = {
    "article": "what editors publish; the state and the owner are staff's",
    "article_response": "who said it is not known, by the way it is kept",
    "article_used_link": "a hash that only the link itself leads to",
    "assessment": "how a colleague judges a goal",
    "company_import": "a file's name and counts; the file itself is deleted",
    "company_sni": "branches of a company",
    "company_tag": "which word stands at which company",
    "door": "a link for hosts, with no name of a guest",
    "ended_session": "a hash of a cookie of staff, for hours",
    "former_facts": "times and places",
    "goal": "what is to be reached in a year",
    "hand_entry": "a figure of the office, and which colleague wrote it down",
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
    "settlement": "figures as they were settled, and by which colleague",
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
    "trouble": "what was the matter with the system",
    "welcome_round": "one letter to many companies",
    "welcome_settings": "lengths and days",
    "worker": "which process lives",
    "year_plan": "which year has goals",
}
# Columns of text, JSON and bytes in the tables of keepers, each of them thought of: emptied, or no person in it.
COLUMNS = {
    "account": "email name password_hash invitation_token second_factor oidc_issuer oidc_subject",
    "answer": "text",
    "attendee": "name sort_key email email_key address_claim phone phone_e164 token ticket_code",
    "audit_entry": "actor action subject detail",
    "company": "name sort_key search_key number legal_form care_of street postcode place website procedure "
    "kept_by_hand archived_why",
    "company_import_line": "name number remark record",
    "company_merge": "before moved by",
    "company_note": "text author",
    "consent": "list text_version ground",
    "contact": "name role email email_key phone phone_e164 search_key",
    "delivery": "purpose_key letter about address name organisation lang subject lease_owner token message_id "
    "smtp_reply reason",
    "delivery_event": "detail",
    "diet": "text",
    "event": "slug title title_en summary summary_en description description_en programme speakers place address price "
    "contact_name contact_email contact_phone cancelled_why",
    "incoming_letter": "fingerprint raw address status said",
    "invitation": "token name sort_key email email_key phone company_name company_number lang origin note",
    "mailing_exclusion": "address name organisation reason",
    "message": "subject body sent_to sent_by",
    "newsletter_settings": "seeds",
    "paper": "kind file_name content_type content",
    "person_request": "token address name text lang begun_by trouble outcome reason handled_by",
    "reader": "token address name organisation lang",
    "recovery_code": "mark",
    "registration": "company_name company_number booker_name booker_email booker_email_key booker_phone "
    "booker_phone_e164 source lang token idempotency_key privacy_version added_by",
    "revoked_ticket": "code reason",
    "scan": "nonce device",
    "series": "slug name name_en summary summary_en price place address contact_name contact_email contact_phone "
    "focus_area co_organiser",
    "session_choice": "",
    "sign_up": "token address name organisation lists lang text_version",
    "subscription": "list why_ended",
    "suppression": "address reason lifted_by",
    "survey_invitation": "token",
    "talking_point": "text added_by",
    "theme": "text heard_at added_by",
    "visit": "who met themes text follow_up added_by",
    "welcome_letter": "claim reason by address recipient care_of street postcode place",
    "welcome_paper": "mark by content",
}


def test_every_column_of_text_in_a_keepers_table_was_thought_of(app_once: Flask) -> None:
    with app_once.app_context():
        tables = {table for keeper in keepers() for table in keeper.tables}
    found = {name: " ".join(_of_text(name)) for name in tables}
    assert found == COLUMNS, "does the keeper extract and forget what stands in it? Then write it down here"


def _of_text(table: str) -> list[str]:
    columns = Base.metadata.tables[table].columns
    kinds = (String, JSON, LargeBinary)
    return [one.name for one in columns if isinstance(one.type, kinds) and not isinstance(one.type, Enum)]


def test_every_table_has_a_keeper_or_a_reason(app_once: Flask) -> None:
    with app_once.app_context():
        kept = Counter(table for keeper in keepers() for table in keeper.tables)
    assert max(kept.values()) == 1, "two keepers answer for the same table"
    assert not kept.keys() & HOLDS_NO_PERSON.keys()
    tables = set(Base.metadata.tables)
    assert tables - kept.keys() - HOLDS_NO_PERSON.keys() == set(), "say who answers for the people in these"
    assert (kept.keys() | HOLDS_NO_PERSON.keys()) - tables == set(), "there are no such tables"
