"""The letter catcher: a mail server on loopback that keeps what comes as .eml files in <data folder>/letters/.

It stands in for a relay in `eventsys serve` when none is set, so that development and demonstration go the same SMTP
way as production. A letter is on disk before it is answered 250.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import os
import re
import secrets
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email import message_from_binary_file, message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from eventsys.clock import now
from eventsys.config import Settings, settings
from eventsys.errors import NotFound
from eventsys.personal import Person

HOST = "127.0.0.1"
BIGGEST_LETTER = 50 * 1024 * 1024
_NAME = re.compile(r"\d{8}T\d{12}-[0-9a-f]{8}\.eml")


@contextlib.contextmanager
def running_catcher(given: Settings) -> Iterator[Settings]:
    """Catch letters while the block runs, and yield settings whose relay is the catcher.

    With EVENTSYS_SMTP_URL set nothing is caught and the settings come back as they are.
    """
    if given.smtp_url:
        yield given
        return
    catcher = Catcher(given.data_path / "letters")
    catcher.start()
    try:
        yield replace(given, smtp_url=catcher.url)
    finally:
        catcher.stop()


class Catcher:
    """The server, in a thread of its own, on a port that was free."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="letter-catcher", daemon=True)
        self._server: asyncio.Server | None = None
        self._talking: set[SMTP] = set()

    @property
    def url(self) -> str:
        return f"smtp://{HOST}:{self.port}?starttls=never"

    def start(self) -> None:
        """Make the folder and listen."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)

    def stop(self) -> None:
        """Close every connection and end the thread."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _listen(self) -> None:
        self._server = await self._loop.create_server(self._converse, HOST, 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        assert self._server is not None
        self._server.close()
        for conversation in self._talking:
            if conversation.transport is not None:
                conversation.transport.abort()
        await asyncio.sleep(0)

    def _converse(self) -> SMTP:
        conversation = SMTP(
            _Keeper(self.folder), enable_SMTPUTF8=True, decode_data=False, data_size_limit=BIGGEST_LETTER,
            hostname="localhost", ident="eventsys", loop=self._loop,
        )  # fmt: skip
        self._talking = {each for each in self._talking if each.transport is not None} | {conversation}
        return conversation


class _Keeper:
    """Writes each letter under a name that sorts by time. Called by aiosmtpd."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        content = envelope.original_content or b""
        head = f"Return-Path: <{envelope.mail_from}>\r\nDelivered-To: {', '.join(envelope.rcpt_tos)}\r\n".encode()
        await asyncio.to_thread(keep_letter, self._folder, head + content)
        return "250 2.0.0 Caught"


def keep_letter(folder: Path, content: bytes) -> str:
    """Write a letter so that it is there whole or not at all; its name."""
    name = f"{now():%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}.eml"
    draft = folder / f".{name}.part"
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(folder / name)
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return name


# --- reading ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CaughtFile:
    """One line of the list of caught letters."""

    name: str
    at: datetime
    sender: str
    recipient: str
    subject: str


@dataclass(frozen=True)
class CaughtAttachment:
    """A file that came with a caught letter; `number` counts from 0."""

    number: int
    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class CaughtLetter:
    """A caught letter taken apart. `html` stands by itself: pictures of the letter are in it as data: addresses."""

    file: CaughtFile
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    attachments: tuple[CaughtAttachment, ...]
    size: int


def letters_folder() -> Path:
    """Where caught letters lie."""
    return settings().data_path / "letters"


def caught_letters(most: int = 200) -> list[CaughtFile]:
    """The newest caught letters, newest first; only their heads are read."""
    folder = letters_folder()
    names = sorted((each.name for each in folder.glob("*.eml") if _NAME.fullmatch(each.name)), reverse=True)
    return [_read_head(folder / name) for name in names[:most]]


def caught_letter(name: str) -> CaughtLetter:
    """One caught letter by the name in the list. Raises NotFound for any other name."""
    path = _path(name)
    with path.open("rb") as file:
        message: EmailMessage = message_from_binary_file(file, policy=policy.default)
    pictures = {_cid(part): part for part in message.walk() if part.get("Content-ID")}
    return CaughtLetter(
        _described(path, message),
        tuple((key, str(value)) for key, value in message.items()),
        _body(message, "plain"),
        _with_pictures(_body(message, "html"), pictures),
        tuple(
            CaughtAttachment(
                number, part.get_filename() or f"bilaga-{number + 1}", part.get_content_type(), _bytes(part)
            )
            for number, part in enumerate(message.iter_attachments())
        ),
        path.stat().st_size,
    )


def _path(name: str) -> Path:
    """Only names that we gave ourselves lead anywhere, so no name leads out of the folder."""
    path = letters_folder() / name if _NAME.fullmatch(name) else None
    if path is None or not path.is_file():
        raise NotFound
    return path


def _read_head(path: Path) -> CaughtFile:
    with path.open("rb") as file:
        head = file.read(64 * 1024).split(b"\r\n\r\n", 1)[0]
    message: EmailMessage = message_from_bytes(head, policy=policy.default)
    return _described(path, message)


def _described(path: Path, message: EmailMessage) -> CaughtFile:
    at = datetime.strptime(path.name[:21], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)
    return CaughtFile(
        path.name, at, str(message["From"] or ""), str(message["To"] or ""), str(message["Subject"] or "")
    )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def _bytes(part: Any) -> bytes:
    return part.get_payload(decode=True) or b""


def _cid(part: Any) -> str:
    return str(part["Content-ID"]).strip().strip("<>")


def _with_pictures(html: str, pictures: dict[str, Any]) -> str:
    def as_data(found: re.Match[str]) -> str:
        part = pictures.get(found[1])
        if part is None:
            return found[0]
        return f"data:{part.get_content_type()};base64,{base64.b64encode(_bytes(part)).decode('ascii')}"

    return re.sub(r"cid:([^\"'\s>)]+)", as_data, html)


def forget_caught(person: Person) -> int:
    """Delete the caught letters in which somebody stands, by address, whole name or number. Returns how many.

    Files know no transaction: what is rolled back afterwards has lost a letter of a demonstration, nothing else.
    """
    folder, gone = letters_folder(), 0
    for path in folder.glob("*.eml") if folder.is_dir() else ():
        if person.stands_in(_all_text(path.read_bytes())):
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _all_text(content: bytes) -> str:
    """The heads and every text of a letter, decoded."""
    message: EmailMessage = message_from_bytes(content, policy=policy.default)
    parts = [part for part in message.walk() if part.get_content_maintype() == "text"]
    texts = [_bytes(part).decode("utf-8", "replace") for part in parts]
    return "\n".join([*(str(value) for _, value in message.items()), *texts])
