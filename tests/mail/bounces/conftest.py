"""A real IMAP server, Dovecot from Debian, in a folder of its own."""

from __future__ import annotations

import contextlib
import grp
import imaplib
import os
import pwd
import re
import signal
from collections.abc import Iterator
from functools import cache

import pytest

from tests import servers

CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_login_user = {user}
default_internal_user = {user}
default_internal_group = {group}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{folder}/mail/%u
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


class ImapServer:
    """Each user name has a mailbox of its own; all have one password."""

    def __init__(self) -> None:
        program = servers.require("dovecot")
        self.password = "hemligt"
        me = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        self.folder = servers.new_folder("dovecot", me if os.geteuid() == 0 else None)
        self.folder.chmod(0o755)
        self.port = servers.free_port()
        self.users = 0
        self._configure(me)
        self.process = servers.Process([program, "-F", "-c", str(self.folder / "dovecot.conf")], self.folder)
        servers.when_ending(self.stop)
        self.process.wait_for(lambda: servers.listens(self.port), timeout=20)

    def _configure(self, me: pwd.struct_passwd) -> None:
        given = {"folder": self.folder, "port": self.port, "password": self.password, "user": me.pw_name}
        given |= {"uid": me.pw_uid, "gid": me.pw_gid, "group": grp.getgrgid(me.pw_gid).gr_name}
        (self.folder / "dovecot.conf").write_text(CONFIGURATION.format(**given))

    def stop(self) -> None:
        self.process.end(signal.SIGTERM)


@cache
def imap_server() -> ImapServer:
    """This process's Dovecot, started at the first call."""
    return ImapServer()


class Imap:
    """One empty mailbox on the server."""

    def __init__(self, server: ImapServer) -> None:
        server.users += 1
        self.user, self.password, self.port = f"user{server.users}", server.password, server.port

    def url(self, folder: str = "INBOX", password: str = "") -> str:
        return f"imap://{self.user}:{password or self.password}@127.0.0.1:{self.port}/{folder}"

    @contextlib.contextmanager
    def _open(self, folder: str = "INBOX") -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=10) as connection:
            connection.login(self.user, self.password)
            connection.create(f'"{folder}"')
            connection.select(f'"{folder}"')
            yield connection

    def deliver(self, *letters: bytes, folder: str = "INBOX") -> None:
        with self._open(folder) as connection:
            for raw in letters:
                assert connection.append(f'"{folder}"', "", "", raw)[0] == "OK"

    def say(self, command: str, *words: str) -> None:
        with self._open() as connection:
            assert connection.uid(command, *words)[0] == "OK"

    def letters(self, folder: str = "INBOX") -> list[tuple[bytes, set[str]]]:
        """Bytes (with LF) and flags of all letters."""
        with self._open(folder) as connection:
            _, found = connection.uid("FETCH", "1:*", "(FLAGS BODY.PEEK[])")
        return [(part[1].replace(b"\r\n", b"\n"), _flags(part[0])) for part in found if isinstance(part, tuple)]


def _flags(line: bytes) -> set[str]:
    found = re.search(rb"FLAGS \(([^)]*)\)", line)
    return {flag for flag in found[1].decode().split() if flag != "\\Recent"} if found else set()


@pytest.fixture
def imap() -> Imap:
    """An empty mailbox on a real IMAP server."""
    return Imap(imap_server())
