"""An issuer of OpenID Connect on this machine that can be bent: it checks all that we show it, and then says what a
test wants it to. The upright one, somebody else's, is in issuers.py."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

CLIENT, SECRET = "eventsys", "hemligt"


@dataclass
class BentIssuer:
    """`claims`, `header` and `document` are laid over what would be right; None takes a part away."""

    url: str = ""
    key: RSAKey | ECKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    alg: str = "RS256"
    claims: dict[str, Any] = field(default_factory=dict)
    document: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] | None = None
    published: RSAKey | ECKey | None = None
    answers: dict[str, tuple[int, bytes, dict[str, str]]] = field(default_factory=dict)
    """By path, in place of the right answer: status, body, headers."""
    drips: str = ""
    """The path whose answer comes byte by byte and never ends."""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    token: str = ""
    """Given out as it is, in place of one that is made."""
    ending: threading.Event = field(default_factory=threading.Event)

    def code_for(self, address: str) -> str:
        """Somebody signs in at this address of ours to the issuer; returns the code. Fails when it asks wrongly."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert address.startswith(f"{self.url}/authorize?")
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert asked["scope"].split() == ["openid", "email"]
        assert asked["code_challenge_method"] == "S256"
        code = f"code{len(self.codes)}"
        self.codes[code] = asked
        return code

    def described(self) -> dict[str, Any]:
        right = {
            "issuer": self.url, "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token", "jwks_uri": f"{self.url}/keys",
            "userinfo_endpoint": f"{self.url}/userinfo",
        }  # fmt: skip
        return _laid_over(right, self.document)

    def answer_to_code(self, form: Mapping[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        shown = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        if (unquote(shown[0]), unquote(shown[2])) != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        asked = self.codes.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if asked is None or challenge.rstrip(b"=").decode() != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        if form.get("redirect_uri") != asked["redirect_uri"] or form.get("grant_type") != "authorization_code":
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "access", "token_type": "Bearer", "id_token": self.token or self._signed(asked)}

    def _signed(self, asked: Mapping[str, str]) -> str:
        at = int(time.time())
        right = {
            "iss": self.url, "aud": CLIENT, "sub": "subject-1", "iat": at, "exp": at + 300, "nonce": asked["nonce"],
            "email": "alva@boras.example", "email_verified": True,
        }  # fmt: skip
        header = {"alg": self.alg, "kid": self.key.kid}
        return jwt.encode(header, _laid_over(right, self.claims), self.key, algorithms=[self.alg])


def _laid_over(right: dict[str, Any], bent: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**right, **bent}.items() if value is not None}


def _handler(issuer: BentIssuer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self._bent():
                return
            if self.path == "/.well-known/openid-configuration":
                self._say(200, issuer.described())
            elif self.path == "/keys":
                key = issuer.published or issuer.key
                self._say(200, {"keys": [key.as_dict(private=False)]})
            elif self.path == "/userinfo" and self.headers["Authorization"] == "Bearer access":
                self._say(200, issuer.userinfo or {"sub": "subject-1"})
            else:
                self._say(404, {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if self._bent():
                return
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._say(*issuer.answer_to_code(form, self.headers.get("Authorization", "")))

        def _bent(self) -> bool:
            issuer.seen.append(self.path)
            if self.path == issuer.drips:
                self._drip()
                return True
            if self.path not in issuer.answers:
                return False
            status, body, headers = issuer.answers[self.path]
            self._send(status, body, headers)
            return True

        def _drip(self) -> None:
            self.send_response(200)
            self.end_headers()
            while not issuer.ending.wait(0.1):
                try:
                    self.wfile.write(b" ")
                except OSError:
                    return

        def _say(self, status: int, body: object) -> None:
            self._send(status, json.dumps(body).encode(), {"Content-Type": "application/json"})

        def _send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


@contextmanager
def bent_issuer() -> Iterator[BentIssuer]:
    """Running on a free port of this machine until the context ends."""
    issuer = BentIssuer()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(issuer))
    server.daemon_threads = True
    issuer.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        issuer.ending.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
