"""Signing in by OpenID Connect: with a real issuer in another process, and with one that is bent in every way."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests
import structlog
import time_machine
from flask import Flask
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey
from sqlalchemy import func, select

from eventsys import checks
from eventsys.clock import now
from eventsys.config import Settings, settings
from eventsys.database import db, transaction
from eventsys.staff import issuer as our_side
from eventsys.staff import vouching
from eventsys.staff.issuer import Vouched
from eventsys.staff.models import Account, AccountState, Role
from tests.servers import free_port
from tests.staff.bent_issuer import CLIENT, SECRET, BentIssuer, bent_issuer
from tests.staff.issuers import agree_there, in_query, path_of, real_issuer, real_time, signing_in_by
from tests.staff.second_steps import acts_of, anew
from tests.staff_fixtures import Visitor, new_account, visitor, visitor_as

WAY, ANSWER, WAY_OUT = "/personal/logga-in/stad", "/personal/logga-in/stad/svar", "/personal/logga-ut/stad"
EMAIL = "alva@boras.example"
NOT_FINISHED, NO_ANSWER, NO_ACCOUNT = "Inloggningen blev inte klar", "svarar inte", "Du har inget konto här"


@pytest.fixture(autouse=True)
def _the_real_time() -> Iterator[None]:
    with real_time():
        yield


@pytest.fixture
def alva(app: Flask) -> Account:
    return new_account(Role.ORGANISER, email=EMAIL, name="Alva Ek")


@pytest.fixture
def bent(app: Flask) -> Iterator[BentIssuer]:
    """An issuer that can be bent, and which the application uses."""
    with bent_issuer() as issuer, signing_in_by(app, issuer.url):
        yield issuer


@pytest.fixture
def said(app: Flask) -> Iterator[list[dict[str, Any]]]:
    """What is written into the log meanwhile."""
    kept = structlog.get_config()
    structlog.configure(wrapper_class=structlog.BoundLogger)
    with structlog.testing.capture_logs() as lines:
        yield lines
    structlog.configure(**kept)


def is_in(client: Visitor) -> bool:
    return client.get("/personal/konto").status_code == 200


def come_back(client: Visitor, issuer: BentIssuer, wanted: str = "", **more: str):
    """Go to the bent issuer, sign in there, and come back with its answer."""
    way = client.get(WAY, query_string={"vidare": wanted}).location
    answer = {"state": in_query(way, "state"), "code": issuer.code_for(way), **more}
    return client.get(ANSWER, query_string=answer)


def because(lines: list[dict[str, Any]]) -> str:
    """Why nobody was let in, from the log; it names nobody and holds no code."""
    whole = json.dumps(lines)
    for secret in ("alva", "Alva", "boras.example", "subject-1", "code0", SECRET):
        assert secret not in whole
    [reason] = [line["because"] for line in lines if line["event"].startswith("issuer_")]
    return str(reason)


# --- with a real issuer -------------------------------------------------------------------------------------------

PEOPLE = (
    {"sub": "alva-1", "email": EMAIL.upper(), "email_verified": True},
    {"sub": "alva-2", "email": EMAIL, "email_verified": True},
    {"sub": "unsure", "email": EMAIL, "email_verified": False},
    {"sub": "silent", "email": EMAIL},
    {"sub": "stranger", "email": "nils@boras.example", "email_verified": True},
)


@pytest.fixture(scope="module")
def real() -> Iterator[str]:
    with real_issuer(*PEOPLE) as url:
        yield url


def through(client: Visitor, subject: str, wanted: str = ""):
    """The whole way by the real issuer, as this person there."""
    way = client.get(WAY, query_string={"vidare": wanted}).location
    back = agree_there(way, subject)
    assert back.startswith("http://127.0.0.1:8000/personal/logga-in/stad/svar?")
    return client.get(path_of(back))


def test_a_colleague_signs_in_with_the_citys_account_and_lands_where_they_were_going(
    app: Flask, anyone: Visitor, alva: Account, real: str
) -> None:
    with signing_in_by(app, real):
        asked = anyone.get("/personal/konto?flik=1").location
        assert f'href="{WAY}?vidare=/personal/konto?flik%3D1"' in anyone.get(asked).text
        answer = through(anyone, "alva-1", "/personal/konto?flik=1")
        assert (answer.status_code, answer.location) == (302, "/personal/konto?flik=1")
        assert is_in(anyone)
    row = anew(alva)
    assert (row.oidc_issuer, row.oidc_subject) == (real, "alva-1")
    assert acts_of(alva) == ["account.bound", "account.signed_in"]


def test_from_the_first_time_on_the_subject_decides_and_not_the_address(app: Flask, alva: Account, real: str) -> None:
    with signing_in_by(app, real):
        assert through(visitor(app), "alva-1").status_code == 302
        answer = through(visitor(app), "alva-2")
        assert answer.status_code == 403, "the address was given to somebody else"
        assert NO_ACCOUNT in answer.text
        new_address = {"email": "gift@boras.example", "email_verified": True}
        requests.put(f"{real}/users/alva-1", json=new_address, timeout=20)
        try:
            browser = visitor(app)
            assert through(browser, "alva-1").status_code == 302, "the person changed name"
            assert is_in(browser)
        finally:
            requests.put(f"{real}/users/alva-1", json={"email": EMAIL, "email_verified": True}, timeout=20)
    assert anew(alva).email == EMAIL


def test_a_stranger_is_told_whom_to_ask_and_gets_no_account(
    app: Flask, anyone: Visitor, alva: Account, real: str
) -> None:
    with signing_in_by(app, real):
        answer = through(anyone, "stranger")
    assert answer.status_code == 403
    assert "Be en administratör bjuda in dig" in answer.text
    assert not is_in(anyone)
    assert db.session.scalar(select(func.count()).select_from(Account)) == 1


def test_a_closed_account_stays_closed(app: Flask, alva: Account, real: str) -> None:
    with signing_in_by(app, real):
        for first in (True, False):  # by its address, and by its subject
            with transaction():
                db.session.get_one(Account, alva.id).closed_at = now()
            browser = visitor(app)
            assert through(browser, "alva-1").status_code == 403
            assert not is_in(browser)
            if first:
                with transaction():
                    db.session.get_one(Account, alva.id).closed_at = None
                assert through(visitor(app), "alva-1").status_code == 302


@pytest.mark.parametrize(
    ("who", "emails", "status"),
    [("silent", "verified", 403), ("silent", "trusted", 302), ("unsure", "verified", 403), ("unsure", "trusted", 403)],
)
def test_an_address_counts_when_the_issuer_vouches_for_it(
    app: Flask, alva: Account, real: str, who: str, emails: str, status: int
) -> None:
    with signing_in_by(app, real, oidc_emails=emails):
        assert through(visitor(app), who).status_code == status
    assert anew(alva).is_bound == (status == 302)


def test_an_invited_colleague_needs_no_password(app: Flask, anyone: Visitor, real: str) -> None:
    account = new_account(Role.EDITOR, email=EMAIL, password="")
    assert account.state is AccountState.INVITED
    with signing_in_by(app, real, second_factor="required"):
        assert through(anyone, "alva-1").status_code == 302
        page = anyone.get("/personal/konto")
        assert page.status_code == 200, "the second factor is the issuer's"
    assert "Du loggar in med stadens konto." in page.text
    assert "Byt lösenord" not in page.text
    assert anew(account).state is AccountState.OPEN
    accounts_page = visitor_as(app, new_account(Role.ADMINISTRATOR)).get("/personal/installningar/konton").text
    assert "<td>Hos staden</td>" in accounts_page


def test_who_says_no_on_the_issuers_page_can_begin_again(app: Flask, anyone: Visitor, alva: Account, real: str) -> None:
    with signing_in_by(app, real):
        way = anyone.get(WAY).location
        back = requests.post(way, data={"action": "deny"}, allow_redirects=False, timeout=20).headers["Location"]
        answer = anyone.get(path_of(back))
    assert answer.status_code == 400
    assert NOT_FINISHED in answer.text


def test_signing_out_here_offers_to_sign_out_there(app: Flask, anyone: Visitor, alva: Account, real: str) -> None:
    with signing_in_by(app, real):
        through(anyone, "alva-1")
        left = anyone.post("/personal/logga-ut").location
        assert not is_in(anyone)
        page = anyone.get(left).text
        assert "Du är utloggad." in page
        assert f'href="{WAY_OUT}"' in page
        out = anyone.get(WAY_OUT).location
        assert out.startswith(f"{real}/oauth2/end_session?")
        assert in_query(out, "post_logout_redirect_uri") == "http://127.0.0.1:8000/personal/logga-in"
        assert requests.get(out, timeout=20).status_code == 200
        by_password = visitor_as(app, alva)
        assert by_password.post("/personal/logga-ut").location == "/personal/logga-in"


# --- what the browser is sent with --------------------------------------------------------------------------------


def test_the_way_back_is_our_own_address_whatever_host_was_asked(app: Flask, anyone: Visitor, bent: BentIssuer) -> None:
    way = anyone.get(WAY, headers={"Host": "evil.example"}).location
    assert in_query(way, "redirect_uri") == "http://127.0.0.1:8000/personal/logga-in/stad/svar"
    again = anyone.get(WAY).location
    for name in ("state", "nonce", "code_challenge"):
        assert len(in_query(way, name)) > 30
        assert in_query(way, name) != in_query(again, name)


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example", "\\\\evil.example", "/%5Cevil.example", "https:evil.example", "https://evil.example/personal",
        "javascript:alert(1)", "/personal\n//evil.example", "/personal/logga-ut", "/\\evil.example",
    ],
)  # fmt: skip
def test_nobody_is_led_astray_by_way_of_the_issuer(
    app: Flask, anyone: Visitor, alva: Account, bent: BentIssuer, wanted: str
) -> None:
    answer = come_back(anyone, bent, wanted)
    assert answer.status_code == 302
    assert answer.location.startswith("/personal")
    assert "evil" not in answer.location
    assert anyone.get(WAY, query_string={"vidare": wanted}).location == answer.location, "nor when already in"


def test_without_an_issuer_there_is_no_such_way(anyone: Visitor) -> None:
    for path in (WAY, ANSWER, WAY_OUT):
        assert anyone.get(path).status_code == 404
    assert "stadens konto" not in anyone.get("/personal/logga-in").text


def test_the_citys_account_stands_first_and_the_password_below(anyone: Visitor, bent: BentIssuer) -> None:
    page = anyone.get("/personal/logga-in").text
    assert page.index("Logga in med stadens konto") < page.index("Med lösenord") < page.index('type="password"')


def test_what_the_issuer_says_of_itself_is_fetched_once(app: Flask, alva: Account, bent: BentIssuer) -> None:
    for _ in range(3):
        assert come_back(visitor(app), bent).status_code == 302
    assert bent.seen.count("/.well-known/openid-configuration") == 1
    assert bent.seen.count("/keys") == 1


# --- answers that are not believed --------------------------------------------------------------------------------

LONG_AGO, FAR = 1_000_000_000, 4_000_000_000  # 2001 and 2096
WRONG_CLAIMS: list[dict[str, Any]] = [
    {"nonce": "another"}, {"nonce": None}, {"aud": "another"}, {"aud": ["another"]}, {"aud": None},
    {"aud": "another", "azp": CLIENT}, {"aud": [CLIENT, "another"]}, {"azp": "another"},
    {"iss": "https://evil.example"}, {"iss": None},
    {"exp": LONG_AGO}, {"exp": None}, {"exp": "soon"}, {"nbf": FAR}, {"iat": None}, {"iat": FAR},
    {"sub": None}, {"sub": 5}, {"sub": ""}, {"sub": "x" * 256}, {"at_hash": "AAAA"},
]  # fmt: skip


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize("claims", WRONG_CLAIMS, ids=str)
def test_an_identity_token_that_is_not_right_lets_nobody_in(
    app: Flask, anyone: Visitor, alva: Account, bent: BentIssuer, said: list[dict[str, Any]], claims: dict[str, Any]
) -> None:
    bent.claims = claims
    answer = come_back(anyone, bent)
    assert answer.status_code == 400
    assert NOT_FINISHED in answer.text
    assert because(said)
    assert not is_in(anyone)
    assert not anew(alva).is_bound


def test_the_right_claims_would_have_let_them_in(anyone: Visitor, alva: Account, bent: BentIssuer) -> None:
    bent.claims = {"aud": [CLIENT], "azp": CLIENT, "exp": FAR}
    assert come_back(anyone, bent).status_code == 302
    assert is_in(anyone)


def part(words: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(words).encode()).rstrip(b"=").decode()


def forged(bent: BentIssuer, way: str, how: str) -> str:
    claims = {
        "iss": bent.url, "aud": CLIENT, "sub": "subject-1", "iat": LONG_AGO, "exp": FAR,
        "nonce": in_query(way, "nonce"), "email": EMAIL, "email_verified": True,
    }  # fmt: skip
    if how == "none":
        return f"{part({'alg': 'none'})}.{part(claims)}."
    if how == "another key":
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, RSAKey.generate_key(2048))
    if how == "our secret":
        return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET * 5), algorithms=["HS256"])
    if how == "the public key as a secret":
        pem = bent.key.as_pem(private=False)
        signed = f"{part({'alg': 'HS256', 'kid': 'one'})}.{part(claims)}"
        mac = OctKey.import_key(base64.b64encode(pem).decode())
        return f"{signed}.{jwt.encode({'alg': 'HS256'}, claims, mac, algorithms=['HS256']).rpartition('.')[2]}"
    if how == "claims changed":
        head, _, tail = jwt.encode({"alg": "RS256", "kid": "one"}, claims, bent.key).split(".")
        return f"{head}.{part({**claims, 'sub': 'another'})}.{tail}"
    return how


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "how",
    [
        "none", "another key", "our secret", "the public key as a secret", "claims changed", "a.b", "....", "åäö",
        "e30.e30.e30",
    ],
)  # fmt: skip
def test_a_forged_identity_token_lets_nobody_in(
    app: Flask, anyone: Visitor, alva: Account, bent: BentIssuer, said: list[dict[str, Any]], how: str
) -> None:
    way = anyone.get(WAY).location
    bent.token = forged(bent, way, how)
    answer = anyone.get(ANSWER, query_string={"state": in_query(way, "state"), "code": bent.code_for(way)})
    assert answer.status_code == 400
    assert "the identity token is not right" in because(said)
    assert not is_in(anyone)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"state": "another"}, "the state is another"),
        ({"state": ""}, "the state is another"),
        ({"code": ""}, "the issuer answered nothing"),
        ({"code": "guessed"}, "the issuer refused the code: invalid_grant"),
        ({"error": "access_denied"}, "the issuer answered access_denied"),
        ({"error": "alva@boras.example <b>"}, "the issuer answered "),
        ({"iss": "https://evil.example"}, "the answer comes from another issuer"),
    ],
)
def test_an_answer_that_does_not_fit_the_question_lets_nobody_in(
    app: Flask, anyone: Visitor, alva: Account, bent: BentIssuer, said: list[dict[str, Any]], answer: dict[str, str],
    reason: str,
) -> None:  # fmt: skip
    told = come_back(anyone, bent, **answer)
    assert told.status_code == 400
    assert "evil.example" not in told.text
    assert "<b>" not in told.text
    assert because(said) == reason
    assert not is_in(anyone)


def test_an_answer_counts_once_and_in_the_browser_that_asked(
    app: Flask, anyone: Visitor, alva: Account, bent: BentIssuer
) -> None:
    way = anyone.get(WAY).location
    answer = {"state": in_query(way, "state"), "code": bent.code_for(way)}
    other = visitor(app)
    assert other.get(ANSWER, query_string=answer).status_code == 400
    before = anyone.get_cookie("eventsys").value
    assert anyone.get(ANSWER, query_string=answer).status_code == 302
    assert anyone.get(ANSWER, query_string=answer).location.startswith("/personal"), "loading it again does no harm"
    other.set_cookie("eventsys", before)
    assert other.get(ANSWER, query_string=answer).status_code == 400, "the code is used"
    assert not is_in(other)


def test_a_wrong_answer_uses_the_question_up(anyone: Visitor, alva: Account, bent: BentIssuer) -> None:
    way = anyone.get(WAY).location
    answer = {"state": in_query(way, "state"), "code": bent.code_for(way)}
    assert anyone.get(ANSWER, query_string={**answer, "state": "guessed"}).status_code == 400
    assert anyone.get(ANSWER, query_string=answer).status_code == 400
    assert not is_in(anyone)


def test_a_question_is_forgotten_after_ten_minutes(
    app: Flask, anyone: Visitor, alva: Account, bent: BentIssuer
) -> None:
    with time_machine.travel(now(), tick=True) as clock:
        way = anyone.get(WAY).location
        answer = {"state": in_query(way, "state"), "code": bent.code_for(way)}
        clock.shift(timedelta(minutes=11))
        assert anyone.get(ANSWER, query_string=answer).status_code == 400


# --- an issuer in trouble -----------------------------------------------------------------------------------------

DOCUMENT = "/.well-known/openid-configuration"
HTML = (200, b"<html>welcome</html>", {"Content-Type": "text/html"})


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("path", "answer"),
    [
        (DOCUMENT, (500, b"", {})), (DOCUMENT, (404, b"{}", {})), (DOCUMENT, HTML), (DOCUMENT, (200, b"[]", {})),
        (DOCUMENT, (302, b"", {"Location": "/elsewhere"})), (DOCUMENT, (200, b" " * 300_000, {})),
        ("/token", (500, b"", {})), ("/token", HTML), ("/token", (200, b'{"expires_in": {"a": 1}}', {})),
        ("/token", (302, b"", {"Location": "/elsewhere"})),
        ("/token", (401, b'{"error": "invalid_client"}', {})),
        ("/keys", (503, b"", {})), ("/keys", HTML), ("/keys", (200, b'{"keys": [{"kty": 5}]}', {})),
        ("/keys", (200, b"{}", {})),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_an_issuer_that_answers_nonsense_is_told_calmly(
    app: Flask, anyone: Visitor, alva: Account, bent: BentIssuer, said: list[dict[str, Any]], path: str, answer: Any
) -> None:
    bent.answers[path] = answer
    told = anyone.get(WAY) if path == DOCUMENT else come_back(anyone, bent)
    assert told.status_code == 503
    assert NO_ANSWER in told.text
    assert because(said)
    assert "/elsewhere" not in bent.seen
    assert not is_in(anyone)


def test_an_issuer_that_is_down_keeps_nobody_waiting_twice(
    app: Flask, anyone: Visitor, said: list[dict[str, Any]]
) -> None:
    with signing_in_by(app, f"http://127.0.0.1:{free_port()}"), time_machine.travel(now(), tick=False) as clock:
        assert NO_ANSWER in anyone.get(WAY).text
        assert anyone.get(WAY).status_code == 503
        assert [line["because"] for line in said if "because" in line] == [
            "the issuer does not answer (ConnectionError)"
        ] * 2
        with bent_issuer() as mended:
            app.extensions["eventsys_settings"] = _with_issuer(app, mended.url)
            mended.answers[DOCUMENT] = (500, b"", {})
            for _ in range(3):
                anyone.get(WAY)
            assert mended.seen == [DOCUMENT]
            mended.answers.clear()
            clock.shift(timedelta(seconds=11))
            assert anyone.get(WAY).location.startswith(mended.url)
        assert anyone.get("/personal/logga-in").status_code == 200


def _with_issuer(app: Flask, url: str) -> Settings:
    given = vars(app.extensions["eventsys_settings"])
    return Settings(**{**given, "oidc_issuer": url})


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize("path", [DOCUMENT, "/token"])
def test_an_answer_that_drips_is_not_waited_for(
    anyone: Visitor, bent: BentIssuer, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(our_side, "ALTOGETHER", 0.5)
    bent.drips = path
    told = anyone.get(WAY) if path == DOCUMENT else come_back(anyone, bent)
    assert told.status_code == 503


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "https://evil.example"}, {"issuer": None}, {"token_endpoint": "http://evil.example/token"},
        {"jwks_uri": "file:///etc/passwd"}, {"jwks_uri": None}, {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": ["x"]}, {"userinfo_endpoint": "http://10.0.0.1/"}, {"end_session_endpoint": "ftp://x/"},
        {"token_endpoint": "http://127.0.0.1.evil.example/"}, {"jwks_uri": "http://[::1"},
        {"filler": "x" * 300_000},
    ],
    ids=lambda document: str(document)[:60],
)  # fmt: skip
def test_a_description_that_leads_astray_is_not_followed(
    anyone: Visitor, bent: BentIssuer, document: dict[str, Any]
) -> None:
    bent.document = document
    assert anyone.get(WAY).status_code == 503
    assert bent.seen == [DOCUMENT]


def test_an_issuer_without_https_is_asked_on_this_machine_only() -> None:
    for address in ("https://login.example/x", "http://127.0.0.1:9400", "http://localhost:1", "http://[::1]:1"):
        assert our_side.is_safe(address)
    for address in (
        "http://login.example",
        "http://10.0.0.1",
        "ftp://127.0.0.1",
        "//127.0.0.1",
        "https://",
        "http://127.0.0.1@evil.example/",
    ):
        assert not our_side.is_safe(address), address


def test_keys_that_the_issuer_changed_are_fetched_but_not_for_every_forgery(
    app: Flask, alva: Account, bent: BentIssuer
) -> None:
    with time_machine.travel(now(), tick=True) as clock:
        assert come_back(visitor(app), bent).status_code == 302
        bent.key = RSAKey.generate_key(2048, {"kid": "two"})
        assert come_back(visitor(app), bent).status_code == 400
        assert bent.seen.count("/keys") == 1
        clock.shift(timedelta(seconds=61))
        assert come_back(visitor(app), bent).status_code == 302
        assert bent.seen.count("/keys") == 2


def test_an_issuer_may_sign_with_elliptic_curves(anyone: Visitor, alva: Account, bent: BentIssuer) -> None:
    bent.key, bent.alg = ECKey.generate_key("P-256", {"kid": "curve"}), "ES256"
    assert come_back(anyone, bent).status_code == 302


@pytest.mark.parametrize(
    ("userinfo", "status"),
    [
        ({"sub": "subject-1", "email": EMAIL, "email_verified": True}, 302),
        ({"sub": "subject-1", "email": EMAIL, "email_verified": "true"}, 302),
        ({"sub": "somebody else", "email": EMAIL, "email_verified": True}, 400),
        ({"sub": "subject-1", "email": EMAIL, "email_verified": False}, 403),
        ({"sub": "subject-1", "email": ["x"], "email_verified": True}, 403),
        ({"sub": "subject-1", "email": "no address", "email_verified": True}, 403),
        ({"sub": "subject-1"}, 403),
    ],
)
def test_an_address_may_come_with_the_second_question(
    anyone: Visitor, alva: Account, bent: BentIssuer, userinfo: dict[str, Any], status: int
) -> None:
    bent.claims, bent.userinfo = {"email": None, "email_verified": None}, userinfo
    assert come_back(anyone, bent).status_code == status


# --- accounts -----------------------------------------------------------------------------------------------------


def person(subject: str = "1", email: str = EMAIL, issuer: str = "https://id.example") -> Vouched:
    return Vouched(issuer, subject, email, True)


def sign_in_as(one: Vouched) -> int:
    with transaction():
        return vouching.sign_in_as(one).id


def test_two_who_claim_the_same_address_at_once_are_one(app: Flask, alva: Account) -> None:
    start, found = threading.Barrier(4), []

    def claim(subject: str) -> None:
        with app.app_context():
            start.wait()
            try:
                sign_in_as(person(subject))
                found.append(subject)
            except vouching.NoAccount:
                pass

    threads = [threading.Thread(target=claim, args=(subject,)) for subject in ("a", "b", "a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert len(found) == 2
    assert anew(alva).oidc_subject == found[0]


def test_the_same_subject_at_another_issuer_is_somebody_else(alva: Account, organiser: Account) -> None:
    sign_in_as(person("1"))
    with pytest.raises(vouching.NoAccount):
        sign_in_as(person("1", "nils@boras.example", "https://other.example"))


def test_when_the_city_changes_issuer_the_address_decides_once_more(alva: Account) -> None:
    sign_in_as(person("1"))
    assert sign_in_as(person("new-1", issuer="https://new.example")) == alva.id
    with pytest.raises(vouching.NoAccount):
        sign_in_as(person("new-2", issuer="https://new.example"))


def test_an_administrator_lets_go_of_a_binding(app: Flask, administrator: Account, alva: Account) -> None:
    sign_in_as(person("1"))
    desk, page = visitor_as(app, administrator), f"/personal/installningar/konton/{alva.id}"
    assert "Koppla loss" in desk.get(page).text
    assert desk.post(f"{page}/koppla-loss").location == page
    assert not anew(alva).is_bound
    assert acts_of(alva)[-1] == "account.unbound"
    assert "Koppla loss" not in desk.get(page).text
    assert sign_in_as(person("2")) == alva.id
    assert visitor_as(app, alva).post(f"{page}/koppla-loss").status_code == 403


# --- what `eventsys check` says -----------------------------------------------------------------------------------


def told(part: str) -> list[str]:
    return [one for one in checks.problems(settings()) if part in one]


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_check_says_what_is_wrong_with_the_issuer(app: Flask) -> None:
    assert not told("OpenID")
    with signing_in_by(app, "", oidc_client_secret=""):
        assert "give EVENTSYS_OIDC_ISSUER and EVENTSYS_OIDC_CLIENT_SECRET too" in told("half set")[0]
    with signing_in_by(app, "http://login.example"):
        assert "must begin with https://" in told("OpenID")[0]
    with signing_in_by(app, f"http://127.0.0.1:{free_port()}"):
        assert "does not answer" in told("OpenID")[0]
    with bent_issuer() as issuer:
        with signing_in_by(app, issuer.url):
            assert not told("OpenID")
        with signing_in_by(app, f"{issuer.url}/"):
            assert "calls itself something else" in told("OpenID")[0]
        issuer.answers["/keys"] = (404, b"", {})
        with signing_in_by(app, issuer.url):
            assert "answers 404" in told("OpenID")[0]
