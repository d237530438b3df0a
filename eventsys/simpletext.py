"""Simple text with a handful of marks, as HTML. What is not a mark is text, so nothing typed here can do harm.

    An empty line begins a paragraph.       ## begins a heading.            - begins a point of a list.
    **strong**   `code`   [words](https://address)   [en|words in another language]   [[fact]]

A fact is put in by the system. One that stands alone on its line may be a whole block, such as a list.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from markupsafe import Markup, escape

FACT = re.compile(r"\[\[([a-zåäö]+)\]\]")
_ALONE = re.compile(r"\[\[([a-zåäö]+)\]\]\s*\Z")
_LINK = re.compile(r"\[([^\[\]|]+)\]\(((?:https?://|mailto:|/(?!/)|#)[^\s()]*)\)")
_LANGUAGE = re.compile(r"\[(sv|en)\|([^\[\]|]+)\]")
_STRONG = re.compile(r"\*\*([^*\n]+)\*\*")
_CODE = re.compile(r"`([^`\n]+)`")


def facts_in(text: str) -> set[str]:
    """The names of the facts that a text has put in."""
    return set(FACT.findall(text))


def as_html(text: str, facts: Mapping[str, Markup]) -> Markup:
    """The text as HTML. A fact that is not given leaves nothing behind."""
    blocks = [block for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()) if block.strip()]
    return Markup("\n").join(_block(block, facts) for block in blocks)


def as_line(text: str, facts: Mapping[str, Markup]) -> Markup:
    """Marks within a line only."""
    html = str(escape(text.strip()))
    html = _LINK.sub(r'<a href="\2">\1</a>', html)
    html = _LANGUAGE.sub(r'<span lang="\1">\2</span>', html)
    html = _STRONG.sub(r"<strong>\1</strong>", html)
    html = _CODE.sub(r"<code>\1</code>", html)
    return Markup(FACT.sub(lambda found: str(facts.get(found[1], "")), html))  # noqa: S704 - escaped above


def _block(block: str, facts: Mapping[str, Markup]) -> Markup:
    if (alone := _ALONE.match(block.strip())) is not None:
        return _whole(facts.get(alone[1], Markup()))
    lines = [line.strip() for line in block.split("\n") if line.strip()]
    parts, points, words = [], [], []
    for line in lines:
        if line.startswith("- "):
            points.append(as_line(line[2:], facts))
        elif line.startswith("## "):
            parts.append(Markup("<h3>{}</h3>").format(as_line(line[3:], facts)))
        else:
            words.append(as_line(line, facts))
    if words:
        parts.append(Markup("<p>{}</p>").format(Markup("<br>").join(words)))
    if points:
        parts.append(Markup("<ul>{}</ul>").format(Markup().join(Markup("<li>{}</li>").format(one) for one in points)))
    return Markup("\n").join(parts)


def _whole(fact: Markup) -> Markup:
    """A fact that is a block by itself, or one within a line, which becomes a paragraph."""
    return fact if fact.startswith(("<ul", "<p", "<dl")) or not fact else Markup("<p>{}</p>").format(fact)
