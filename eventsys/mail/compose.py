"""From a folder under emails/ and a context to a finished letter.

Turning a style sheet into inline styles costs 30-90 ms a document, far more than rendering. So every value a template
prints leaves a numbered token in the HTML, the resulting skeleton is inlined once and kept, and the escaped values are
spliced in afterwards. Templates need not know: conditions, loops and filters see the real values.
"""

from __future__ import annotations

import functools
import logging
import re
import secrets
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import premailer
from flask_babel import gettext, ngettext
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from eventsys import i18n
from eventsys.config import settings
from eventsys.identity import identity, on_dark
from eventsys.paths import EMAILS

KEPT_SKELETONS = 256
# Unguessable, so that text which people wrote cannot be mistaken for a token.
_MARK = f"@@{secrets.token_hex(6)}."
_TOKEN = re.compile(re.escape(_MARK) + r"(\d+)@@")
_printed: ContextVar[list[str]] = ContextVar("eventsys_printed_values")


@dataclass(frozen=True)
class Attachment:
    """A file with the letter. `params` are added to the content type: {"method": "REQUEST"} for a calendar entry."""

    filename: str
    content_type: str
    content: bytes
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Inline:
    """A picture in the letter, shown by `<img src="cid:...">`."""

    cid: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Email:
    """A finished letter, without its envelope. `headers` are further ones, such as List-Unsubscribe: plain ASCII."""

    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()
    inline: tuple[Inline, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()


class Finished(str):
    """HTML that is ready to print and differs from letter to letter: not escaped, and kept out of the skeleton."""

    def __html__(self) -> str:
        return str(self)


def compose(
    folder: str,
    lang: str,
    context: dict[str, Any],
    attachments: tuple[Attachment, ...] = (),
    inline: tuple[Inline, ...] = (),
) -> Email:
    """Render emails/<folder>/{subject.txt,body.txt,body.html} in this language (`sv` or `en`).

    Every value printed in the HTML is escaped. Values of type Markup are taken as part of the template and belong to
    the skeleton: use them for what is the same in every letter (the accent colour), and `Finished` for ready HTML that
    is not. Raises jinja2.UndefinedError when the context lacks a name, TemplateNotFound when a file is missing.
    """
    with i18n.speaking(lang):
        context = {**_surroundings(), **context}
        subject = _texts().get_template(f"{folder}/subject.txt").render(context)
        text = _texts().get_template(f"{folder}/body.txt").render(context)
        html = _render_html(f"{folder}/body.html", context)
    return Email(" ".join(subject.split()), _tidy(text), html, tuple(attachments), tuple(inline))


def _surroundings() -> dict[str, Any]:
    """What every letter knows besides its context."""
    who = identity()
    return {
        "identity": who,
        "lang": i18n.language(),
        "home": settings().base_url.rstrip("/"),
        "accent": Markup(who.accent),  # noqa: S704  (a colour, checked when chosen; it must reach the style sheet)
        "accent_on_dark": Markup(on_dark(who.accent)),  # noqa: S704
    }


def _tidy(text: str) -> str:
    """No white space at line ends, never more than one empty line, one line break at the end."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"


# --- environments -------------------------------------------------------------------------------------------------


@functools.cache
def _texts() -> Environment:
    return _environment(autoescape=False, finalize=_nothing_for_none)


@functools.cache
def _pages() -> Environment:
    return _environment(autoescape=True, finalize=_leave_token)


def _environment(autoescape: bool, finalize: Any) -> Environment:
    made = Environment(
        loader=FileSystemLoader(EMAILS),
        undefined=StrictUndefined,
        autoescape=autoescape,  # noqa: S701  (off for plain text only)
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals.update({"_": gettext, "ngettext": ngettext, "link": i18n.link})
    made.filters.update(
        moment=i18n.moment, day=i18n.day, short_day=i18n.short_day, clock=i18n.clock, number=i18n.number,
        period=i18n.period, paragraphs=paragraphs, fixed=fixed,
    )  # fmt: skip
    return made


def paragraphs(text: str) -> Finished:
    """Text as people typed it, as HTML: an empty line begins a paragraph, a line break stays one."""
    blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    return Finished(
        "".join(
            f'<p style="margin:0 0 16px 0">{escape(block).replace(chr(10), Markup("<br>"))}</p>'
            for block in blocks
            if block
        )
    )


def fixed(text: str) -> Markup:
    """For values with few forms that style or structure hang on (a language, a tone): they belong to the skeleton."""
    return escape(text)


# --- tokens -------------------------------------------------------------------------------------------------------


def _nothing_for_none(value: Any) -> Any:
    return "" if value is None else value


@pass_context  # asking for the context keeps jinja from calling this while compiling, when there is nothing to print
def _leave_token(_context: Context, value: Any) -> Any:
    """Keep what the template prints, and print a token in its place. Markup comes from the templates themselves."""
    if type(value) is Markup:
        return value
    if isinstance(value, StrictUndefined):
        str(value)  # raises, naming what is missing
    printed = _printed.get()
    printed.append(str(escape(_nothing_for_none(value))))
    return Markup(f"{_MARK}{len(printed) - 1}@@")  # noqa: S704  (our own token)


def _render_html(name: str, context: dict[str, Any]) -> str:
    values: list[str] = []
    before = _printed.set(values)
    try:
        skeleton = _pages().get_template(name).render(context)
    finally:
        _printed.reset(before)
    pieces = _inlined(skeleton)
    return "".join(piece if at % 2 == 0 else values[int(piece)] for at, piece in enumerate(pieces))


@functools.lru_cache(maxsize=KEPT_SKELETONS)
def _inlined(skeleton: str) -> tuple[str, ...]:
    """The skeleton with its styles inline, split at the tokens: text, number, text, number, ..., text."""
    html = premailer.Premailer(
        skeleton,
        allow_network=False,
        disable_validation=True,
        cssutils_logging_level=logging.CRITICAL,
    ).transform()
    return tuple(_TOKEN.split(html))
