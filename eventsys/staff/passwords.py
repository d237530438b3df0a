"""Passwords: how they are kept, compared and judged.

Hashing is slow on purpose (about 0.1 s), so it never happens inside a transaction: the verbs take finished hashes.
"""

from __future__ import annotations

import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from eventsys.errors import Refused

SHORTEST, LONGEST = 12, 200
FEWEST_DIFFERENT = 5

# Argon2id, 64 MiB, three passes (RFC 9106, section 4, second recommended option).
_hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
# Compared against when there is no account, so that the answer takes as long. Nobody knows its password.
_NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$zOCfMS75UcCGk3IuOpVx4w$vqdnBjAIT2KhTbUac+vEB5Spn+NKZ7EpRWPsO/Vdh3w"
# Each takes 64 MiB: a flood of sign-ins waits here instead of filling the memory.
_room = threading.BoundedSemaphore(2)


class PoorPassword(Refused):
    """The new password is too easy to guess."""


def check_password(password: str, email: str) -> None:
    """Refuse a new password that is too easy to guess. Raises PoorPassword, which says what to do."""
    if len(password) < SHORTEST:
        raise PoorPassword(f"Lösenordet är {len(password)} tecken, minst {SHORTEST} behövs. Skriv några ord i rad.")
    if len(password) > LONGEST:
        raise PoorPassword(f"Lösenordet är {len(password)} tecken, högst {LONGEST} får plats. Korta det.")
    if password.strip().lower() in {email.lower(), email.partition("@")[0].lower()}:
        raise PoorPassword("Lösenordet är din e-postadress. Välj ett annat.")
    if len(set(password)) < FEWEST_DIFFERENT:
        raise PoorPassword("Lösenordet upprepar samma tecken. Välj ett med fler olika.")


def hash_password(password: str) -> str:
    """The form in which a password is kept. Slow: never inside a transaction."""
    with _room:
        return _hasher.hash(_one_form(password))


def matches(kept: str, password: str) -> bool:
    """Is this the password of the kept hash? Without one ("") the answer is no and takes as long.

    Slow: never inside a transaction.
    """
    with _room:
        try:
            return _hasher.verify(kept or _NOBODYS, _one_form(password)) and bool(kept)
        except (VerificationError, InvalidHashError):
            return False


def is_dated(kept: str) -> bool:
    """Was it hashed with other parameters than today's?"""
    return _hasher.check_needs_rehash(kept)


def _one_form(password: str) -> str:
    """Computers write å ä ö in two ways; both are the same password (NIST SP 800-63B, 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)
