"""Companies that may be the same one twice. They are only proposed: whether they are, a colleague sees."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import func, select

from eventsys.companies.models import Company, Contact
from eventsys.companies.queries import in_use
from eventsys.database import db

PAGE = 20
MOST_SHARING = 4
"""An address at more companies than that is an accountant's."""
# Swedish and usual foreign forms of companies, as they stand in names.
_FORMS = frozenset(
    (
        "ab", "aktiebolag", "aktiebolaget", "publ", "hb", "handelsbolag", "handelsbolaget", "kb", "kommanditbolag",
        "kommanditbolaget", "ef", "ek", "for", "ekonomisk", "forening", "ideell", "stiftelse", "stiftelsen", "enskild",
        "firma", "ltd", "limited", "gmbh", "as", "oy", "inc",
    )
)  # fmt: skip
_WORDS = re.compile(r"[^\W_]+")


class Why(StrEnum):
    NAME = "name"
    ADDRESS = "address"


@dataclass(frozen=True)
class Candidates:
    """Companies that may be one, the one to keep first: it has a number, or has been here longest. `why` they are."""

    companies: Sequence[Company]
    why: Why


class _Row(NamedTuple):
    id: int
    key: str
    number: str | None
    postcode: str


def plain_name(search_key: str, number: str | None) -> str:
    """`vaveriet i boras` of a company's search key: its name without number, signs and words for the legal form."""
    name = search_key.removesuffix(number or "")
    return " ".join(word for word in _WORDS.findall(name) if word not in _FORMS)


def candidates(page: int = 1) -> tuple[list[Candidates], int]:
    """The groups on a page, from 1, and how many there are in all.

    By name: alike without legal forms, and the same postcode; one without a postcode is like another when one of them
    lacks a number. By address: the same e-mail address at two to MOST_SHARING companies of which one lacks a number.
    """
    found: dict[frozenset[int], Why] = {}
    for ids in _same_name():
        found.setdefault(frozenset(ids), Why.NAME)
    for ids in _same_address():
        found.setdefault(frozenset(ids), Why.ADDRESS)
    groups = sorted(found.items(), key=lambda one: min(one[0]))
    some = groups[(page - 1) * PAGE : page * PAGE]
    companies = _companies({company_id for ids, _ in some for company_id in ids})
    return [Candidates(_best_first(companies[each] for each in ids), why) for ids, why in some], len(groups)


def _same_name() -> list[set[int]]:
    query = select(Company.id, Company.search_key, Company.number, Company.postcode)
    by_name: dict[str, list[_Row]] = {}
    for row in map(_Row._make, db.session.execute(query.where(in_use()))):
        by_name.setdefault(plain_name(row.key, row.number), []).append(row)
    return [group for name, rows in by_name.items() if name and len(rows) > 1 for group in _by_postcode(rows)]


def _by_postcode(rows: Sequence[_Row]) -> list[set[int]]:
    """Rows of one name, parted by postcode; those without one join every part that they may belong to."""
    placeless = [row for row in rows if not row.postcode]
    parts = [[row for row in rows if row.postcode == each] for each in {row.postcode for row in rows} - {""}]
    groups = [part + [row for row in placeless if _may_be_one(row, part)] for part in parts] or [placeless]
    return [{row.id for row in group} for group in groups if len(group) > 1 and _may_be_one(group[-1], group[:-1])]


def _may_be_one(row: _Row, others: Sequence[_Row]) -> bool:
    same_place = bool(row.postcode) and any(row.postcode == other.postcode for other in others)
    return same_place or any(row.number is None or other.number is None for other in others)


def _same_address() -> list[set[int]]:
    shared = (
        select(Contact.email_key)
        .join(Contact.company)
        .where(in_use(), Contact.email_key.is_not(None))
        .group_by(Contact.email_key)
        .having(func.count().between(2, MOST_SHARING), func.count(Company.number) < func.count())
    )
    query = select(Contact.email_key, Contact.company_id).join(Contact.company)
    found: dict[str, set[int]] = {}
    for address, company_id in db.session.execute(query.where(in_use(), Contact.email_key.in_(shared))):
        found.setdefault(address or "", set()).add(company_id)
    return list(found.values())


def _companies(ids: Iterable[int]) -> dict[int, Company]:
    return {one.id: one for one in db.session.scalars(select(Company).where(Company.id.in_(list(ids))))}


def _best_first(companies: Iterable[Company]) -> list[Company]:
    return sorted(companies, key=lambda one: (one.number is None, one.id))
