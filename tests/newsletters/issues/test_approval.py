"""Four eyes: exact bytes, approved by somebody else than who asked or wrote last, void as soon as anything changes."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from flask import Flask

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.errors import NotFound
from eventsys.newsletters.issues import articles, placing, planning, proofs
from eventsys.newsletters.issues.articles import Content, seen_mark
from eventsys.newsletters.issues.changing import NotEditable, locked_issue
from eventsys.newsletters.issues.models import ArticleState, Issue, IssueState
from eventsys.newsletters.issues.proofs import approved_proof, rendered_of
from eventsys.newsletters.issues.queries import article_by_id, issue_by_id
from eventsys.newsletters.issues.rendering import letter_of
from eventsys.overwriting import mark_of
from eventsys.staff.models import Account, Role
from tests.newsletters.issues.scenes import make_approved, make_article, make_issue, proofs_of
from tests.staff_fixtures import new_account, see_anew


@pytest.fixture
def issue(app: Flask) -> Issue:
    return make_issue(articles=2)


@pytest.fixture
def asker(app: Flask) -> Account:
    return new_account(Role.EDITOR, name="Ask Frågar")


@pytest.fixture
def judge(app: Flask) -> Account:
    return new_account(Role.EDITOR, name="Eva Läser")


def ask(issue: Issue, account: Account) -> proofs.Proof:
    with transaction():
        return proofs.ask_for_approval(issue.id, account.id, now())


def approve(issue: Issue, proof: proofs.Proof, account: Account) -> proofs.Proof:
    with transaction():
        return proofs.approve(issue.id, proof.id, account.id, now())


def fresh(issue: Issue) -> Issue:
    see_anew()
    return issue_by_id(issue.id)


def edit(article_id: int, account: Account, **given: object) -> None:
    with transaction():
        article = article_by_id(article_id)
        content = replace(Content(**articles.content_of(article)), **given)  # type: ignore[arg-type]
        articles.save_article(article_id, content, seen_mark(article), account.id, now())


def test_what_is_approved_are_the_bytes_that_were_asked_for(issue: Issue, asker: Account, judge: Account) -> None:
    proof = ask(issue, asker)
    assert approved_proof(fresh(issue)) is None
    approve(issue, proof, judge)
    found = approved_proof(fresh(issue))
    assert found is not None
    assert hashlib.sha256(found.letter).hexdigest() == found.sha256 == letter_of(fresh(issue)).sha256
    assert rendered_of(found) == letter_of(fresh(issue))


def test_who_asked_cannot_approve(issue: Issue, asker: Account) -> None:
    proof = ask(issue, asker)
    with pytest.raises(proofs.NotYours, match="Du bad själv"):
        approve(issue, proof, asker)
    assert approved_proof(fresh(issue)) is None


def test_who_wrote_last_cannot_approve_even_when_another_asked(issue: Issue, asker: Account, judge: Account) -> None:
    edit(issue.articles[0].id, judge, heading="En helt ny rubrik")
    proof = ask(issue, asker)
    with pytest.raises(proofs.NotYours, match="Du ändrade numret sist"):
        approve(issue, proof, judge)
    assert approve(issue, proof, new_account(Role.ORGANISER)).approved_at


@pytest.mark.parametrize("what", ["text", "state", "order", "added", "removed", "moved", "subject"])
def test_every_change_of_the_letter_voids_the_approval(issue: Issue, asker: Account, what: str) -> None:
    make_approved(issue)
    first, second = fresh(issue).articles
    at = now()
    if what == "text":
        edit(first.id, asker, body="<p>Annat.</p>")
    elif what == "state":
        edit(first.id, asker, state=ArticleState.DRAFT)
    else:
        with transaction():
            if what == "order":
                placing.move_article(issue.id, second.id, True, asker.id, at)
            elif what == "added":
                placing.add_article(issue.id, first.kind, asker.id, at)
            elif what == "removed":
                placing.remove_article(first.id, asker.id, at)
            elif what == "moved":
                placing.place_article(first.id, None, asker.id, at)
            else:
                words = planning.words_of(issue)
                planning.edit_words(issue.id, {**words, "subject": "Annat"}, mark_of(words), asker.id, at)
    assert approved_proof(fresh(issue)) is None
    assert proofs.standing_of(fresh(issue)).is_outdated


def test_a_note_or_another_owner_changes_nothing_in_the_letter(issue: Issue, asker: Account) -> None:
    make_approved(issue)
    edit(issue.articles[0].id, asker, note="Ring Eva", owner_id=asker.id)
    assert approved_proof(fresh(issue)) is not None


def test_saving_what_is_there_already_keeps_the_approval(issue: Issue, asker: Account) -> None:
    make_approved(issue)
    edit(issue.articles[0].id, asker)
    assert approved_proof(fresh(issue)) is not None


def test_asking_twice_for_the_same_bytes_makes_one_proof(issue: Issue, asker: Account) -> None:
    assert ask(issue, asker).id == ask(issue, asker).id
    assert proofs_of(issue) == 1


def test_a_returned_proof_says_why_and_can_be_asked_for_again(issue: Issue, asker: Account, judge: Account) -> None:
    proof = ask(issue, asker)
    with transaction():
        proofs.return_with_remark(issue.id, proof.id, judge.id, "Byt bild på ettan.", now())
    standing = proofs.standing_of(fresh(issue))
    assert standing.is_returned
    assert standing.proof is not None
    assert standing.proof.remark == "Byt bild på ettan."
    assert ask(issue, asker).id != proof.id


def test_a_proof_that_was_judged_or_outdated_cannot_be_judged(issue: Issue, asker: Account, judge: Account) -> None:
    proof = ask(issue, asker)
    edit(issue.articles[0].id, asker, heading="Ny rubrik")
    with pytest.raises(proofs.NoLongerAsked):
        approve(issue, proof, judge)
    newer = ask(issue, asker)
    approve(issue, newer, judge)
    with pytest.raises(proofs.NoLongerAsked):
        approve(issue, newer, judge)


def test_a_proof_belongs_to_its_issue(issue: Issue, asker: Account, judge: Account) -> None:
    other = make_issue(articles=1, number=2)
    proof = ask(other, asker)
    with pytest.raises(NotFound):
        approve(issue, proof, judge)


def test_an_unfinished_issue_cannot_be_asked_for(app: Flask, asker: Account) -> None:
    empty = make_issue()
    with pytest.raises(proofs.NothingToApprove, match="inga artiklar"):
        ask(empty, asker)
    make_article(empty, state=ArticleState.DRAFT, heading="Om bryggan")
    with pytest.raises(proofs.NothingToApprove, match="Om bryggan"):
        ask(empty, asker)
    nameless = make_issue(articles=1, number=2, subject="")
    with pytest.raises(proofs.NothingToApprove, match="ämnesrad"):
        ask(nameless, asker)


@pytest.mark.parametrize("state", [IssueState.SCHEDULED, IssueState.LEAVING, IssueState.CANCELLED])
def test_an_issue_on_its_way_is_neither_changed_nor_judged(issue: Issue, asker: Account, state: IssueState) -> None:
    make_approved(issue)
    with transaction():
        locked_issue(issue.id).state = state
    with pytest.raises(NotEditable):
        edit(issue.articles[0].id, asker, heading="Ny rubrik")
    with pytest.raises(NotEditable):
        ask(issue, asker)
    assert approved_proof(fresh(issue)) is not None


def test_bytes_that_somebody_changed_in_the_table_are_not_taken_for_the_approved_ones(issue: Issue) -> None:
    proof = make_approved(issue)
    with transaction():
        db.session.get_one(type(proof), proof.id).letter = proof.letter.replace(b"Viskan", b"Nissan")
    see_anew()
    with pytest.raises(proofs.NoLongerAsked):
        rendered_of(db.session.get_one(type(proof), proof.id))


def test_what_waits_is_shown_to_those_who_may_judge_it(issue: Issue, asker: Account, judge: Account) -> None:
    ask(issue, asker)
    assert [one.id for one, _ in proofs.proofs_waiting_for(judge)] == [issue.id]
    assert proofs.proofs_waiting_for(asker) == []
    edit(issue.articles[0].id, asker, heading="Ny rubrik")
    assert proofs.proofs_waiting_for(judge) == []
