"""The pages: plan a year, write, place, order, look, check and approve, without JavaScript."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.mail.models import Delivery
from eventsys.newsletters.issues.articles import seen_mark
from eventsys.newsletters.issues.changing import locked_issue
from eventsys.newsletters.issues.models import Article, ArticleKind, ArticleState, Issue, IssueState
from eventsys.newsletters.issues.planning import words_of
from eventsys.newsletters.issues.proofs import approved_proof, ask_for_approval
from eventsys.newsletters.issues.queries import article_by_id, issue_by_id
from eventsys.overwriting import mark_of
from eventsys.staff.models import Account, Role
from tests.factories import make_event
from tests.newsletters.issues.scenes import make_article, make_issue
from tests.staff_fixtures import Visitor, new_account, see_anew, visitor, visitor_as

HOME = "/personal/nyhetsbrev"
JSON = {"Accept": "application/json"}


def form_of(article: Article, **given: str) -> dict[str, str]:
    """What a browser without JavaScript sends of an article's form."""
    return {
        "seen": seen_mark(article), "heading": article.heading, "lead": article.lead, "state": article.state.value,
        "body": "Vi har besökt dem alla. Alla tre anställer.", "note": article.note, "owner_id": "", **given,
    }  # fmt: skip


def save(staff: Visitor, article: Article, headers: dict[str, str] | None = None, **given: str):
    return staff.post(f"{HOME}/artiklar/{article.id}", data=form_of(article, **given), headers=headers)


def again(article: Article) -> Article:
    see_anew()
    return article_by_id(article.id)


def test_every_page_opens(app: Flask, staff: Visitor) -> None:
    issue = make_issue(articles=3)
    idea = make_article()
    first = issue.id
    for path in (
        "", "?ar=2027", "?ar=2031", "?ar=x", "/ideer", f"/ideer/{idea.id}", f"/nummer/{first}",
        f"/nummer/{first}/dagar", f"/nummer/{first}/forhandsvisning", f"/nummer/{first}/forhandsvisning?som=text",
        f"/nummer/{first}/kontroll", f"/nummer/{first}/brev", f"/nummer/{first}/brev?som=mork", "/exempel",
        f"/artiklar/{idea.id}/ta-bort", f"/nummer/{first}/forhandsvisning?som=mork",
        f"/nummer/{make_issue(number=3).id}",
        f"/nummer/{first}/forhandsvisning?som=telefon", f"/artiklar/{issue_by_id(first).articles[0].id}/ta-bort",
    ):  # fmt: skip
        assert staff.get(HOME + path).status_code == 200, path


@pytest.mark.parametrize("kind", ArticleKind)
def test_each_kind_of_article_is_added_written_and_looked_at(app: Flask, staff: Visitor, kind: ArticleKind) -> None:
    issue = make_issue()
    assert staff.post(f"{HOME}/nummer/{issue.id}/artiklar", data={"sort": kind.value}).status_code == 302
    see_anew()
    (article,) = issue_by_id(issue.id).articles
    event = make_event(title="Lunch om ull", summary="En timme med ull.")
    answer = save(
        staff, article, heading="" if kind is ArticleKind.EVENT else "Ny rubrik", event_id=str(event.id),
        buyer="Borås Stad", last_day="2027-04-12",
    )  # fmt: skip
    assert answer.status_code == 302
    found = again(article)
    assert found.kind is kind
    if kind is ArticleKind.EVENT:
        assert (found.heading, found.lead, found.event_id) == ("Lunch om ull", "En timme med ull.", event.id)
    if kind is ArticleKind.PROCUREMENT:
        assert found.buyer == "Borås Stad"
    assert "Lunch om ull" in staff.get(f"{HOME}/nummer/{issue.id}").text or kind is not ArticleKind.EVENT


def test_plain_text_keeps_formatting_until_it_is_changed(app: Flask, staff: Visitor) -> None:
    article = make_article(make_issue())
    save(staff, article, heading="Ny rubrik")
    assert "<strong>" in again(article).body
    save(staff, again(article), body="Ett.\n\nTvå.")
    assert again(article).body == "<p>Ett.</p><p>Två.</p>"


def test_a_pasted_script_is_gone_and_the_rest_is_kept(app: Flask, staff: Visitor) -> None:
    article = make_article(make_issue())
    pasted = "<div>Hej<script>alert(1)</script><img src=x onerror=alert(1)></div>"
    save(staff, article, body=pasted, body_kind="html", heading="<script>x</script> & @@LEAVE@@")
    found = again(article)
    assert found.body == "<p>Hej</p>"
    page = staff.get(f"{HOME}/nummer/{found.issue_id}").text
    assert "<script>x" not in page
    letter = staff.get(f"{HOME}/nummer/{found.issue_id}/brev").text
    assert "<script" not in letter
    assert "@ @LEAVE@ @" in letter


@pytest.mark.parametrize("characters", [60_000, 200_000, 2_000_000])
def test_too_long_a_text_is_refused_in_words_and_stays_on_the_page(app: Flask, staff: Visitor, characters: int) -> None:
    article = make_article(make_issue())
    long = "å" * characters
    answer = save(staff, article, body=long)
    assert answer.status_code == 422
    assert "högst 60\N{NO-BREAK SPACE}000 får plats" in answer.text
    assert long in answer.text
    assert again(article).version == 1


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"heading": "x" * 201}, "Rubriken är 201 tecken, högst 200 får plats"),
        ({"lead": "x" * 601}, "Ingressen är 601 tecken"),
        ({"link_url": "javascript:alert(1)"}, "Skriv hela adressen"),
        ({"heading": ""}, "Skriv en rubrik"),
        ({"state": "publicerad"}, "Fel:"),
    ],
)
def test_errors_stand_at_the_field(app: Flask, staff: Visitor, given: dict[str, str], words: str) -> None:
    article = make_article(make_issue())
    answer = save(staff, article, **given)
    assert answer.status_code == 422
    assert words in answer.text
    assert 'id="error-summary-title"' in answer.text
    assert again(article).version == 1


def test_a_script_gets_its_answers_as_json(app: Flask, staff: Visitor) -> None:
    article = make_article(make_issue())
    saved = save(staff, article, JSON, heading="Ny rubrik")
    assert saved.status_code == 200
    assert re.fullmatch(r"\d\d\.\d\d", saved.json["saved_at"])
    assert saved.json["seen"] == seen_mark(again(article))
    refused = save(staff, again(article), JSON, heading="x" * 300)
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["heading"])
    words = words_of(issue_by_id(article.issue_id or 0))
    form = {"seen": mark_of(words), "subject": "Nytt ämne", "preheader": "y" * 201}
    answer = staff.post(f"{HOME}/nummer/{article.issue_id}/rubriker", data=form, headers=JSON)
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["preheader"])


def test_two_who_write_the_same_article_are_told_and_nothing_typed_is_lost(app: Flask, staff: Visitor) -> None:
    article = make_article(make_issue(), heading="Först")
    mine = form_of(article, heading="Min rubrik")
    other = visitor_as(app, new_account(Role.EDITOR))
    assert save(other, article, heading="Din rubrik").status_code == 302
    answer = staff.post(f"{HOME}/artiklar/{article.id}", data=mine)
    assert answer.status_code == 409
    assert "Sparat nu: Din rubrik<br>Du har skrivit: Min rubrik" in answer.text
    assert again(article).heading == "Din rubrik"
    told = staff.post(f"{HOME}/artiklar/{article.id}", data=mine, headers=JSON)
    assert told.status_code == 409
    assert told.json["conflicts"][0] == {"label": "Rubrik", "saved": "Din rubrik", "written": "Min rubrik"}
    seen = unescape(re.findall(r'name="seen" type="hidden" value="([^"]*)"', answer.text)[-1])
    assert staff.post(f"{HOME}/artiklar/{article.id}", data={**mine, "seen": seen}).status_code == 302
    assert again(article).heading == "Min rubrik"


def test_two_who_write_the_subject_are_told(app: Flask, staff: Visitor) -> None:
    issue = make_issue(articles=1)
    seen = mark_of(words_of(issue))
    where = f"{HOME}/nummer/{issue.id}/rubriker"
    assert staff.post(where, data={"seen": seen, "subject": "Din", "preheader": ""}).status_code == 302
    answer = staff.post(where, data={"seen": seen, "subject": "Min", "preheader": ""})
    assert answer.status_code == 409
    assert "Sparat nu: Din" in answer.text
    see_anew()
    assert issue_by_id(issue.id).subject == "Din"


def test_articles_are_put_in_order_by_buttons_and_by_dragging(app: Flask, staff: Visitor) -> None:
    issue = make_issue(articles=3)
    one, two, three = (article.id for article in issue_by_id(issue.id).articles)
    where = f"{HOME}/nummer/{issue.id}/ordning"
    staff.post(where, data={"ner": one})
    assert order(issue) == [two, one, three]
    staff.post(where, data={"upp": three})
    assert order(issue) == [two, three, one]
    assert staff.post(where, data={"ids": [one, two]}, headers=JSON).status_code == 200
    assert order(issue) == [one, two, three]
    assert staff.post(where, data={"upp": make_article().id}).status_code == 404


def order(issue: Issue) -> list[int]:
    see_anew()
    return [one.id for one in issue_by_id(issue.id).articles]


def test_an_idea_is_noted_placed_moved_and_becomes_an_idea_again(app: Flask, staff: Visitor) -> None:
    first, second = make_issue(number=1), make_issue(number=2)
    assert staff.post(f"{HOME}/ideer", data={"heading": "Kvinnor som driver företag", "note": "Ring Karin"}).location
    idea = db.session.query(Article).one()
    assert idea.state is ArticleState.IDEA
    assert "Kvinnor som driver" in staff.get(f"{HOME}/ideer").text
    for issue in (first, second):
        came_from = again(idea).issue_id
        answer = staff.post(f"{HOME}/artiklar/{idea.id}/plats", data={"issue": str(issue.id)})
        assert again(idea).issue_id == issue.id
        leads_to = f"{issue.id}?artikel={idea.id}" if came_from is None else str(came_from)
        assert answer.location == f"{HOME}/nummer/{leads_to}"
    assert again(idea).state is ArticleState.DRAFT
    staff.post(f"{HOME}/artiklar/{idea.id}/plats", data={"issue": ""})
    assert again(idea).issue_id is None
    assert staff.post(f"{HOME}/artiklar/{idea.id}/plats", data={"issue": "99999"}).status_code == 404
    assert staff.post(f"{HOME}/artiklar/{idea.id}/plats", data={"issue": "x"}).status_code == 404
    assert staff.post(f"{HOME}/ideer", data={"heading": ""}).status_code == 422


def test_an_article_is_thrown_away_after_a_question(app: Flask, staff: Visitor) -> None:
    article = make_article(make_issue())
    assert "försvinner för gott" in staff.get(f"{HOME}/artiklar/{article.id}/ta-bort").text
    assert staff.post(f"{HOME}/artiklar/{article.id}/ta-bort").status_code == 302
    see_anew()
    assert db.session.query(Article).count() == 0


def test_a_scheduled_issue_says_why_it_cannot_be_changed(app: Flask, staff: Visitor) -> None:
    issue = make_issue(articles=1)
    article = issue_by_id(issue.id).articles[0]
    with transaction():
        locked_issue(issue.id).state = IssueState.SCHEDULED
    assert "är schemalagt och kan inte ändras" in staff.get(f"{HOME}/nummer/{issue.id}").text
    answer = save(staff, article, heading="Smugen")
    assert answer.status_code == 422
    assert again(article).heading != "Smugen"
    told = save(staff, article, JSON, heading="Smugen")
    assert "schemalagt" in told.json["errors"]["heading"]
    for path in (f"nummer/{issue.id}/artiklar", f"nummer/{issue.id}/ordning", f"artiklar/{article.id}/ta-bort"):
        staff.post(f"{HOME}/{path}", data={"sort": "article", "ner": article.id})
    assert len(order(issue)) == 1


# --- approval by the pages ----------------------------------------------------------------------------------------


def test_one_asks_another_reads_the_exact_letter_and_approves(app: Flask, staff: Visitor, writer: Account) -> None:
    issue = make_issue(articles=1)
    assert staff.post(f"{HOME}/nummer/{issue.id}/korrektur").status_code == 302
    colleague = visitor_as(app, new_account(Role.ORGANISER, name="Eva Läser"))
    assert f"{issue.name} väntar på ditt godkännande" in colleague.get(HOME).text
    today = colleague.get("/personal").text
    assert "En kollega ber dig läsa och godkänna" in today
    assert "väntar på ditt godkännande" not in staff.get(HOME).text
    (address,) = set(re.findall(rf"{HOME}/nummer/{issue.id}/korrektur/\d+", today))
    assert "Godkänn brevet" in colleague.get(address).text
    assert "Så växer företagen" in colleague.get(f"{address}/brev").text
    assert "Godkänn brevet" not in staff.get(address).text
    staff.post(f"{address}/godkann")
    see_anew()
    assert approved_proof(issue_by_id(issue.id)) is None
    assert colleague.post(f"{address}/godkann").status_code == 302
    see_anew()
    assert approved_proof(issue_by_id(issue.id)) is not None
    assert "Eva Läser" in staff.get(f"{HOME}/nummer/{issue.id}/kontroll").text


def test_a_colleague_returns_it_with_a_remark(app: Flask, staff: Visitor, writer: Account) -> None:
    issue = make_issue(articles=1)
    with transaction():
        proof_id = ask_for_approval(issue.id, writer.id, now()).id
    colleague = visitor_as(app, new_account(Role.EDITOR))
    address = f"{HOME}/nummer/{issue.id}/korrektur/{proof_id}"
    refused = colleague.post(f"{address}/lamna-tillbaka", data={"remark": ""})
    assert (refused.status_code, "error-summary" in refused.text) == (422, True)
    assert colleague.post(f"{address}/lamna-tillbaka", data={"remark": "Byt bild på ettan."}).status_code == 302
    assert "Byt bild på ettan." in staff.get(f"{HOME}/nummer/{issue.id}/kontroll").text
    assert "Byt bild på ettan." in staff.get(f"{HOME}/nummer/{issue.id}").text


def test_an_empty_issue_cannot_be_asked_about_and_nothing_is_sent(app: Flask, staff: Visitor) -> None:
    issue = make_issue()
    staff.post(f"{HOME}/nummer/{issue.id}/korrektur")
    page = staff.get(f"{HOME}/nummer/{issue.id}/kontroll").text
    assert "Numret har inga artiklar" in page
    for there in ("", "/mottagare"):
        assert re.search(rf'<a href="{HOME}/nummer/{issue.id}{there}"[^>]*>Öppna ', page), "each stop leads on"
    assert db.session.query(Delivery).count() == 0


def test_a_test_letter_is_sent_from_the_preview(app: Flask, staff: Visitor, writer: Account) -> None:
    issue = make_issue(articles=1)
    staff.post(f"{HOME}/nummer/{issue.id}/prov", data={"till": writer.id})
    assert db.session.query(Delivery).one().address == writer.email
    staff.post(f"{HOME}/nummer/{issue.id}/prov")
    assert "Välj minst en person" in staff.get(f"{HOME}/nummer/{issue.id}/forhandsvisning").text


def test_a_get_of_any_page_changes_nothing(app: Flask, staff: Visitor) -> None:
    issue = make_issue(articles=2)
    before = issue_by_id(issue.id).version
    for path in ("", f"/nummer/{issue.id}", f"/nummer/{issue.id}/brev", f"/nummer/{issue.id}/kontroll", "/exempel"):
        staff.get(HOME + path)
    see_anew()
    assert issue_by_id(issue.id).version == before


def test_the_editing_page_alone_lets_its_editor_style_itself(app: Flask, staff: Visitor) -> None:
    issue = make_issue(articles=1)
    answers = [staff.get(f"{HOME}/nummer/{issue.id}") for _ in range(2)]
    nonces = [re.findall(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])[0] for answer in answers]
    assert nonces[0] != nonces[1]
    assert f'name="csp-nonce" content="{nonces[0]}"' in answers[0].text
    assert "unsafe" not in answers[0].headers["Content-Security-Policy"]
    assert "nonce" not in staff.get(HOME).headers["Content-Security-Policy"]


def test_only_writers_come_in(app: Flask) -> None:
    for role in (Role.HOST, Role.CO_ORGANISER):
        assert visitor_as(app, new_account(role)).get(HOME).status_code == 403


def test_the_page_of_the_archive_is_looked_at_before_anybody_else_sees_it(app, staff) -> None:
    issue = make_issue()
    make_article(issue, heading="Tre vägar till en ny kollega")
    shown = staff.get(f"/personal/nyhetsbrev/nummer/{issue.id}/webbsida")
    assert shown.status_code == 200
    assert "Tre vägar till en ny kollega" in shown.text
    assert visitor(app).get(f"/foretagsamt/{issue.year}/{issue.number}").status_code == 404
