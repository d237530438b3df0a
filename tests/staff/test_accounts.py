"""Inviting, links to a password, roles, closing."""

from __future__ import annotations

import re
import threading
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from eventsys.audit import AuditEntry
from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.mail.compose import Email
from eventsys.mail.models import Delivery
from eventsys.staff import accounts, passwords
from eventsys.staff.letters import LETTERS
from eventsys.staff.models import Account, AccountState, Role
from eventsys.staff.queries import account_by_email, account_by_id
from eventsys.staff.routes import ANSWER_AFTER
from tests.staff_fixtures import PASSWORD, Visitor, new_account, see_anew, visitor, visitor_as

NEW = "ett alldeles nytt lösenord"


def posted() -> list[Delivery]:
    see_anew()
    return list(db.session.scalars(select(Delivery).order_by(Delivery.id)))


def letter_of(delivery: Delivery) -> Email:
    return LETTERS[delivery.letter].build(delivery)


def unwanted(delivery: Delivery) -> str:
    return LETTERS[delivery.letter].unwanted(delivery)


def path_in(letter: Email) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/personal/losenord/\S+)", letter.text)
    assert found
    assert f'href="http://127.0.0.1:8000{found[1]}"' in letter.html
    return found[1]


def invite(client: Visitor, **changed: str):
    form = {"name": "Bo Ek", "email": "Bo.Ek@boras.example", "role": "organiser"}
    return client.post("/personal/installningar/konton/ny", data={**form, **changed})


def test_an_invited_colleague_chooses_a_password_and_is_signed_in(app: Flask, administrator: Account) -> None:
    assert invite(visitor_as(app, administrator)).status_code == 302
    (delivery,) = posted()
    assert (delivery.address, delivery.name) == ("bo.ek@boras.example", "Bo Ek")
    letter = letter_of(delivery)
    assert letter.subject == "Välj ditt lösenord till Näringslivet i Borås"
    assert "konto som arrangör" in letter.text
    bo = visitor(app)
    page = bo.get(path_in(letter))
    assert "bo.ek@boras.example" in page.text
    assert 'autocomplete="new-password"' in page.text
    assert bo.post(path_in(letter), data={"password": NEW, "again": NEW}).status_code == 302
    assert "Bo Ek" in bo.get("/personal/konto").text
    account = account_by_email("bo.ek@boras.example")
    assert account is not None
    assert account.state is AccountState.OPEN
    assert unwanted(delivery) == "länken i brevet gäller inte längre"


def test_a_link_works_once(app: Flask, organiser: Account) -> None:
    with transaction():
        accounts.send_password_reset(organiser.email)
    path = path_in(letter_of(posted()[0]))
    assert visitor(app).post(path, data={"password": NEW, "again": NEW}).status_code == 302
    for answer in (visitor(app).get(path), visitor(app).post(path, data={"password": NEW, "again": NEW})):
        assert answer.status_code == 410
        assert "Länken gäller inte längre" in answer.text


def test_looking_at_a_link_does_not_use_it_up(app: Flask, organiser: Account) -> None:
    with transaction():
        accounts.send_password_reset(organiser.email)
    path = path_in(letter_of(posted()[0]))
    assert [visitor(app).get(path).status_code for _ in range(3)] == [200, 200, 200]


def test_links_end_after_an_hour_and_invitations_after_a_week(organiser: Account) -> None:
    invited = new_account(email="ny@boras.example", password="")
    for account, holds in ((organiser, timedelta(hours=1)), (invited, timedelta(days=7))):
        with transaction():
            accounts.send_password_reset(account.email)
        token = accounts.token_of(account_by_id(account.id))
        with time_machine.travel(now() + holds - timedelta(seconds=5), tick=False):
            assert accounts.account_of_token(token).id == account.id
        with time_machine.travel(now() + holds + timedelta(seconds=5), tick=False):
            with pytest.raises(accounts.LinkEnded):
                accounts.account_of_token(token)
            assert unwanted(posted()[-1])


def test_what_stands_in_the_database_is_not_enough_to_make_a_link(app: Flask, organiser: Account) -> None:
    with transaction():
        accounts.send_password_reset(organiser.email)
    kept = account_by_id(organiser.id).invitation_token
    for forged in (kept, f"{kept}.", f"{kept}.AAAA", "å.ä"):
        assert visitor(app).get(f"/personal/losenord/{forged}").status_code == 410


def test_a_forgotten_password_gets_the_same_answer_whether_the_address_is_known(
    anyone: Visitor, organiser: Account
) -> None:
    answers = {}
    for email in (organiser.email, "ingen@boras.example"):
        began = now()
        page = anyone.post("/personal/glomt", data={"email": email})
        assert now() - began >= timedelta(seconds=ANSWER_AFTER)
        answers[email] = (page.status_code, page.text.replace(email, "X"))
    assert len(set(answers.values())) == 1
    assert [delivery.address for delivery in posted()] == [organiser.email]


def test_asking_again_and_again_fills_no_mailbox(anyone: Visitor, organiser: Account) -> None:
    for _ in range(4):
        anyone.post("/personal/glomt", data={"email": organiser.email})
    assert len(posted()) == 1
    with time_machine.travel(now() + timedelta(minutes=6)), transaction():
        accounts.send_password_reset(organiser.email)
    assert len(posted()) == 2


def test_a_new_password_by_letter_ends_the_wait_and_all_sessions(app: Flask, organiser: Account) -> None:
    signed_in = visitor_as(app, organiser)
    with transaction():
        account = account_by_id(organiser.id)
        account.failed_tries, account.locked_until = 9, now() + timedelta(minutes=15)
        accounts.send_password_reset(organiser.email)
    path = path_in(letter_of(posted()[0]))
    visitor(app).post(path, data={"password": NEW, "again": NEW})
    assert signed_in.get("/personal/konto").status_code == 302
    form = {"email": organiser.email, "password": NEW}
    assert visitor(app).post("/personal/logga-in", data=form).status_code == 302


def test_closed_accounts_get_no_letter(organiser: Account, administrator: Account) -> None:
    with transaction():
        accounts.close(organiser.id, by=administrator.id)
        accounts.send_password_reset(organiser.email)
    assert posted() == []


def test_an_invitation_sent_again_ends_the_first_link(app: Flask, administrator: Account) -> None:
    client = visitor_as(app, administrator)
    invite(client)
    first = path_in(letter_of(posted()[0]))
    account = account_by_email("bo.ek@boras.example")
    assert account is not None
    with time_machine.travel(now() + timedelta(minutes=1)):
        answer = client.post(f"/personal/installningar/konton/{account.id}/inbjudan")
    assert answer.location == f"/personal/installningar/konton/{account.id}"
    assert len(posted()) == 2
    assert visitor(app).get(first).status_code == 410
    assert visitor(app).get(path_in(letter_of(posted()[1]))).status_code == 200


def test_nobody_is_invited_twice(app: Flask, administrator: Account, organiser: Account) -> None:
    answer = invite(visitor_as(app, administrator), email=organiser.email)
    assert answer.status_code == 422
    assert answer.text.count("Adressen har redan ett konto.") == 2


def test_an_invitation_without_its_facts_says_what_is_missing(app: Flask, administrator: Account) -> None:
    answer = invite(visitor_as(app, administrator), name="", email="bo@", role="king")
    assert answer.status_code == 422
    assert "Det finns 3 fel" in answer.text
    assert "Skriv personens namn." in answer.text
    assert posted() == []


def test_inviting_a_closed_account_opens_it_without_its_old_password(app: Flask, administrator: Account) -> None:
    old = new_account(Role.HOST, email="bo.ek@boras.example")
    with transaction():
        accounts.close(old.id, by=administrator.id)
    assert invite(visitor_as(app, administrator)).status_code == 302
    account = account_by_id(old.id)
    assert (account.role, account.state) == (Role.ORGANISER, AccountState.INVITED)
    form = {"email": account.email, "password": PASSWORD}
    assert visitor(app).post("/personal/logga-in", data=form).status_code == 422


def test_a_new_role_holds_from_the_next_page(app: Flask, administrator: Account, editor: Account) -> None:
    theirs = visitor_as(app, editor)
    assert theirs.get("/personal/installningar/konton").status_code == 403
    change = visitor_as(app, administrator).post(
        f"/personal/installningar/konton/{editor.id}", data={"role": "administrator"}
    )
    assert change.status_code == 302
    assert theirs.get("/personal/installningar/konton").status_code == 200
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "account.role_changed")).one()
    assert entry.actor == administrator.actor
    assert entry.detail == {"was": "editor", "became": "administrator"}


def test_a_closed_account_is_out_at_once(app: Flask, administrator: Account, organiser: Account) -> None:
    theirs = visitor_as(app, organiser)
    visitor_as(app, administrator).post(f"/personal/installningar/konton/{organiser.id}/stang")
    assert theirs.get("/personal/konto").status_code == 302
    assert account_by_id(organiser.id).state is AccountState.CLOSED


@pytest.mark.parametrize("door", ["", "/stang"])
def test_administrators_neither_close_nor_demote_themselves(app: Flask, administrator: Account, door: str) -> None:
    new_account(Role.ADMINISTRATOR)
    address = f"/personal/installningar/konton/{administrator.id}{door}"
    answer = visitor_as(app, administrator).post(address, data={"role": "host"})
    assert answer.status_code == 422
    assert "Be en kollega." in answer.text
    account = account_by_id(administrator.id)
    assert (account.role, account.closed_at) == (Role.ADMINISTRATOR, None)


def test_the_last_administrator_stays(administrator: Account, organiser: Account) -> None:
    new_account(Role.ADMINISTRATOR, password="")  # has not accepted: cannot sign in, so does not count
    with pytest.raises(accounts.LastAdministrator), transaction():
        accounts.close(administrator.id, by=organiser.id)
    with pytest.raises(accounts.LastAdministrator), transaction():
        accounts.change_role(administrator.id, Role.HOST, by=organiser.id)


def test_two_administrators_cannot_demote_each_other_at_once(app: Flask) -> None:
    one, other = new_account().id, new_account().id
    start, refused = threading.Barrier(2), []

    def demote(whom: int, by: int) -> None:
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    accounts.change_role(whom, Role.HOST, by=by)
            except accounts.LastAdministrator:
                refused.append(whom)

    threads = [threading.Thread(target=demote, args=pair) for pair in ((one, other), (other, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    see_anew()
    assert len(refused) == 1
    left = select(func.count()).select_from(Account).where(Account.role == Role.ADMINISTRATOR)
    assert db.session.scalar(left) == 1


def test_a_name_of_any_length_fits_the_audit_trail(app: Flask) -> None:
    account = new_account(email=f"{'a' * 60}@{'b' * 60}.{'c' * 60}.example", name="Ö" * 120)
    assert visitor_as(app, account).post("/personal/konto", data={"name": "Å" * 120}).status_code == 302
    assert account_by_id(account.id).name == "Å" * 120


def test_the_audit_trail_names_no_password_and_no_link(app: Flask, administrator: Account) -> None:
    invite(visitor_as(app, administrator))
    token = path_in(letter_of(posted()[0])).rpartition("/")[2]
    visitor(app).post(f"/personal/losenord/{token}", data={"password": NEW, "again": NEW})
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.action for entry in entries] == ["account.invited", "account.password_set"]
    assert all(token not in f"{entry.subject} {entry.detail}" for entry in entries)
    assert passwords.matches(account_by_id(administrator.id).password_hash, PASSWORD)
