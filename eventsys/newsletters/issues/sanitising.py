"""What an editor wrote, made safe before it is kept: a few elements of HTML, web addresses, and no tokens."""

from __future__ import annotations

import html as html_words
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

import nh3

from eventsys.config import settings
from eventsys.forms import squeeze

TAGS = frozenset({"div", "p", "br", "strong", "em", "del", "a", "h3", "ul", "ol", "li", "blockquote"})
LONGEST_ADDRESS = 500
_SCHEMES = {"http", "https", "mailto"}
# What editors and office programs write for the same thing.
_RENAMED = {
    "b": "strong",
    "i": "em",
    "s": "del",
    "strike": "del",
    **dict.fromkeys(("h1", "h2", "h4", "h5", "h6"), "h3"),
}
_OTHER_NAMES = re.compile(rf"<(/?)({'|'.join(sorted(_RENAMED, key=len, reverse=True))})>")
_PARAGRAPH = re.compile(r"<p>((?:(?!</?p>).)*)</p>", re.DOTALL)
_DIVISION = re.compile(r"<div>((?:(?!</?div>).)*)</div>", re.DOTALL)
_EMPTY_LINES = re.compile(r"(?:\s*<br>\s*){2,}")
_LONELY = re.compile(r"<(p|h3|ul|ol|li|blockquote|strong|em|del)>(?:\s|<br>)*</\1>|<a(?: href=\"[^\"]*\")?>\s*</a>")
_EDITORS_SPACE = re.compile("\N{NO-BREAK SPACE}(?=<)|(?<=>)\N{NO-BREAK SPACE}")  # so editors keep a space at an edge
_EDGE_BREAKS = re.compile(r"^(?:\s|<br>)+|(?:\s|<br>)+$")
_WIDE = re.compile(r"\s{3,}")  # browsers show one; long runs of them would make the patterns above slow
_BLOCK = re.compile(r"<(?:div|p|h3|ul|ol|blockquote)>")


def harmless(text: str) -> str:
    """Text in which nobody has typed a token: `@@LEAVE@@` becomes `@ @LEAVE@ @`."""
    return re.sub("@(?=@)", "@ ", text)


def line(text: str) -> str:
    """One line of text as it is kept: squeezed, and without tokens."""
    return harmless(squeeze(text))


def clean_html(written: str) -> str:
    """The HTML of an article's body: TAGS only, links to web or mail addresses only, paragraphs as `p`.

    Scripts and styles go with all they hold, other elements leave their text. The answer cleaned again is the same.
    """
    known = _parsed(written.replace("\x00", ""), TAGS | _RENAMED.keys())
    html = _OTHER_NAMES.sub(lambda found: f"<{found[1]}{_RENAMED[found[2]]}>", known)
    before = None
    while html != before:  # a paragraph that is divided inside a bold text leaves two halves, which parsing makes whole
        before, html = html, harmless(_parsed(_in_paragraphs(html), TAGS))
    return html


def _parsed(html: str, tags: Iterable[str]) -> str:
    """The HTML as a browser understands it, with these elements and safe links only."""
    return nh3.clean(
        html,
        tags=set(tags),
        clean_content_tags={"script", "style", "title", "template"},
        attributes={"a": {"href"}},
        attribute_filter=_attribute,
        link_rel=None,
        url_schemes=_SCHEMES,
    )


def _attribute(_element: str, _name: str, value: str) -> str | None:
    return web_address(value)


def web_address(written: str) -> str | None:
    """A web or mail address that a link may have, or None. A path of ours becomes a whole address, `www.` an https one.

    A token in it is made harmless.
    """
    address = "".join(character for character in written.strip() if character.isprintable() and character != " ")
    if address.startswith("/") and not address.startswith("//"):
        address = settings().base_url.rstrip("/") + address
    elif address.startswith("www."):
        address = f"https://{address}"
    if len(address) > LONGEST_ADDRESS or not _is_address(address):
        return None
    return re.sub("@(?=@)", "%40", address)


def _is_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.scheme == "mailto":
        return "@" in parts.path
    return parts.scheme in _SCHEMES and bool(parts.hostname) and "." in f"{parts.hostname}."


def _in_paragraphs(html: str) -> str:
    """Editors write a paragraph as two line breaks in a div; here it becomes a `p`, as readers' programs expect."""
    html = _WIDE.sub("  ", html.replace("\r\n", "\n").replace("&nbsp;", "\N{NO-BREAK SPACE}"))
    html = _EDITORS_SPACE.sub(" ", html)
    before = ""
    while before != html:  # divs in divs, from the inside
        before = html
        html = _DIVISION.sub(lambda found: found[1] if _BLOCK.search(found[1]) else _paragraphs(found[1]), html)
    html = _PARAGRAPH.sub(lambda found: _paragraphs(found[1]), html)
    before = ""
    while before != html:
        before, html = html, _LONELY.sub("", html)
    if html.strip() and not _BLOCK.search(html):
        html = _paragraphs(html)
    return html.strip()


def _paragraphs(content: str) -> str:
    parts = (_EDGE_BREAKS.sub("", part) for part in _EMPTY_LINES.split(content))
    return "".join(f"<p>{part}</p>" for part in parts if part)


# --- for the editor, and as text ----------------------------------------------------------------------------------


def for_editor(body: str) -> str:
    """The body as Trix reads it: paragraphs as empty lines in one div."""
    return body.replace("</p><p>", "<br><br>").replace("<p>", "<div>").replace("</p>", "</div>")


def from_text(written: str) -> str:
    """Text typed into a plain field as a body: an empty line begins a paragraph, `- ` a point of a list."""
    text = written.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
    blocks = [block for block in re.split(r"\n\s*\n", text) if block.strip()]
    return clean_html("".join(_block(block) for block in blocks))


def _block(block: str) -> str:
    lines = [html_words.escape(one.strip(), quote=False) for one in block.split("\n") if one.strip()]
    if all(one.startswith("- ") for one in lines):
        return "<ul>" + "".join(f"<li>{one[2:]}</li>" for one in lines) + "</ul>"
    return f"<p>{'<br>'.join(lines)}</p>"


_LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.DOTALL)
_NUMBERED = re.compile(r"<ol>((?:(?!</ol>).)*)</ol>", re.DOTALL)


def as_text(body: str) -> str:
    """The body as text to read: paragraphs apart, points with `- ` or numbers, links followed by their address."""
    text = _LINK.sub(_link_in_text, body.replace("\n", " "))
    text = _NUMBERED.sub(_numbered, text)
    text = re.sub(r"<li>", "\n- ", text)
    text = re.sub(r"<blockquote>(?:<p>)?", "\n\n> ", text)
    text = text.replace("<br>", "\n")
    text = re.sub(r"</?(?:p|div|h3|ul|ol|blockquote)>", "\n\n", text)
    plain = html_words.unescape(re.sub(r"<[^>]*>", "", text))
    lines = "\n".join(re.sub(r"[ \t]+", " ", one).strip() for one in plain.split("\n"))
    return harmless(re.sub(r"\n{3,}", "\n\n", lines).strip())


def _link_in_text(found: re.Match[str]) -> str:
    address, words = found[1], found[2]
    bare = html_words.unescape(address).removeprefix("mailto:")
    if bare == html_words.unescape(re.sub(r"<[^>]*>", "", words)).strip():
        return words
    return f"{words} ({html_words.escape(bare, quote=False)})"


def _numbered(found: re.Match[str]) -> str:
    points = re.findall(r"<li>(.*?)</li>", found[1], re.DOTALL)
    return "\n\n" + "\n".join(f"{number}. {point}" for number, point in enumerate(points, start=1)) + "\n\n"
