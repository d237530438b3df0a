"""SCB's bulk file, line by line: ISO-8859-1, tabs, no quotes, `*` for nothing.

Source: SCB, Företagsregistret, description of the bulk file. PeOrgNr is 16 and the number for legal persons, 19 or 20
and ten digits for people. The copies whose names begin with m are not read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from eventsys.companies.imports.codes import LEGAL_FORMS
from eventsys.companies.imports.heading import places
from eventsys.companies.imports.opening import CUT, Lines
from eventsys.companies.imports.postcodes import Ours
from eventsys.companies.imports.records import ADDRESS, ELSEWHERE, REPEATED, SOLE_TRADER, Aside, Item, Record
from eventsys.companies.imports.seen import Seen
from eventsys.companies.imports.values import cleaned, codes_of, day_of, known_number, postcode_of
from eventsys.companies.models import Verdict
from eventsys.tabular import PoorFile

FIELDS = (
    "COAdress", "Foretagsnamn", "Gatuadress", "JurForm", "Namn", "Ng1", "Ng2", "Ng3", "Ng4", "Ng5", "PeOrgNr",
    "PostNr", "PostOrt", "RegDatKtid", "Reklamsparrtyp",
)  # fmt: skip


def items(lines: Lines, ours: Ours, known: Collection[bytes], sni: str) -> Iterator[Item]:
    """What each line of the file is. `known` are the numbers in the register; `sni` is the version of its codes.

    Raises PoorFile when the heading is not the file's, or the file ends in the middle of a line.
    """
    heading = lines.heading().split(b"\t")
    where, width = places(heading, FIELDS), len(heading)
    identity, postcode = where["PeOrgNr"], where["PostNr"]
    seen = Seen()
    for line in lines:
        fields = line.split(b"\t")
        if len(fields) != width:
            if lines.is_cut:
                raise PoorFile(CUT)
            if line.strip():
                yield Aside(lines.number, Verdict.REFUSED, f"Raden har inte de {width} fält som den ska ha.")
            continue
        number = fields[identity].strip()
        if len(number) != 12:
            yield Aside(lines.number, Verdict.REFUSED, "PeOrgNr ska ha tolv siffror.")
            continue
        if number[:2] != b"16" or number[4:5] < b"2":
            yield SOLE_TRADER
            continue
        number, is_ours = number[2:], ours.holds(fields[postcode].replace(b" ", b""))
        if not seen.add(number):
            yield REPEATED
        elif not is_ours and number not in known:
            yield ELSEWHERE
        else:
            yield _record(lines.number, _said(fields, where), is_ours, sni)


def _said(fields: list[bytes], where: dict[str, int]) -> dict[str, str]:
    texts = {name: _text(fields[place].strip()) for name, place in where.items()}
    return {name: "" if text == "*" else text for name, text in texts.items()}


def _text(field: bytes) -> str:
    """ISO-8859-1 as published, or UTF-8 when somebody has saved the file anew: å in Latin-1 is never valid UTF-8."""
    try:
        return field.decode("utf-8")
    except UnicodeDecodeError:
        return field.decode("latin-1")


def _record(line: int, said: dict[str, str], is_ours: bool, sni: str) -> Record:
    record = Record(line, cleaned(said["Namn"] or said["Foretagsnamn"], "name"), is_ours=is_ours, sni=sni)
    record.number, record.fault = known_number(said["PeOrgNr"])
    if not record.name and not record.fault:
        record.fault = "Raden har inget företagsnamn."
    record.codes = codes_of([said[f"Ng{place}"] for place in range(1, 6)])
    record.told = {name: value for name, value in _told(said).items() if value is not None}
    return record


def _told(said: dict[str, str]) -> dict[str, Any]:
    form = said["JurForm"]
    address = {
        "care_of": cleaned(said["COAdress"], "care_of"), "street": cleaned(said["Gatuadress"], "street"),
        "postcode": postcode_of(said["PostNr"]), "place": cleaned(said["PostOrt"], "place"),
    }  # fmt: skip
    return {
        "legal_form": cleaned(LEGAL_FORMS.get(form, form), "legal_form") or None,
        "registered_on": day_of(said["RegDatKtid"]),
        "refuses_advertising": _refuses(said["Reklamsparrtyp"]),
        **(address if any(address.values()) else dict.fromkeys(ADDRESS)),
    }


def _refuses(kind: str) -> bool | None:
    """1 and 1x accept, 2 and 2x have opted out; the file says nothing otherwise."""
    return {"1": False, "2": True}.get(kind[:1])
