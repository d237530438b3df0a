"""Bulk files in exactly the published formats, as large as wanted; everything in them is invented.

    python -m tests.companies.imports.generator bolagsverket 300000 FILE

Of a hundred lines 4 lie in Borås; there are sole traders, estates, deregistered companies, bankruptcies, several rows
of one organisation, foreign registration, stray quotes and semicolons and line breaks in descriptions, `*`, Latin-1.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from stdnum import luhn

BOLAGSVERKET = (
    "organisationsidentitet;namnskyddslopnummer;registreringsland;organisationsnamn;organisationsform;"
    "avregistreringsdatum;avregistreringsorsak;pagandeAvvecklingsEllerOmstruktureringsforfarande;registreringsdatum;"
    "verksamhetsbeskrivning;postadress"
)
_PLAIN = [
    "ForAndrTyp",
    "COAdress",
    "Foretagsnamn",
    "FtgStat",
    "Gatuadress",
    "JEStat",
    "JurForm",
    "Namn",
    "Ng1",
    "Ng2",
    "Ng3",
    "Ng4",
    "Ng5",
    "PeOrgNr",
    "PostNr",
    "PostOrt",
    "RegDatKtid",
    "Reklamsparrtyp",
]
SCB_FIELDS = [*_PLAIN, *(f"m{name}" for name in _PLAIN if name not in {"ForAndrTyp", "PeOrgNr"})]
SCB = "\t".join(SCB_FIELDS)

OURS = ("503 Borås", "504 Borås", "506 Borås", "507 Borås", "515 Viskafors")
_HERE = (("50330", "BORÅS"), ("50465", "BORÅS"), ("50630", "BORÅS"), ("50730", "BRÄMHULT"), ("51532", "VISKAFORS"))
_ELSEWHERE = (("11122", "STOCKHOLM"), ("41103", "GÖTEBORG"), ("90325", "UMEÅ"), ("21120", "MALMÖ"), ("50530", "ANNAN"))
_WORDS = ("Väveriet", "Färgeriet", "Åkes", "Öster", "Nål & Tråd", "Spinneriet", "Trikå", "Ängs", "Konfektion", "Garn")
_TEXTS = (
    "Bolaget ska bedriva textilproduktion och därmed förenlig verksamhet.",
    'Bolaget ska driva kaféet "Nålen" och därmed förenlig verksamhet.',
    'Handel med "tråd";"garn";"knappar" samt därmed förenlig verksamhet.',
    "Konsultverksamhet; förvaltning av värdepapper.",
    "Bolaget ska bedriva\nhandel med tyg\noch sybehör.",
)


def number(index: int) -> str:
    """The index-th invented organisation number, of the series 553."""
    digits = f"553{index:06d}"
    return digits + luhn.calc_check_digit(digits)


def personal_number(index: int) -> str:
    """An invented personal number, ten digits: born in a year that nobody who has a company was."""
    digits = f"99{index % 12 + 1:02d}{index % 28 + 1:02d}{index % 1000:03d}"
    return digits + luhn.calc_check_digit(digits)


def _name(index: int) -> str:
    return f"{_WORDS[index % len(_WORDS)]} {_WORDS[index // 7 % len(_WORDS)]} {index} AB"


def _day(index: int) -> date:
    return date(2000, 1, 1) + timedelta(days=index % 9000)


def bolagsverket_line(
    number: str, name: str = "Väveriet AB", kind: str = "ORGNR-IDORG", place: str = "BORÅS", postcode: str = "50330",
    **given: str,
) -> str:  # fmt: skip
    """One record, without its line break."""
    fields = {
        "identity": f"{number}${kind}", "row": "", "land": "SE-LAND",
        "name": f"{name}$FORETAGSNAMN-ORGNAM$2020-01-01", "form": "AB-ORGFO", "gone": "", "why": "", "procedure": "",
        "registered": "2020-01-01", "text": _TEXTS[0], "address": f"Storgatan 1$${place}${postcode}$SE-LAND",
        **given,
    }  # fmt: skip
    return '"' + '";"'.join(fields.values()) + '"'


def scb_line(number: str, name: str = "Väveriet AB", prefix: str = "16", **given: str) -> str:
    """One line, without its line break."""
    fields = {
        **dict.fromkeys(SCB_FIELDS, "*"), "FtgStat": "1", "Gatuadress": "Storgatan 1", "JEStat": "1", "JurForm": "49",
        "Namn": name, "Ng1": "13100", "PeOrgNr": prefix + number, "PostNr": "50330", "PostOrt": "BORÅS",
        "RegDatKtid": "20200101", "Reklamsparrtyp": "1", **given,
    }  # fmt: skip
    return "\t".join(fields.values())


def bolagsverket_lines(lines: int, seed: int = 1) -> Iterator[str]:
    """So many records of a whole bulk file, after its heading."""
    yield '"' + BOLAGSVERKET.replace(";", '";"') + '"'
    chance = random.Random(seed)
    for index in range(lines):
        postcode, place = chance.choice(_HERE if chance.random() < 0.04 else _ELSEWHERE)
        registered, text = _day(index).isoformat(), _TEXTS[index % len(_TEXTS)]
        given = {"postcode": postcode, "place": place, "registered": registered, "text": text}
        kind = chance.random()
        if kind < 0.25:
            yield bolagsverket_line(personal_number(index), f"Enskild {index}", "PERSON-IDORG", form="E-ORGFO", **given)
        elif kind < 0.26:
            yield bolagsverket_line(personal_number(index), f"Dödsbo {index}", "DODSBO-IDORG", form="E-ORGFO", **given)
        elif kind < 0.36:
            gone = {"gone": "2024-02-29", "why": "LIAV-AVREGORS"}
            yield bolagsverket_line(number(index), _name(index), **gone, **given)
        elif kind < 0.39:
            yield bolagsverket_line(number(index), _name(index), procedure="|KK-AVOMFO$2026-01-07", **given)
        elif kind < 0.42:
            yield bolagsverket_line(number(index), _name(index), land="NO-LAND", form="FL-ORGFO", **given)
        elif kind < 0.45 and index:
            yield bolagsverket_line(number(index - 1), _name(index), row="2", **given)
        else:
            yield bolagsverket_line(number(index), _name(index), **given)


def scb_lines(lines: int, seed: int = 1) -> Iterator[str]:
    """So many lines of a whole bulk file, after its heading."""
    yield SCB
    chance = random.Random(seed)
    for index in range(lines):
        postcode, place = chance.choice(_HERE if chance.random() < 0.04 else _ELSEWHERE)
        given = {"PostNr": postcode, "PostOrt": place, "RegDatKtid": f"{_day(index):%Y%m%d}"}
        given |= {"Ng2": "46410", "Reklamsparrtyp": chance.choice(("1", "1", "21", "11", "*"))}
        if chance.random() < 0.4:
            century = chance.choice(("19", "20"))
            yield scb_line(personal_number(index), f'"Enskild" {index}', century, JurForm="10", **given)
        else:
            yield scb_line(number(index), _name(index), FtgStat=chance.choice("0119"), **given)


def write_bolagsverket(path: Path, lines: int, seed: int = 1) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(f"{line}\r\n" for line in bolagsverket_lines(lines, seed))
    return path


def write_scb(path: Path, lines: int, seed: int = 1) -> Path:
    with path.open("w", encoding="latin-1", newline="") as file:
        file.writelines(f"{line}\r\n" for line in scb_lines(lines, seed))
    return path


WRITERS = {"bolagsverket": write_bolagsverket, "scb": write_scb}

if __name__ == "__main__":
    WRITERS[sys.argv[1]](Path(sys.argv[3]), int(sys.argv[2]))
