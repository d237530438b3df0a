"""The mailbox that letters come back to: by IMAP, or a Maildir folder on this machine.

What is dealt with is taken out, what people wrote is flagged and left for people. Flagged letters are not read again.
"""

from __future__ import annotations

import contextlib
import imaplib
import os
import re
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from eventsys.errors import Refused
from eventsys.mail.bounces.notices import LARGEST

SECONDS = 30.0
MOST = 500
"""So many in one round; the next goes on."""


class MailboxTrouble(Refused):
    """The mailbox cannot be read; the text says why and what to do."""


class Mailbox(Protocol):
    """An open mailbox. Keys hold while it is open."""

    def waiting(self) -> list[str]:
        """Letters that were not read yet, oldest first, at most MOST."""

    def letter(self, key: str) -> bytes | None:
        """At most LARGEST bytes of a letter; None when it is gone."""

    def remove(self, key: str) -> None:
        """Take a letter out."""

    def leave(self, key: str) -> None:
        """Flag a letter, for people."""


@contextlib.contextmanager
def open_mailbox(url: str) -> Iterator[Mailbox]:
    """Open imaps://user:password@host/Folder, imap://... or maildir:///path. Raises MailboxTrouble."""
    try:
        split = urlsplit(url)
        port = split.port
    except ValueError as error:
        raise MailboxTrouble(
            "EVENTSYS_BOUNCE_MAILBOX_URL cannot be read. Write imaps://user:password@host/INBOX"
        ) from error
    if split.scheme == "maildir":
        yield MaildirFolder(Path(unquote(split.path)))
    elif split.scheme in ("imap", "imaps") and split.hostname:
        account = ImapAccount(
            split.hostname, port, split.scheme == "imaps", unquote(split.username or ""), unquote(split.password or "")
        )
        with account.opened(unquote(split.path).strip("/") or "INBOX") as mailbox:
            yield mailbox
    else:
        raise MailboxTrouble(
            "EVENTSYS_BOUNCE_MAILBOX_URL must begin with imaps://user:password@host/, imap:// or maildir:///"
        )


# --- Maildir ------------------------------------------------------------------------------------------------------


class MaildirFolder:
    """new/ and cur/ of a Maildir; a name's flags follow `:2,`."""

    def __init__(self, folder: Path) -> None:
        if not all((folder / part).is_dir() for part in ("new", "cur")):
            raise MailboxTrouble(
                f"{folder} is no Maildir: it has no folders new and cur. Check EVENTSYS_BOUNCE_MAILBOX_URL."
            )
        if not all(os.access(folder / part, os.R_OK | os.W_OK | os.X_OK) for part in ("new", "cur")):
            raise MailboxTrouble(f"This process may not read and write in {folder}. Give its user the right to.")
        self._folder = folder

    def waiting(self) -> list[str]:
        found = [f"{part}/{file.name}" for part in ("new", "cur") for file in (self._folder / part).iterdir()]
        return sorted((key for key in found if not self._is_put_by(key)), key=lambda key: key[4:])[:MOST]

    def _is_put_by(self, key: str) -> bool:
        name, _, flags = key[4:].partition(":2,")
        return name.startswith(".") or "F" in flags or "T" in flags

    def letter(self, key: str) -> bytes | None:
        try:
            with (self._folder / key).open("rb") as file:
                return file.read(LARGEST)
        except FileNotFoundError:
            return None

    def remove(self, key: str) -> None:
        (self._folder / key).unlink(missing_ok=True)

    def leave(self, key: str) -> None:
        name, _, flags = key[4:].partition(":2,")
        with contextlib.suppress(FileNotFoundError):
            (self._folder / key).rename(self._folder / "cur" / f"{name}:2,{''.join(sorted({*flags, 'F'}))}")


# --- IMAP ---------------------------------------------------------------------------------------------------------


class ImapAccount:
    """Where the mailbox is, and who may read it."""

    def __init__(self, host: str, port: int | None, implicit_tls: bool, user: str, password: str) -> None:
        self._host, self._port, self._implicit_tls = host, port or (993 if implicit_tls else 143), implicit_tls
        self._user, self._password = user, password

    @contextlib.contextmanager
    def opened(self, folder: str) -> Iterator[ImapFolder]:
        try:
            with self._connected() as connection:
                connection.login(self._user, self._password)
                _selected(connection, folder)
                yield ImapFolder(connection)
        except (OSError, imaplib.IMAP4.error) as error:
            raise MailboxTrouble(
                f"The mailbox at {self._host} cannot be read ({_plain(error)}). Check EVENTSYS_BOUNCE_MAILBOX_URL."
            ) from error

    def _connected(self) -> imaplib.IMAP4:
        tls = ssl.create_default_context()
        if self._implicit_tls:
            return imaplib.IMAP4_SSL(self._host, self._port, ssl_context=tls, timeout=SECONDS)
        connection = imaplib.IMAP4(self._host, self._port, timeout=SECONDS)
        if self._host not in ("localhost", "127.0.0.1", "::1"):
            connection.starttls(tls)  # or fails: no password goes over the network in the clear
        return connection


def _plain(error: Exception) -> str:
    words = error.args[0] if error.args and isinstance(error.args[0], (bytes, str)) else str(error)
    return " ".join((words.decode("utf-8", "replace") if isinstance(words, bytes) else str(error)).split())[:200]


def _selected(connection: imaplib.IMAP4, folder: str) -> None:
    quoted = '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
    answer, _ = connection.select(quoted)
    if answer != "OK":
        raise MailboxTrouble(f"The mailbox has no folder {folder}. Check EVENTSYS_BOUNCE_MAILBOX_URL.")


class ImapFolder:
    """One folder, its letters by UID."""

    def __init__(self, connection: imaplib.IMAP4) -> None:
        self._imap = connection
        _, capabilities = connection.capability()  # servers say more after the sign-in, and imaplib does not ask again
        self._deletes_one = b"UIDPLUS" in b" ".join(each for each in capabilities if isinstance(each, bytes)).split()

    def waiting(self) -> list[str]:
        found = self._say("SEARCH", "UNDELETED", "UNFLAGGED")
        return [key.decode("ascii") for line in found if isinstance(line, bytes) for key in line.split()][:MOST]

    def letter(self, key: str) -> bytes | None:
        found = self._say("FETCH", key, f"(BODY.PEEK[]<0.{LARGEST}>)")
        return next((part[1] for part in found if isinstance(part, tuple) and _UID.search(part[0])), None)

    def remove(self, key: str) -> None:
        self._say("STORE", key, "+FLAGS.SILENT", r"(\Deleted)")
        if self._deletes_one:
            self._say("EXPUNGE", key)  # RFC 4315: only this one, whatever somebody else deletes just now
        else:
            self._imap.expunge()

    def leave(self, key: str) -> None:
        self._say("STORE", key, "+FLAGS.SILENT", r"(\Flagged)")

    def _say(self, command: str, *words: str) -> list[bytes | tuple[bytes, bytes] | None]:
        answer, said = self._imap.uid(command, *words)
        if answer != "OK":
            raise imaplib.IMAP4.error(f"{command}: {answer}")
        return said


_UID = re.compile(rb"BODY\[\]")
