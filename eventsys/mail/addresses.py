"""Addresses: as rows compare them, and as the wire wants them."""

from __future__ import annotations

import functools
import re

from eventsys.forms import normal_email, squeeze

_UNFIT = re.compile(r"""[ <>"(),;:\\]""")  # other white space is not printable


def comparable(address: str) -> str:
    """An address as rows hold it. One that is none is kept as it was written, and refused when its turn comes."""
    try:
        return normal_email(address)
    except ValueError:
        return squeeze(address).lower()[:254]


def on_the_wire(address: str) -> str:
    """The address with its domain in ASCII (IDNA); the part before @ is kept as it is.

    Raises ValueError when it is no address that could stand in an SMTP command.
    """
    local, at, domain = address.rpartition("@")
    if not at or not local or not address.isprintable() or _UNFIT.search(address):
        raise ValueError("not an address")
    return f"{local}@{_in_ascii(domain)}"


@functools.lru_cache(maxsize=4096)
def _in_ascii(domain: str) -> str:
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise ValueError("not a domain") from error
    if not ascii_domain or ascii_domain.startswith(".") or ".." in ascii_domain:
        raise ValueError("not a domain")
    return ascii_domain


def parts(address: str) -> tuple[str, str]:
    """Before and after the @."""
    local, _, domain = address.rpartition("@")
    return local, domain
