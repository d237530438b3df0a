"""Bolagsverket's bulk file, line by line: UTF-8, `;`, every field in quotes, quotes inside left as they are.

Source: Bolagsverket, "Nedladdningsbara filer", description of the file's structure. `$` parts subfields, `|` repeats.
What decides about most lines (whose number it is, where the company lies) is looked at before anything is decoded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from eventsys.companies.imports.codes import FORMS, PROCEDURES
from eventsys.companies.imports.heading import places
from eventsys.companies.imports.opening import CUT, Lines
from eventsys.companies.imports.postcodes import Ours
from eventsys.companies.imports.records import ELSEWHERE, FOREIGN, REPEATED, SOLE_TRADER, Aside, Item, Record
from eventsys.companies.imports.seen import Seen
from eventsys.companies.imports.values import NOT_UTF8, cleaned, day_of, known_number, postcode_of
from eventsys.companies.models import Verdict
from eventsys.tabular import PoorFile

FIELDS = (
    "organisationsidentitet", "namnskyddslopnummer", "registreringsland", "organisationsnamn", "organisationsform",
    "avregistreringsdatum", "avregistreringsorsak", "pagandeAvvecklingsEllerOmstruktureringsforfarande",
    "registreringsdatum", "verksamhetsbeskrivning", "postadress",
)  # fmt: skip
_BETWEEN = b'";"'
_PEOPLE = (b"PERSON-IDORG", b"DODSBO-IDORG")
_MOST_PIECES = 20  # of one record, when its description has line breaks
_SWEDEN = (b"SE-LAND", b"")


def items(lines: Lines, ours: Ours, known: Collection[bytes]) -> Iterator[Item]:
    """What each record of the file is. `known` are the numbers in the register, taken in wherever they have moved.

    Raises PoorFile when the heading is not the file's, or the file ends in the middle of a line.
    """
    heading = lines.heading()
    where = places(heading.strip(b'"').split(_BETWEEN if _BETWEEN in heading else b";"), FIELDS)
    reader = _Reader(where, heading.count(b";") + 1)
    seen = Seen()
    for line, fields in _records(lines, reader.width):
        if fields is None:
            yield Aside(line, Verdict.REFUSED, f"Raden har inte de {reader.width} fält som den ska ha.")
            continue
        if len(fields) > reader.width:
            fields = reader.mended(fields)
        number, _, kind = fields[reader.identity].partition(b"$")
        if kind in _PEOPLE or (number[2:3] < b"2" and kind == b"ORGNR-IDORG"):
            yield SOLE_TRADER
            continue
        if kind == b"ORGNR-IDORG" and not seen.add(number):
            yield REPEATED
            continue
        address = fields[reader.address].rsplit(b"$", 2)
        is_ours = len(address) == 3 and address[2] in _SWEDEN and ours.holds(address[1].replace(b" ", b""))
        if not is_ours and number not in known:
            yield ELSEWHERE
        elif kind != b"ORGNR-IDORG":
            yield FOREIGN
        else:
            yield reader.record(line, fields, is_ours)


def _records(lines: Lines, width: int) -> Iterator[tuple[int, list[bytes] | None]]:
    """(the line where it begins, its fields) of each record; None for a line that belongs to none.

    A description may have line breaks: a line that is no whole record is held until those after it make it one.
    """
    separators, held = width - 1, list[tuple[int, bytes]]()
    for line in lines:
        if line[:1] == b'"' and line[-1:] == b'"' and line.count(_BETWEEN) >= separators:
            for number, _ in held:
                yield number, None
            held.clear()
            yield lines.number, line[1:-1].split(_BETWEEN)
            continue
        if not line.strip() and not held:
            continue
        held.append((lines.number, line))
        joined = b" ".join(piece for _, piece in held)
        if joined[:1] == b'"' and joined[-1:] == b'"' and joined.count(_BETWEEN) >= separators:
            yield held[0][0], joined[1:-1].split(_BETWEEN)
            held.clear()
        elif len(held) >= _MOST_PIECES or held[0][1][:1] != b'"':
            yield held[0][0], None
            held.pop(0)
    if held and lines.is_cut:
        raise PoorFile(CUT)
    for number, _ in held:
        yield number, None


class _Reader:
    def __init__(self, where: dict[str, int], width: int) -> None:
        self.where, self.width = where, width
        self.identity, self.address = where["organisationsidentitet"], where["postadress"]
        self.description = where["verksamhetsbeskrivning"]

    def mended(self, fields: list[bytes]) -> list[bytes]:
        """The fields of a record whose description has `";"` in it."""
        extra = len(fields) - self.width
        last = self.description + extra + 1
        return [*fields[: self.description], b" ".join(fields[self.description : last]), *fields[last:]]

    def record(self, line: int, fields: list[bytes], is_ours: bool) -> Record:
        try:
            said = {name: fields[place].decode("utf-8") for name, place in self.where.items()}
        except UnicodeDecodeError:
            return Record(line, "", fault=NOT_UTF8, is_ours=is_ours)
        record = Record(line, _name(said["organisationsnamn"]), is_ours=is_ours)
        record.number, record.fault = known_number(said["organisationsidentitet"].partition("$")[0])
        if not record.name and not record.fault:
            record.fault = "Raden har inget företagsnamn."
        record.told = {
            "legal_form": _form(said["organisationsform"]),
            "registered_on": day_of(said["registreringsdatum"]),
            **_address(said["postadress"]),
        }
        record.told = {name: value for name, value in record.told.items() if value is not None}
        # Both are facts also when they are empty: a company may be taken back, and a procedure ends.
        record.told["deregistered_on"] = day_of(said["avregistreringsdatum"])
        record.told["procedure"] = _procedures(said["pagandeAvvecklingsEllerOmstruktureringsforfarande"])
        return record


def _name(text: str) -> str:
    """The newest FORETAGSNAMN of `name$FORETAGSNAMN-ORGNAM$date|...`; without one, the newest of any kind."""
    names = [parts for each in text.split("|") if (parts := each.split("$"))[0].strip()]
    proper = [parts for parts in names if len(parts) > 1 and parts[1] == "FORETAGSNAMN-ORGNAM"]
    newest = max(proper or names, key=lambda parts: parts[2] if len(parts) > 2 else "", default=[""])
    return cleaned(newest[0], "name")


def _form(text: str) -> str | None:
    code = text.removesuffix("-ORGFO")
    return cleaned(FORMS.get(code, code), "legal_form") or None


def _procedures(text: str) -> str:
    """What goes on, in words, of `|KK-AVOMFO$date|...`; what is over ends in -AVSLAVOMFO and is left out."""
    codes = [each.partition("$")[0].strip() for each in text.split("|")]
    going_on = [code.removesuffix("-AVOMFO") for code in codes if code and not code.endswith("-AVSLAVOMFO")]
    return cleaned(", ".join(dict.fromkeys(PROCEDURES.get(code, code) for code in going_on)), "procedure")


def _address(text: str) -> dict[str, str | date | None]:
    """`street$c/o$place$postcode$country`; nothing when there is none, or it lies abroad."""
    parts = text.rsplit("$", 4)
    if len(parts) < 5 or parts[4] not in {"SE-LAND", ""} or not any(parts[:4]):
        return {}
    street, care_of, place, postcode = parts[:4]
    return {
        "street": cleaned(street, "street"), "care_of": cleaned(care_of, "care_of"),
        "place": cleaned(place, "place"), "postcode": postcode_of(postcode),
    }  # fmt: skip
