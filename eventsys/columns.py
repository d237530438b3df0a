"""Lists of people from files: which column holds what, found by name and confirmed on the page; and the rows on their
way between the pages of an import.

The file is not kept: between the steps its rows travel through the browser, signed so that nobody can change them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer
from wtforms import FileField, HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice

from eventsys.forms import LONGEST_EMAIL, Form, normal_email, required, squeeze
from eventsys.tabular import Table


class Column(StrEnum):
    """What a column may hold."""

    EMAIL = "epost"
    NAME = "namn"
    FIRST = "fornamn"
    LAST = "efternamn"
    COMPANY = "foretag"
    NUMBER = "nummer"
    PHONE = "telefon"
    LANGUAGE = "sprak"
    ROLE = "roll"
    CARE_OF = "co"
    STREET = "gata"
    POSTCODE = "postnummer"
    PLACE = "ort"
    KIND = "slag"
    SNI = "sni"
    EMPLOYEES = "anstallda"
    TAGS = "etiketter"
    WEBSITE = "webbplats"
    REGISTERED = "registrerad"
    ADVERTISING = "reklamsparr"


OF_PEOPLE = (
    Column.EMAIL, Column.NAME, Column.FIRST, Column.LAST, Column.COMPANY, Column.NUMBER, Column.PHONE, Column.LANGUAGE,
)  # fmt: skip
"""What lists of people may hold."""

LABELS: dict[Column, str] = {
    Column.EMAIL: "E-post",
    Column.NAME: "Namn",
    Column.FIRST: "Förnamn",
    Column.LAST: "Efternamn",
    Column.COMPANY: "Företag",
    Column.NUMBER: "Organisationsnummer",
    Column.PHONE: "Telefon",
    Column.LANGUAGE: "Språk",
    Column.ROLE: "Roll",
    Column.CARE_OF: "C/o",
    Column.STREET: "Gatuadress",
    Column.POSTCODE: "Postnummer",
    Column.PLACE: "Ort",
    Column.KIND: "Typ (företag, förening eller offentlig)",
    Column.SNI: "SNI-kod",
    Column.EMPLOYEES: "Antal anställda",
    Column.TAGS: "Etiketter",
    Column.WEBSITE: "Webbplats",
    Column.REGISTERED: "Registreringsdatum",
    Column.ADVERTISING: "Reklamspärr (ja eller nej)",
}

# Names of columns as people write them, in small letters and without anything but letters.
_KNOWN: dict[str, Column] = {
    **dict.fromkeys(("epost", "epostadress", "email", "emailadress", "mail", "mejl", "mailadress"), Column.EMAIL),
    **dict.fromkeys(("namn", "name", "kontakt", "kontaktperson", "deltagare", "person"), Column.NAME),
    **dict.fromkeys(("förnamn", "firstname", "tilltalsnamn"), Column.FIRST),
    **dict.fromkeys(("efternamn", "lastname", "surname"), Column.LAST),
    **dict.fromkeys(
        ("företag", "företagsnamn", "organisation", "bolag", "company", "förening", "arbetsgivare"), Column.COMPANY
    ),
    **dict.fromkeys(
        ("organisationsnummer", "orgnr", "orgnummer", "organisationsnr", "organisationnumber"), Column.NUMBER
    ),
    **dict.fromkeys(("telefon", "telefonnummer", "mobil", "mobilnummer", "tel", "phone", "mobiltelefon"), Column.PHONE),
    **dict.fromkeys(("språk", "language", "lang"), Column.LANGUAGE),
    **dict.fromkeys(("roll", "titel", "befattning", "role", "title"), Column.ROLE),
    **dict.fromkeys(("co", "coadress", "careof"), Column.CARE_OF),
    **dict.fromkeys(("gata", "gatuadress", "adress", "postadress", "utdelningsadress", "street"), Column.STREET),
    **dict.fromkeys(("postnr", "postnummer", "postkod", "postcode", "zip"), Column.POSTCODE),
    **dict.fromkeys(("ort", "postort", "stad", "city", "place"), Column.PLACE),
    **dict.fromkeys(("slag", "typ", "kind"), Column.KIND),
    **dict.fromkeys(("sni", "snikod", "snikoder", "branschkod"), Column.SNI),
    **dict.fromkeys(("anställda", "antalanställda", "antalanst", "employees"), Column.EMPLOYEES),
    **dict.fromkeys(("etikett", "etiketter", "tagg", "taggar", "kluster", "tags"), Column.TAGS),
    **dict.fromkeys(("webbplats", "hemsida", "webb", "webbadress", "www", "website"), Column.WEBSITE),
    **dict.fromkeys(("registrerad", "registreringsdatum", "registrerat", "regdatum"), Column.REGISTERED),
    **dict.fromkeys(("reklamspärr", "reklam", "advertising"), Column.ADVERTISING),
}

Where = dict[Column, int]


def has_heading(table: Table) -> bool:
    """Whether the first row names columns: one that we know, and no address."""
    return any(_known(cell) for cell in table[0]) and not any("@" in cell for cell in table[0])


def guessed(table: Table) -> Where:
    """Which column holds what, by the names in the first row; without names, an address tells itself."""
    found: Where = {}
    for number, cell in enumerate(table[0]):
        if (column := _known(cell)) is not None and column not in found:
            found[column] = number
    if Column.EMAIL not in found:
        address = next((n for row in table[:5] for n, cell in enumerate(row) if "@" in cell), None)
        if address is not None:
            found[Column.EMAIL] = address
    return found


def _known(cell: str) -> Column | None:
    return _KNOWN.get("".join(character for character in cell.lower() if character.isalpha()))


class Cells:
    """One row, asked by what its columns hold."""

    def __init__(self, row: Sequence[str], where: Mapping[Column, int]) -> None:
        self.row, self.where = row, where

    def __getitem__(self, column: Column) -> str:
        place = self.where.get(column, -1)
        return squeeze(self.row[place]) if 0 <= place < len(self.row) else ""

    @property
    def name(self) -> str:
        whole = f"{self[Column.FIRST]} {self[Column.LAST]}".strip()
        return (self[Column.NAME] or whole)[:120]

    @property
    def shown(self) -> str:
        """What a person calls the row."""
        return self.name or self[Column.COMPANY] or self[Column.EMAIL]

    def address_or_fault(self) -> tuple[str, str]:
        """(the address as we compare it, what is wrong with the row in Swedish); one of them is empty."""
        email = self[Column.EMAIL]
        if not email:
            return "", "Raden har ingen e-postadress."
        try:
            key = normal_email(email)
        except ValueError:
            return "", f"”{email[:80]}” är ingen e-postadress."
        if len(email) > LONGEST_EMAIL:
            return "", "E-postadressen är för lång."
        if self.name.startswith(("=", "@")):
            return "", "Namnet är en formel. Skriv det som text."
        return key, ""


# --- on the page --------------------------------------------------------------------------------------------------

NO_COLUMN = "-1"
SECONDS = 4 * 3600  # between the steps, lunch included
LARGEST_FORM = 8 * 1024 * 1024


class ListFileForm(Form):
    file = FileField("Fil", [required("Välj en fil.")])


class ColumnsForm(Form):
    """Which column of the file holds what. `table` is the file's rows, signed, on their way through the browser."""

    columns: tuple[Column, ...]

    table = HiddenField()
    heading = RadioField("Första raden", default="ja", validate_choice=False)

    @property
    def column_fields(self) -> list[SelectField]:
        return [self[column.value] for column in self.columns]

    @property
    def where(self) -> Where:
        return {column: int(self[column.value].data) for column in self.columns if self._is_given(column)}

    def _is_given(self, column: Column) -> bool:
        return bool(self[column.value].data != NO_COLUMN)

    @property
    def has_heading(self) -> bool:
        return bool(self.heading.data != "nej")

    def say_no_addresses(self) -> None:
        """The error where no column with addresses was chosen."""
        self[Column.EMAIL.value].errors = ["Välj vilken kolumn som har e-postadresserna."]


def columns_form(
    table: Table,
    signed: str,
    a_row: str,
    columns: Sequence[Column] = OF_PEOPLE,
    base: type[ColumnsForm] = ColumnsForm,
    first: bool = False,
) -> Any:
    """The form with the file's own columns to choose from, these kinds of them; `a_row` says what a row is ("en gäst").

    With `first` it is filled with what the columns' names tell, for the page that shows it first.
    """
    fields: dict[str, Any] = {one.value: SelectField(LABELS[one], default=NO_COLUMN) for one in columns}
    kind = type(base.__name__, (base,), {**fields, "columns": tuple(columns)})
    form = kind(data=_first_guess(table) if first else None)
    form.heading.choices = [SelectChoice("ja", "Är rubriker"), SelectChoice("nej", f"Är {a_row}")]
    choices = [SelectChoice(NO_COLUMN, "Finns inte i filen")]
    choices += [SelectChoice(str(number), _column_label(number, cell)) for number, cell in enumerate(table[0])]
    for field in form.column_fields:
        field.choices = choices
    form.table.data = signed
    return form


def _first_guess(table: Table) -> dict[str, str]:
    found = {column.value: str(number) for column, number in guessed(table).items()}
    return {**found, "heading": "ja" if has_heading(table) else "nej"}


def _column_label(number: int, heading: str) -> str:
    return f"Kolumn {number + 1}" + (f": {heading[:40]}" if heading else "")


def signed_rows(table: Table, purpose: str) -> str:
    """The rows as text that nobody can change on the way; `purpose` keeps one import's rows out of another's."""
    return str(_signer(purpose).dumps(table))


def rows_of(text: str, purpose: str) -> Table | None:
    """The rows as they were read; None when they are too old, or not ours."""
    try:
        table: Table = _signer(purpose).loads(text, max_age=SECONDS)
    except BadData:
        return None
    return table


def _signer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=f"eventsys.{purpose}")
