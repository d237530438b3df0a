"""The mail relay: where it is, read from the setting, and a line to it, opened, secured and signed in."""

from __future__ import annotations

import smtplib
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

CONNECT_SECONDS = 15.0


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


# --- opening ------------------------------------------------------------------------------------------------------


def open_line(relay: RelayAddress, our_name: str) -> smtplib.SMTP:
    """Connect, secure, sign in; waits. Raises RelayTrouble with the reason in plain words."""
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
            raise RelayTrouble(f"Brevservern {relay.name} vägrar kryptering ({code} {one_line(words)}).", lasting=True)
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
        reply = f"{error.smtp_code} {one_line(_as_bytes(error.smtp_error))}"
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
            f"Brevservern {name} tar inte emot oss: {error.smtp_code} {one_line(_as_bytes(error.smtp_error))}"
        )
    if isinstance(error, socket.gaierror):
        return RelayTrouble(f"Namnet på brevservern {relay.host} går inte att slå upp.")
    if isinstance(error, TimeoutError):
        return RelayTrouble(f"Brevservern {name} svarar inte.")
    return RelayTrouble(f"Brevservern {name} går inte att nå.")


def _as_bytes(words: bytes | str) -> bytes:
    return words if isinstance(words, bytes) else words.encode()


def one_line(words: bytes) -> str:
    """What a server said, as text."""
    return " ".join(words.decode("utf-8", "replace").split())[:500]
