"""Finding text whatever the case, and with or without the dots and rings of å ä ö, alike on both databases.

SQLite knows the case of a to z only, and a Swede writes "akesson" in a hurry. So both sides are folded: in SQL by
replacing the letters that occur, in Python by Unicode's own tables.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from sqlalchemy import ColumnElement, String, and_, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

_LETTERS = (("å", "a"), ("ä", "a"), ("ö", "o"), ("é", "e"), ("ü", "u"))
_NUMBER = re.compile(r"(\d{6})-(\d{4})")
MOST_WORDS = 6

Column = InstrumentedAttribute[Any] | ColumnElement[Any]


class _Folded(FunctionElement[str]):
    """One piece of SQL that is written out: a tree of eleven functions takes Python longer than the database."""

    type = String()
    inherit_cache = True


@compiles(_Folded)
def _written_out(element: _Folded, compiler: SQLCompiler, **given: Any) -> str:
    plain = compiler.process(element.clauses, **given)
    for letter, instead in _LETTERS:
        plain = f"replace(replace({plain}, '{letter}', '{instead}'), '{letter.upper()}', '{instead}')"
    return f"lower({plain})"


def folded(text: Column) -> ColumnElement[str]:
    """SQL: the text in small letters, å and ä as a, ö as o, é as e, ü as u."""
    return _Folded(text)


def fold(text: str) -> str:
    """The same of a text that somebody typed; an organisation number loses its hyphen."""
    parts = unicodedata.normalize("NFKD", _NUMBER.sub(r"\1\2", text)).lower()
    return "".join(part for part in parts if not unicodedata.combining(part))


def holds_all_words(query: str, *columns: Column) -> ColumnElement[bool]:
    """A condition: each word of the query stands somewhere in the columns. The first MOST_WORDS words count.

    Folding costs ten times what a comparison does, so each row is first held against a rough pattern, where letters
    that may wear dots or rings stand for anything.
    """
    haystack: Any = func.coalesce(columns[0], "")
    for column in columns[1:]:
        haystack = haystack + " " + func.coalesce(column, "")
    words = fold(query).split()[:MOST_WORDS]
    rough = [haystack.ilike(_roughly(word), escape="/") for word in words]
    exact = [folded(haystack).contains(word, autoescape=True) for word in words]
    return and_(*rough, *exact)


def _roughly(word: str) -> str:
    escaped = re.sub(r"[/%_]", r"/\g<0>", word)
    return f"%{re.sub('[aoeu]', '_', escaped)}%"
