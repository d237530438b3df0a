"""DKIM signatures (RFC 6376) for those who send without a relay that signs. Off until the settings name a key."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path

import dkim
from dkim.crypto import parse_pem_private_key
from flask import current_app

from eventsys.config import Settings, settings

# Gmail and Yahoo ask that the signature covers both List-Unsubscribe headers (RFC 8058, section 4).
_SIGNED = (
    b"from", b"to", b"reply-to", b"subject", b"date", b"message-id", b"auto-submitted", b"mime-version",
    b"content-type", b"content-transfer-encoding", b"content-language", b"list-id", b"list-unsubscribe",
    b"list-unsubscribe-post",
)  # fmt: skip
_NONE_MAY_BE_ADDED = (b"from", b"to", b"subject", b"date")  # named once more than they are there

_RSA = bytes.fromhex("300d06092a864886f70d0101010500")  # AlgorithmIdentifier: rsaEncryption, no parameters


class SigningTrouble(Exception):
    """Letters cannot be signed with these settings; the text says what to do."""


@dataclass(frozen=True)
class Signer:
    """Signs for one domain with one key."""

    domain: bytes
    selector: bytes
    key: bytes
    """RSA, PEM."""

    @property
    def public_key(self) -> str:
        """What DNS must hold as p= of `selector._domainkey.domain`: X.509's SubjectPublicKeyInfo in base64."""
        parts = parse_pem_private_key(self.key)
        numbers = _der(0x30, _integer(parts["modulus"]) + _integer(parts["publicExponent"]))
        return base64.b64encode(_der(0x30, _RSA + _der(0x03, b"\0" + numbers))).decode("ascii")

    def signed(self, message: bytes) -> bytes:
        """The message (CRLF, dots not stuffed) with a DKIM-Signature in front. About 5 ms with a key of 2048 bits."""
        there = {line.partition(b":")[0].lower() for line in message.partition(b"\r\n\r\n")[0].split(b"\r\n")}
        names = [name for name in _SIGNED if name in there] + list(_NONE_MAY_BE_ADDED)
        signature: bytes = dkim.sign(
            message, self.selector, self.domain, self.key, canonicalize=(b"relaxed", b"simple"), include_headers=names
        )
        return signature + message


def _integer(number: int) -> bytes:
    return _der(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def _der(tag: int, content: bytes) -> bytes:
    """A value as DER writes it: tag, length, content."""
    size = len(content)
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag]) + (bytes([size]) if size < 128 else bytes([128 + len(length)]) + length) + content


def signer() -> Signer | None:
    """The signer of the settings, its key read once; None when letters are not signed. Raises SigningTrouble."""
    here = settings()
    wanted = (here.dkim_domain, here.dkim_selector, here.dkim_key_file)
    known: tuple[tuple[str, ...], Signer | None] | None = current_app.extensions.get("eventsys_signer")
    if known is None or known[0] != wanted:
        known = (wanted, signer_of(here))
        current_app.extensions["eventsys_signer"] = known
    return known[1]


def signer_of(given: Settings) -> Signer | None:
    """Read the key and try it. Raises SigningTrouble."""
    if not (given.dkim_domain or given.dkim_selector or given.dkim_key_file):
        return None
    if not (given.dkim_domain and given.dkim_selector and given.dkim_key_file):
        raise SigningTrouble("Give all three of EVENTSYS_DKIM_DOMAIN, _SELECTOR and _KEY_FILE, or none of them.")
    try:
        key = Path(given.dkim_key_file).read_bytes()
        found = Signer(given.dkim_domain.encode("idna"), given.dkim_selector.encode("ascii"), key)
        found.signed(b"From: a@b.se\r\n\r\n\r\n")
    except OSError as error:
        raise SigningTrouble(f"EVENTSYS_DKIM_KEY_FILE cannot be read ({error.strerror}).") from error
    except UnicodeError as error:
        raise SigningTrouble("EVENTSYS_DKIM_DOMAIN or _SELECTOR is no name that DNS knows.") from error
    except Exception as error:  # dkimpy's readers raise whatever comes their way
        raise SigningTrouble(
            "EVENTSYS_DKIM_KEY_FILE holds no RSA key in PEM. Make one with: openssl genrsa -out dkim.pem 2048"
        ) from error
    return found
