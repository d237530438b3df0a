"""One connection to a mail relay, driven by hand.

`smtplib.sendmail` cannot tell a failure before the final dot (nothing was sent: safe to try again) from one after it
(nobody knows). Here every letter ends in exactly one `Outcome`, and no exception leaves `send`.
"""

from __future__ import annotations

import contextlib
import select
import smtplib
import socket
import ssl
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qs, unquote, urlsplit

from eventsys.mail.message import dot_stuffed

CONNECT_SECONDS = 15.0
COMMAND_SECONDS = 60.0
# A relay may scan a letter before it answers the dot; giving up too early makes an unknown of a letter that arrived.
DOT_SECONDS = 180.0


class RelayTrouble(Exception):
    """The relay cannot be used at all now. The text is Swedish, for staff. `lasting`: waiting alone will not help."""

    def __init__(self, reason: str, lasting: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.lasting = lasting


@dataclass(frozen=True)
class RelayAddress:
    """Where the relay is and how it is spoken to, read from EVENTSYS_SMTP_URL."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    implicit_tls: bool = False
    starttls: str = "auto"  # required, auto, never
    verify: bool = True

    @property
    def name(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def is_here(self) -> bool:
        return self.host in {"localhost", "127.0.0.1", "::1"}


def relay_address(url: str) -> RelayAddress:
    """Read smtp://user:password@host:587?starttls=required|auto|never&verify=no or smtps://...

    Raises RelayTrouble in plain words when it cannot be read. Certificates are checked unless `verify=no` stands there.
    """
    try:
        split = urlsplit(url)
        port = split.port
        options = {name: values[-1] for name, values in parse_qs(split.query, strict_parsing=bool(split.query)).items()}
    except ValueError as error:
        raise RelayTrouble("EVENTSYS_SMTP_URL går inte att läsa.", lasting=True) from error
    starttls = options.pop("starttls", "auto")
    verify = options.pop("verify", "yes")
    if options or starttls not in {"required", "auto", "never"} or verify not in {"yes", "no"}:
        raise RelayTrouble(
            "EVENTSYS_SMTP_URL: efter ? får stå starttls=required, auto eller never och verify=no.", lasting=True
        )
    if split.scheme not in {"smtp", "smtps"} or not split.hostname:
        raise RelayTrouble("Ingen brevserver är inställd (EVENTSYS_SMTP_URL).", lasting=True)
    implicit = split.scheme == "smtps"
    return RelayAddress(
        split.hostname,
        port or (465 if implicit else 587 if split.username else 25),
        unquote(split.username or ""),
        unquote(split.password or ""),
        implicit,
        starttls,
        verify == "yes",
    )


class Kind(StrEnum):
    ACCEPTED = "accepted"
    LATER = "later"  # 4xx
    NO = "no"  # 5xx
    LOST_BEFORE_DOT = "lost_before_dot"  # nothing was sent
    LOST_AFTER_DOT = "lost_after_dot"  # nobody knows


@dataclass(frozen=True)
class Outcome:
    """What became of one letter: the stage (mail, rcpt, data, dot) and the server's words where it said any."""

    kind: Kind
    stage: str
    code: int = 0
    reply: str = ""

    @property
    def enhanced(self) -> str:
        """`5.7.1` from `550 5.7.1 Not allowed`, or nothing."""
        first = self.reply.partition(" ")[0]
        return first if first.count(".") == 2 and first.replace(".", "").isdigit() else ""

    @property
    def closes(self) -> bool:
        """Whether the connection is of no use any more."""
        return self.kind in {Kind.LOST_BEFORE_DOT, Kind.LOST_AFTER_DOT} or self.code == 421


class Connection:
    """An open, signed-in line to the relay. Serves many letters, one after the other; not shared between threads."""

    def __init__(self, relay: RelayAddress, our_name: str = "localhost") -> None:
        """Connect, secure, sign in. Raises RelayTrouble with the reason in plain words."""
        self.relay = relay
        self.served = 0
        self.usable = True
        self._smtp = _open(relay, our_name)
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sock.settimeout(COMMAND_SECONDS)
        self._pipelining = self._smtp.has_extn("pipelining")
        self.takes_utf8 = self._smtp.has_extn("smtputf8")
        self._takes_8bit = self._smtp.has_extn("8bitmime")

    def send(self, sender: str, recipient: str, message: bytes) -> Outcome:
        """Send one letter: CRLF line ends, not dot-stuffed. Returns when its fate is known. Never raises."""
        body = dot_stuffed(message)
        outcome = self._offer(sender, recipient) or self._push(body)
        self.served += 1
        self.usable = self.usable and not outcome.closes
        if self.usable and outcome.stage in {"mail", "rcpt", "data"}:
            self._reset()
        return outcome

    def close(self) -> None:
        """Say goodbye, briefly."""
        with contextlib.suppress(OSError, smtplib.SMTPException):
            if self.usable:
                self._sock.settimeout(2)
                self._smtp.docmd("QUIT")
        self._smtp.close()

    @property
    def _sock(self) -> socket.socket:
        if self._smtp.sock is None:
            raise smtplib.SMTPServerDisconnected("closed")
        return self._smtp.sock

    # --- before the dot

    def _offer(self, sender: str, recipient: str) -> Outcome | None:
        """MAIL, RCPT, DATA. None when the server waits for the letter, else what it said instead."""
        utf8 = not (sender.isascii() and recipient.isascii())
        options = (" BODY=8BITMIME SMTPUTF8" if self._takes_8bit else " SMTPUTF8") if utf8 else ""
        commands = [
            ("mail", f"MAIL FROM:<{sender}>{options}", 250), ("rcpt", f"RCPT TO:<{recipient}>", 250),
            ("data", "DATA", 354),
        ]  # fmt: skip
        try:
            return self._together(commands) if self._pipelining else self._one_by_one(commands)
        except (OSError, smtplib.SMTPException) as error:
            return Outcome(Kind.LOST_BEFORE_DOT, "data", reply=_words_of(error))

    def _one_by_one(self, commands: list[tuple[str, str, int]]) -> Outcome | None:
        for stage, command, wanted in commands:
            self._smtp.send(f"{command}\r\n".encode())
            if refusal := _judged(stage, *self._smtp.getreply(), wanted):
                return refusal
        return None

    def _together(self, commands: list[tuple[str, str, int]]) -> Outcome | None:
        """All three in one packet (RFC 2920), then all three answers."""
        self._smtp.send("".join(f"{command}\r\n" for _, command, _ in commands).encode())
        refusal = None
        for stage, _, wanted in commands:
            try:
                code, words = self._smtp.getreply()
            except (OSError, smtplib.SMTPException):
                if refusal is None:
                    raise
                self.usable = False  # it refused and hung up
                return refusal
            if refusal is not None and stage == "data" and code == 354:
                self.usable = False  # it waits for a letter that it refused: hang up rather than say anything
            refusal = refusal or _judged(stage, code, words, wanted)
        return refusal

    def _push(self, body: bytes) -> Outcome:
        """The letter, then alone the final dot: so we know on which side of it a line broke."""
        try:
            self._smtp.send(body)
            if early := self._said_something_early():
                return early
        except (OSError, smtplib.SMTPException) as error:
            return Outcome(Kind.LOST_BEFORE_DOT, "body", reply=_words_of(error))
        try:
            self._sock.settimeout(DOT_SECONDS)
            self._smtp.send(b".\r\n")
            code, words = self._smtp.getreply()
            self._sock.settimeout(COMMAND_SECONDS)
        except (OSError, smtplib.SMTPException) as error:
            return Outcome(Kind.LOST_AFTER_DOT, "dot", reply=_words_of(error))
        return _judged("dot", code, words, 250) or Outcome(Kind.ACCEPTED, "dot", code, _text(words))

    def _said_something_early(self) -> Outcome | None:
        """Before the dot the server has nothing to say: if it speaks or hangs up now, it has given up on the letter."""
        sock = self._sock
        if not (isinstance(sock, ssl.SSLSocket) and sock.pending()) and not _readable(sock):
            return None
        sock.settimeout(0)
        try:
            said = sock.recv(500)
        except (ssl.SSLWantReadError, BlockingIOError):
            return None  # TLS spoke to itself
        finally:
            sock.settimeout(COMMAND_SECONDS)
        self.usable = False
        code = int(said[:3]) if said[:3].isdigit() else 0
        return _judged("body", code, said[4:], 0) or Outcome(Kind.LOST_BEFORE_DOT, "body")

    def _reset(self) -> None:
        try:
            self._smtp.send(b"RSET\r\n")
            code, _ = self._smtp.getreply()
            self.usable = code == 250
        except (OSError, smtplib.SMTPException):
            self.usable = False


def _readable(sock: socket.socket) -> bool:
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return bool(poll.poll(0))


def _judged(stage: str, code: int, words: bytes, wanted: int) -> Outcome | None:
    """None when the answer is what was wanted."""
    if code == wanted or (wanted == 250 and 200 <= code < 300):
        return None
    text = _text(words)
    if 400 <= code < 500:
        return Outcome(Kind.LATER, stage, code, text)
    if 500 <= code < 600:
        return Outcome(Kind.NO, stage, code, text)
    return Outcome(Kind.LOST_BEFORE_DOT if stage != "dot" else Kind.LOST_AFTER_DOT, stage, max(code, 0), text)


def _text(words: bytes) -> str:
    return " ".join(words.decode("utf-8", "replace").split())[:500]


def _words_of(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]


# --- opening ------------------------------------------------------------------------------------------------------


def _open(relay: RelayAddress, our_name: str) -> smtplib.SMTP:
    smtp: smtplib.SMTP | None = None
    try:
        smtp = _connect(relay, our_name)
        _secure(smtp, relay)
        _sign_in(smtp, relay)
        return smtp
    except BaseException as error:
        if smtp is not None:
            smtp.close()
        if isinstance(error, (OSError, smtplib.SMTPException)):
            raise _trouble(error, relay) from error
        raise


def _connect(relay: RelayAddress, our_name: str) -> smtplib.SMTP:
    if relay.implicit_tls:
        return _greeted(
            smtplib.SMTP_SSL(relay.host, relay.port, our_name, timeout=CONNECT_SECONDS, context=_tls(relay))
        )
    return _greeted(smtplib.SMTP(relay.host, relay.port, our_name, timeout=CONNECT_SECONDS))


def _greeted(smtp: smtplib.SMTP) -> smtplib.SMTP:
    smtp.ehlo_or_helo_if_needed()
    return smtp


def _tls(relay: RelayAddress) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not relay.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _secure(smtp: smtplib.SMTP, relay: RelayAddress) -> None:
    if relay.implicit_tls or relay.starttls == "never":
        return
    if smtp.has_extn("starttls"):
        code, words = smtp.starttls(context=_tls(relay))
        if code != 220:
            raise RelayTrouble(f"Brevservern {relay.name} vägrar kryptering ({code} {_text(words)}).", lasting=True)
        smtp.ehlo()
    elif relay.starttls == "required":
        raise RelayTrouble(
            f"Brevservern {relay.name} erbjuder ingen kryptering (STARTTLS), men den krävs i EVENTSYS_SMTP_URL.",
            lasting=True,
        )


def _sign_in(smtp: smtplib.SMTP, relay: RelayAddress) -> None:
    if not relay.user:
        return
    if not (isinstance(smtp.sock, ssl.SSLSocket) or relay.is_here or relay.starttls == "never"):
        raise RelayTrouble(
            f"Brevservern {relay.name} erbjuder ingen kryptering. Lösenordet skickas inte öppet.", lasting=True
        )
    smtp.login(relay.user, relay.password)


def _trouble(error: Exception, relay: RelayAddress) -> RelayTrouble:
    """The same trouble in words that staff understand."""
    name = relay.name
    if isinstance(error, RelayTrouble):
        return error
    if isinstance(error, smtplib.SMTPAuthenticationError):
        reply = f"{error.smtp_code} {_text(_as_bytes(error.smtp_error))}"
        if error.smtp_code < 500:
            return RelayTrouble(f"Brevservern {name} kan inte kontrollera lösenordet just nu ({reply}).")
        return RelayTrouble(f"Brevservern {name} godtar inte användarnamnet eller lösenordet ({reply}).", lasting=True)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return RelayTrouble(f"Brevservern {name} tar inte emot inloggning.", lasting=True)
    if isinstance(error, ssl.SSLCertVerificationError):
        return RelayTrouble(f"Brevserverns certifikat ({name}) godtas inte: {error.verify_message}.", lasting=True)
    if isinstance(error, ssl.SSLError):
        return RelayTrouble(f"Den krypterade förbindelsen till {name} gick inte att öppna ({error.reason}).")
    if isinstance(error, smtplib.SMTPResponseException):
        return RelayTrouble(
            f"Brevservern {name} tar inte emot oss: {error.smtp_code} {_text(_as_bytes(error.smtp_error))}"
        )
    if isinstance(error, socket.gaierror):
        return RelayTrouble(f"Namnet på brevservern {relay.host} går inte att slå upp.")
    if isinstance(error, TimeoutError):
        return RelayTrouble(f"Brevservern {name} svarar inte.")
    return RelayTrouble(f"Brevservern {name} går inte att nå.")


def _as_bytes(words: bytes | str) -> bytes:
    return words if isinstance(words, bytes) else words.encode()
