"""Talking to the issuer of OpenID Connect: where it is, sending a browser there, and whom it vouches for.

Authorization code with PKCE, state and nonce (OpenID Connect Core 1.0, RFC 7636, RFC 9207). Only the configured issuer
is fetched, and the addresses that its own document names; never an address from a request. An answer has seconds to
come, may not lead elsewhere and may not be large.
"""

from __future__ import annotations

import ipaddress
import re
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from flask import current_app
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from eventsys.clock import now
from eventsys.config import settings
from eventsys.forms import normal_email
from eventsys.i18n import link

SCOPE = "openid email"
# What signs with a key that only the issuer has: no "none", and nothing with a secret shared with us.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
CONNECT, READ, ALTOGETHER = 3.0, 4.0, 8.0  # seconds
LARGEST_ANSWER = 256 * 1024
CLOCKS_DIFFER = 60  # seconds
QUESTION_HOLDS = timedelta(minutes=10)
DOCUMENT_HOLDS, KEYS_HOLD = timedelta(hours=1), timedelta(minutes=1)
PAUSE_AFTER_TROUBLE = timedelta(seconds=10)
LONGEST_SUBJECT = 255  # characters, as the specification allows

_FETCHED = ("token_endpoint", "jwks_uri", "userinfo_endpoint")
_LED_TO = ("authorization_endpoint", "end_session_endpoint")
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_KEPT = "eventsys_issuer"


class IssuerTrouble(Exception):
    """The issuer cannot be reached or does not keep to the protocol. The text is for the log and names nobody."""


class NotVouched(Exception):
    """The answer does not show that anybody has signed in there for us. The text is for the log and names nobody."""


@dataclass(frozen=True)
class Vouched:
    """A person whom the issuer vouches for; `email` is as `forms.normal_email` makes it, "" when there is none."""

    issuer: str
    subject: str
    email: str
    email_is_theirs: bool


@dataclass(frozen=True)
class Question:
    """What a browser was sent to the issuer with; it must come back with the same, once."""

    state: str
    nonce: str
    verifier: str
    wanted: str
    asked_at: float


@dataclass(frozen=True)
class _Issuer:
    """What is known of the issuer, kept between requests. `keys` are fetched when first needed."""

    name: str
    document: Mapping[str, Any]
    fetched_at: datetime
    keys: KeySet | None = None
    keys_at: datetime | None = None
    trouble: str = ""


# --- sending a browser there --------------------------------------------------------------------------------------


def ask(wanted: str | None) -> tuple[str, dict[str, Any]]:
    """The address at the issuer to lead a browser to, and the question as its cookie keeps it. Raises IssuerTrouble."""
    question = Question(
        state=secrets.token_urlsafe(24), nonce=secrets.token_urlsafe(24), verifier=secrets.token_urlsafe(48),
        wanted=wanted or "", asked_at=now().timestamp(),
    )  # fmt: skip
    issuer = _issuer()
    with _session() as line:
        address, _state = line.create_authorization_url(
            issuer.document["authorization_endpoint"],
            state=question.state,
            nonce=question.nonce,
            code_verifier=question.verifier,
        )
    return str(address), asdict(question)


def sign_out_address(back_to: str) -> str | None:
    """Where the issuer signs a browser out (RP-initiated logout 1.0), or None. Raises IssuerTrouble."""
    address = _issuer().document.get("end_session_endpoint")
    if not address:
        return None
    query = urlencode({"client_id": settings().oidc_client_id, "post_logout_redirect_uri": back_to})
    return f"{address}{'&' if '?' in address else '?'}{query}"


# --- what it answers ----------------------------------------------------------------------------------------------


def question_of(kept: Mapping[str, Any] | None, answer: Mapping[str, str]) -> Question:
    """The question that this answer belongs to. Raises NotVouched when it is another's, used or too old."""
    if kept is None:
        raise NotVouched("no question was asked in this browser, or it was answered before")
    question = Question(**kept)
    if now().timestamp() - question.asked_at > QUESTION_HOLDS.total_seconds():
        raise NotVouched("the question is too old")
    if not secrets.compare_digest(question.state.encode(), answer.get("state", "").encode()):
        raise NotVouched("the state is another")
    return question


def vouched(question: Question, answer: Mapping[str, str]) -> Vouched:
    """Whom the issuer vouches for, asked with the code of its answer. Raises NotVouched and IssuerTrouble."""
    issuer = _issuer()
    if answer.get("iss", issuer.name) != issuer.name:
        raise NotVouched("the answer comes from another issuer")
    if "error" in answer or not answer.get("code"):
        raise NotVouched(f"the issuer answered {_plain(answer.get('error', 'nothing'))}")
    token = _exchange(issuer, answer["code"], question)
    claims = _claims(issuer, token, question)
    return _person(issuer, _with_email(issuer, token, claims))


def _exchange(issuer: _Issuer, code: str, question: Question) -> Mapping[str, Any]:
    """The answer of the token endpoint."""
    with _session(_client_authentication(issuer)) as line:
        try:
            token: Mapping[str, Any] = line.fetch_token(
                issuer.document["token_endpoint"],
                grant_type="authorization_code",
                code=code,
                code_verifier=question.verifier,
            )
        except AuthlibBaseError as error:
            if error.error in {"invalid_client", "unauthorized_client"}:
                raise IssuerTrouble("the issuer refuses EVENTSYS_OIDC_CLIENT_ID and its secret") from error
            raise NotVouched(f"the issuer refused the code: {_plain(error.error)}") from error
        return token


def _client_authentication(issuer: _Issuer) -> str:
    """How we show the secret: as the specification says, unless the issuer takes it in the form only."""
    ways = issuer.document.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return "client_secret_basic" if "client_secret_basic" in ways else "client_secret_post"


def _claims(issuer: _Issuer, token: Mapping[str, Any], question: Question) -> dict[str, Any]:
    """What the identity token says, once its signature, issuer, audience, times and nonce are found right."""
    kept = token.get("id_token")
    if not isinstance(kept, str):
        raise NotVouched("there is no identity token")
    client = settings().oidc_client_id
    known = {"nonce": question.nonce, "client_id": client, "access_token": token.get("access_token")}
    demanded: Any = {"iss": {"essential": True, "value": issuer.name}, "aud": {"essential": True, "value": client}}
    try:
        read = _decoded(issuer, kept)
        claims = CodeIDToken(read.claims, read.header, demanded, known)
        claims.validate(now=int(now().timestamp()), leeway=CLOCKS_DIFFER)
    except (JoseError, AuthlibBaseError, ValueError, TypeError, KeyError) as error:
        claim = getattr(error, "claim", "")
        raise NotVouched(f"the identity token is not right: {type(error).__name__} {_plain(claim)}".strip()) from error
    return dict(claims)


def _decoded(issuer: _Issuer, token: str) -> jwt.Token:
    """The token with a signature found right; keys are fetched anew when one is named that we do not know."""
    try:
        return jwt.decode(token, _keys(issuer), algorithms=ALGORITHMS)
    except InvalidKeyIdError:
        return jwt.decode(token, _keys(issuer, other_than_known=True), algorithms=ALGORITHMS)


def _with_email(issuer: _Issuer, token: Mapping[str, Any], claims: dict[str, Any]) -> dict[str, Any]:
    """Some issuers say the address only when asked once more (OpenID Connect Core, 5.3), and about the same subject."""
    address, access = issuer.document.get("userinfo_endpoint"), token.get("access_token")
    if "email" in claims or not address or not isinstance(access, str):
        return claims
    with _session() as line:
        said = _json(line.get(address, withhold_token=True, headers={"Authorization": f"Bearer {access}"}))
    if said.get("sub") != claims["sub"]:
        raise NotVouched("the issuer spoke of two people")
    return {**claims, "email": said.get("email"), "email_verified": said.get("email_verified")}


def _person(issuer: _Issuer, claims: Mapping[str, Any]) -> Vouched:
    subject, email = claims["sub"], claims.get("email")
    if not 0 < len(subject) <= LONGEST_SUBJECT:
        raise NotVouched("the subject is empty or too long")
    try:
        address = normal_email(email) if isinstance(email, str) else ""
    except ValueError:
        address = ""
    return Vouched(issuer.name, subject, address, _is_theirs(claims.get("email_verified")))


def _is_theirs(said: object) -> bool:
    """Has the issuer made sure of the address? Some write the word instead of the value; Entra ID says nothing."""
    if said is None:
        return settings().oidc_emails == "trusted"
    return said is True or said == "true"


# --- what is known of the issuer ----------------------------------------------------------------------------------


def issuer_problem() -> str:
    """What keeps people from signing in by the issuer, for `eventsys check`, or an empty text. Asks it anew."""
    current_app.extensions.pop(_KEPT, None)
    try:
        _keys(_issuer())
    except IssuerTrouble as trouble:
        return str(trouble)
    return ""


def _issuer() -> _Issuer:
    """From memory, or fetched. After trouble nobody is made to wait for the same again for a moment."""
    name = settings().oidc_issuer
    kept: _Issuer | None = current_app.extensions.get(_KEPT)
    if (
        kept
        and kept.name == name
        and now() - kept.fetched_at < (PAUSE_AFTER_TROUBLE if kept.trouble else DOCUMENT_HOLDS)
    ):
        if kept.trouble:
            raise IssuerTrouble(kept.trouble)
        return kept
    try:
        return _keep(_Issuer(name, _document(name), now()))
    except IssuerTrouble as trouble:
        _keep(_Issuer(name, {}, now(), trouble=str(trouble)))
        raise


def _keep(issuer: _Issuer) -> _Issuer:
    current_app.extensions[_KEPT] = issuer
    return issuer


def _document(name: str) -> Mapping[str, Any]:
    """The issuer's description of itself (OpenID Connect Discovery 1.0)."""
    if not is_safe(name):
        raise IssuerTrouble("EVENTSYS_OIDC_ISSUER must begin with https://")
    with _session() as line:
        found = _json(line.get(name.rstrip("/") + "/.well-known/openid-configuration", withhold_token=True))
    if found.get("issuer") != name:
        raise IssuerTrouble("the issuer calls itself something else than EVENTSYS_OIDC_ISSUER, to the last character")
    for one in (*_FETCHED, *_LED_TO):
        address = found.get(one)
        if address is None and one not in _NEEDED:
            continue
        if not isinstance(address, str) or not is_safe(address) or (_is_https(name) and not _is_https(address)):
            raise IssuerTrouble(f"the issuer's {one} is missing or no address that begins with https://")
    return found


def _keys(issuer: _Issuer, other_than_known: bool = False) -> KeySet:
    if issuer.keys is not None and (not other_than_known or now() - (issuer.keys_at or now()) < KEYS_HOLD):
        return issuer.keys
    with _session() as line:
        found: Any = _json(line.get(issuer.document["jwks_uri"], withhold_token=True))
    try:
        keys = KeySet.import_key_set(found)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise IssuerTrouble("the issuer's keys cannot be read") from error
    _keep(replace(issuer, keys=keys, keys_at=now()))
    return keys


def is_safe(address: str) -> bool:
    """Does it begin with https, or stay inside this machine?"""
    scheme, host = _scheme_and_host(address)
    return _is_https(address) or (scheme == "http" and _is_this_machine(host))


def _is_https(address: str) -> bool:
    scheme, host = _scheme_and_host(address)
    return scheme == "https" and host != ""


def _scheme_and_host(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", ""
    return parts.scheme, parts.hostname or ""


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


# --- the line to it -----------------------------------------------------------------------------------------------


class _Line(HTTPAdapter):
    """An answer has seconds to come as a whole, may not lead elsewhere, and may not be large."""

    def send(self, request: Any, *_args: Any, **given: Any) -> requests.Response:
        until = time.monotonic() + ALTOGETHER
        answer = super().send(request, **{**given, "stream": True, "timeout": (CONNECT, READ)})
        if 300 <= answer.status_code < 400:
            answer.close()
            raise IssuerTrouble("the issuer leads elsewhere instead of answering")
        answer._content = _whole(answer, until)
        return answer


def _whole(answer: requests.Response, until: float) -> bytes:
    got = bytearray()
    while part := answer.raw.read1(16 * 1024, decode_content=True):
        got += part
        if len(got) > LARGEST_ANSWER or time.monotonic() > until:
            answer.close()
            raise IssuerTrouble("the issuer's answer is too large or too slow")
    return bytes(got)


@contextmanager
def _session(authentication: str = "client_secret_basic") -> Iterator[OAuth2Session]:
    """A client of the issuer. Raises IssuerTrouble for everything that goes wrong on the line."""
    known = settings()
    with OAuth2Session(
        known.oidc_client_id, known.oidc_client_secret, token_endpoint_auth_method=authentication, scope=SCOPE,
        redirect_uri=link("issuer.show_answer"), code_challenge_method="S256",
    ) as line:  # fmt: skip
        for kind in ("https://", "http://"):
            line.mount(kind, _Line())
        try:
            yield line
        except (ValueError, TypeError) as error:
            raise IssuerTrouble("the issuer's answer cannot be read") from error
        except (requests.RequestException, HTTPError, OSError) as error:
            raise IssuerTrouble(f"the issuer does not answer ({type(error).__name__})") from error


def _json(answer: requests.Response) -> dict[str, Any]:
    if answer.status_code != 200:
        raise IssuerTrouble(f"the issuer answers {answer.status_code}")
    found = answer.json()
    if not isinstance(found, dict):
        raise IssuerTrouble("the issuer's answer cannot be read")
    return found


def _plain(word: object) -> str:
    """A word of the protocol, fit for the log; whatever else somebody sends stays out of it."""
    return word if isinstance(word, str) and re.fullmatch(r"[a-z_]{1,40}", word) else ""
