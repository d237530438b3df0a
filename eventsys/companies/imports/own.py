"""Our own lists: a company and perhaps somebody there on each line; lines of the same company become one record."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import phonenumbers

from eventsys.columns import Cells, Column, guessed
from eventsys.companies.imports.records import ADDRESS, JOINED, Aside, Item, Person, Record
from eventsys.companies.imports.values import cleaned, codes_of, day_of, known_number, postcode_of
from eventsys.companies.models import CompanyKind, Verdict
from eventsys.companies.numbers import without_personal_numbers
from eventsys.companies.personal_numbers import holds_personal_number
from eventsys.folding import fold
from eventsys.forms import LONGEST_EMAIL, normal_email
from eventsys.tabular import Table

COLUMNS = (
    Column.COMPANY, Column.NUMBER, Column.KIND, Column.CARE_OF, Column.STREET, Column.POSTCODE, Column.PLACE,
    Column.WEBSITE, Column.EMPLOYEES, Column.SNI, Column.REGISTERED, Column.ADVERTISING, Column.TAGS, Column.NAME,
    Column.FIRST, Column.LAST, Column.ROLE, Column.EMAIL, Column.PHONE,
)  # fmt: skip
MOST_EMPLOYEES = 1_000_000
_KINDS = {
    **dict.fromkeys(("företag", "bolag", "company"), CompanyKind.COMPANY),
    **dict.fromkeys(("förening", "företagarförening", "association"), CompanyKind.ASSOCIATION),
    **dict.fromkeys(("offentlig", "offentlig verksamhet", "myndighet", "kommun", "public"), CompanyKind.PUBLIC),
}
_YES, _NO = {"ja", "j", "yes", "x", "1", "sant", "true"}, {"nej", "n", "no", "0", "falskt", "false"}
_BETWEEN = re.compile(r"[,;|]")


def guessed_columns(table: Table) -> dict[Column, int]:
    """Which column holds what, by the names in the first row; a lone `Namn` is the company's."""
    found = {column: place for column, place in guessed(table).items() if column in COLUMNS}
    if Column.COMPANY not in found and Column.NAME in found:
        found[Column.COMPANY] = found.pop(Column.NAME)
    return found


def items(rows: Table, where: Mapping[Column, int], first_line: int, sni: str) -> Iterator[Item]:
    """What each line of the list is; `first_line` is that of rows[0]. A line of a company told before joins it."""
    records = [_record(line, Cells(row, where), sni) for line, row in enumerate(rows, start=first_line)]
    firsts = _firsts(records)
    for record in records:
        first = firsts[record.line]
        if first is not record:
            _join(first, record)
    for record in records:
        first = firsts[record.line]
        joined = f"Hör till samma företag som rad {first.line} och läggs ihop med den."
        yield record if first is record else Aside(record.line, Verdict.PASSED_OVER, joined, JOINED, record.name)


def _firsts(records: list[Record]) -> dict[int, Record]:
    """Line -> the first record of the same company: by number, or without one by name and postcode."""
    by_number: dict[str, Record] = {}
    by_name: dict[tuple[str, str], Record] = {}
    for record in records:  # first those with a number, so that lines without one find them wherever they stand
        if record.number and not record.fault:
            first = by_number.setdefault(record.number, record)
            by_name.setdefault(_key(record), first)
    for record in records:
        if not record.number and not record.fault:
            by_name.setdefault(_key(record), record)
    firsts = {}
    for record in records:
        found = by_number.get(record.number) if record.number else by_name.get(_key(record))
        firsts[record.line] = record if record.fault or found is None else found
    return _in_order(records, firsts)


def _in_order(records: list[Record], firsts: dict[int, Record]) -> dict[int, Record]:
    """The same, with the line that stands first as the first: what has the number may come after it."""
    earliest: dict[int, Record] = {}
    for record in records:
        earliest.setdefault(firsts[record.line].line, record)
    return {record.line: earliest[firsts[record.line].line] for record in records}


def _key(record: Record) -> tuple[str, str]:
    return fold(record.name), record.told.get("postcode", "")


def _join(first: Record, other: Record) -> None:
    first.number = first.number or other.number
    first.told = {**other.told, **first.told}
    first.codes = first.codes or other.codes
    for person in other.people:
        if person not in first.people:
            first.people.append(person)
    first.tags += [tag for tag in other.tags if tag not in first.tags]
    first.remarks += [remark for remark in other.remarks if remark not in first.remarks]


def _record(line: int, cells: Cells, sni: str) -> Record:
    record = Record(line, cleaned(cells[Column.COMPANY], "name"), sni=sni)
    if not record.name:
        record.fault = "Raden har inget företagsnamn."
    if cells[Column.NUMBER]:
        record.number, remark = known_number(cells[Column.NUMBER])
        record.remarks += [f"{remark} Företaget tas in utan nummer."] if remark else []
    record.told = {name: value for name, value in _told(cells, record.remarks).items() if value is not None}
    if record.told.get("refuses_advertising") is False:  # a list of ours never lifts what a company has asked for
        del record.told["refuses_advertising"]
    record.codes = codes_of(_BETWEEN.split(cells[Column.SNI])) or None
    record.tags = _tags(cells[Column.TAGS])
    person = _person(cells, record.remarks)
    record.people = [person] if person else []
    return record


def _told(cells: Cells, remarks: list[str]) -> dict[str, Any]:
    address = {
        "care_of": cleaned(cells[Column.CARE_OF], "care_of"), "street": cleaned(cells[Column.STREET], "street"),
        "postcode": _postcode(cells[Column.POSTCODE], remarks), "place": cleaned(cells[Column.PLACE], "place"),
    }  # fmt: skip
    read = _reading(remarks)
    return {
        **(address if any(address.values()) else dict.fromkeys(ADDRESS)),
        "website": cleaned(cells[Column.WEBSITE], "website") or None,
        "kind": read(cells[Column.KIND], lambda text: _KINDS.get(text.lower()), "Typen är okänd och tas inte med."),
        "employees": read(cells[Column.EMPLOYEES], _number, "Antalet anställda är inget antal och tas inte med."),
        "registered_on": read(
            cells[Column.REGISTERED], day_of, "Registreringsdatumet är inget datum och tas inte med."
        ),
        "refuses_advertising": read(cells[Column.ADVERTISING], _yes_or_no, "Reklamspärren är varken ja eller nej."),
    }


def _reading(remarks: list[str]) -> Callable[[str, Callable[[str], Any], str], Any]:
    """Reads a cell; one that has something unreadable gets the remark."""

    def read(text: str, how: Callable[[str], Any], remark: str) -> Any:
        value = how(text) if text else None
        if text and value is None:
            remarks.append(remark)
        return value

    return read


def _postcode(text: str, remarks: list[str]) -> str:
    postcode = postcode_of(text)
    if text and not postcode:
        remarks.append("Postnumret har inte fem siffror och tas inte med.")
    return postcode


def _number(text: str) -> int | None:
    digits = "".join(text.split())
    digits = digits.lstrip("0") or digits[:1]
    is_number = digits.isascii() and digits.isdigit() and len(digits) < 10
    return int(digits) if is_number and int(digits) <= MOST_EMPLOYEES else None


def _yes_or_no(text: str) -> bool | None:
    return True if text.lower() in _YES else False if text.lower() in _NO else None


def _tags(text: str) -> list[str]:
    names = (without_personal_numbers(" ".join(each.split()))[:60] for each in _BETWEEN.split(text))
    return list(dict.fromkeys(name for name in names if fold(name)))


def _person(cells: Cells, remarks: list[str]) -> Person | None:
    phone = _phone(cells[Column.PHONE], remarks)
    email, key = _email(cells[Column.EMAIL], remarks)
    name, role = without_personal_numbers(cells.name), without_personal_numbers(cells[Column.ROLE])[:80]
    if not (name or email or phone):
        return None
    return Person(name, role, email, key, phone, _e164(phone))


def _phone(text: str, remarks: list[str]) -> str:
    if holds_personal_number(text):
        remarks.append("Telefonnumret ser ut som ett personnummer och tas inte med.")
        return ""
    return text[:40]


def _email(text: str, remarks: list[str]) -> tuple[str, str | None]:
    if not text:
        return "", None
    if holds_personal_number(text):
        remarks.append("E-postadressen har ett personnummer i sig och tas inte med.")
        return "", None
    try:
        key = normal_email(text)
    except ValueError:
        key = ""
    if not key or max(len(text), len(key)) > LONGEST_EMAIL:
        remarks.append("E-postadressen stämmer inte och tas inte med.")
        return "", None
    return text, key


def _e164(text: str) -> str:
    try:
        number = phonenumbers.parse(text, "SE")
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
