"""Guest lists in files, as Swedish programs and careless or hostile people write them."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from eventsys.clock import now
from eventsys.columns import Column, guessed, has_heading
from eventsys.events.invitations.files import Verdict, judged
from eventsys.tabular import LARGEST_FILE, MOST_LINES, PoorFile, read_table
from tests.invitations.scenes import closed_event, invite, make_guest

LIST = "Namn;E-post;Företag;Org.nr\nÅsa Öberg;asa@vav.example;Väveriet AB;556036-0793\n"
ROWS = [["Namn", "E-post", "Företag", "Org.nr"], ["Åsa Öberg", "asa@vav.example", "Väveriet AB", "556036-0793"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_text_file_is_read_whatever_its_encoding_and_line_ends(encoding, line_end):
    assert read_table(LIST.replace("\n", line_end).encode(encoding), "gäster.csv") == ROWS


@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_columns_may_be_parted_by_semicolon_comma_or_tab(mark):
    assert read_table(LIST.replace(";", mark).encode(), "lista.csv") == ROWS


def test_a_comma_in_quotes_parts_nothing_and_excels_own_line_is_passed_over():
    text = 'sep=;\n"Ek, Åsa";"asa@ek.example"\n\n;\n"Alm ""Bosse"" Bo";bo@alm.example\n'
    assert read_table(text.encode(), "lista.csv") == [
        ["Ek, Åsa", "asa@ek.example"],
        ['Alm "Bosse" Bo', "bo@alm.example"],
    ]


def workbook(rows: list[list[object]]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def test_a_workbook_is_read_with_numbers_as_people_see_them():
    rows = [["Namn", "E-post", "Orgnr"], ["Åsa", "asa@ek.example", 5560360793], ["Bo", "bo@alm.example", 5560360793.0]]
    assert read_table(workbook(rows), "x.xlsx")[1:] == [
        ["Åsa", "asa@ek.example", "5560360793"],
        ["Bo", "bo@alm.example", "5560360793"],
    ]


def test_a_formula_is_text_and_no_name(app_once):
    table = read_table(workbook([["Namn", "E-post"], ['=HYPERLINK("http://x")', "asa@ek.example"]]), "x.xlsx")
    assert table[1][0].startswith("=HYPERLINK")
    with app_once.app_context():
        [line] = judged(table[1:], guessed(table), 0)
    assert (line.verdict, line.remark) == (Verdict.WRONG, "Namnet är en formel. Skriv det som text.")


def test_line_breaks_and_control_characters_in_a_cell_become_spaces():
    text = '"Åsa\r\nBcc: alla@x.example";asa@ek.example\n"Bo\x07\x1b[31m Alm";bo@alm.example\n'
    table = read_table(text.encode(), "lista.csv")
    assert [row[0] for row in table] == ["Åsa Bcc: alla@x.example", "Bo [31m Alm"]
    [name] = [row[0] for row in read_table(workbook([["Åsa\nBcc: x", "a@b.se"]]), "x.xlsx")]
    assert name == "Åsa Bcc: x"


def with_parts(**parts: bytes) -> bytes:
    """A good workbook with more in it."""
    out, whole = io.BytesIO(), io.BytesIO(workbook([["Namn", "E-post"], ["Åsa", "a@b.se"]]))
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, old.read(part))
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


def test_a_small_file_that_unfolds_to_a_giant_is_refused_before_it_is_read():
    assert read_table(with_parts(more=b"0"), "bra.xlsx")[1] == ["Åsa", "a@b.se"]
    bomb = with_parts(more=b"0" * (80 * 1024 * 1024))
    assert len(bomb) < LARGEST_FILE
    with pytest.raises(PoorFile, match="packas upp"):
        read_table(bomb, "bomb.xlsx")
    with pytest.raises(PoorFile, match="packas upp"):
        read_table(with_parts(**{f"del{number}": b"" for number in range(2100)}), "delar.xlsx")


def laughing_workbook() -> bytes:
    """Entities that unfold into each other."""
    out, whole = io.BytesIO(), io.BytesIO(workbook([["Namn", "E-post"], ["Åsa", "a@b.se"]]))
    laughs = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            text = old.read(part).decode()
            if part.filename.endswith(("sheet1.xml", "sharedStrings.xml")):
                text = (
                    f"{laughs}]>" + text.partition("?>")[2].replace("Åsa", "&j;")
                    if "?>" in text
                    else f"{laughs}]>{text}"
                )
            new.writestr(part.filename, text.replace("Åsa", "&j;"))
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "tom.csv"),
        (b" \n \n", "tom.csv"),
        (b";;;\n;;\n", "tom.csv"),
        (b"x" * (LARGEST_FILE + 1), "stor.csv"),
        (b"\x00\x01\x02", "skrap.csv"),
        (b"%PDF-1.7", "lista.xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "gammal.xls"),
        (b"PK\x03\x04 och sedan inget", "trasig.xlsx"),
        (b"\xff\xfea", "halv.csv"),
        (laughing_workbook(), "skratt.xlsx"),
        (b"a@b.se\n" * (MOST_LINES + 2), "lang.csv"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_list_is_refused_with_what_to_do(content, name):
    with pytest.raises(PoorFile, match=r"\.$"):
        read_table(content, name)


def test_five_thousand_lines_with_a_heading_are_read():
    text = "E-post\n" + "\n".join(f"gast{number}@x.example" for number in range(MOST_LINES))
    assert len(read_table(text.encode(), "lista.csv")) == MOST_LINES + 1


def test_a_sheet_that_says_it_is_endless_is_read_as_far_as_we_go():
    book, out = Workbook(), io.BytesIO()
    book.active["A1"], book.active["XFD1048576"] = "asa@ek.example", "x"
    book.save(out)
    assert read_table(out.getvalue(), "x.xlsx")[0][0] == "asa@ek.example"


@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_refused(content):
    for name in ("x.csv", "x.xlsx"):
        try:
            table = read_table(content, name)
        except PoorFile:
            continue
        assert all("\n" not in cell and "\x00" not in cell for row in table for cell in row)


# --- columns ------------------------------------------------------------------------------------------------------


def test_columns_are_known_by_the_names_people_give_them():
    table = [["Förnamn", "EFTERNAMN", "E-postadress", "Företagsnamn", "Org.nr", "Mobil", "Språk", "Övrigt"]]
    assert guessed(table) == {
        Column.FIRST: 0, Column.LAST: 1, Column.EMAIL: 2, Column.COMPANY: 3, Column.NUMBER: 4, Column.PHONE: 5,
        Column.LANGUAGE: 6,
    }  # fmt: skip
    assert has_heading(table)


def test_a_list_without_headings_tells_its_addresses_by_itself():
    table = [["Åsa Ek", "asa@ek.example"]]
    assert (has_heading(table), guessed(table)) == (False, {Column.EMAIL: 1})


def test_each_line_says_whether_it_is_new_double_or_wrong_and_why(app):
    event = closed_event()
    invite(event.id, [make_guest("Åsa Ek", email="asa@ek.example")], now(), "Fil")
    table = [
        ["Namn", "E-post", "Företag", "Org.nr", "Språk"],
        ["Åsa Ek", "ASA@ek.example", "Ek AB", "", ""],
        ["Bo Alm", "bo@alm.example", "Alm AB", "556036-0793", "engelska"],
        ["Bo Alm", "Bo@Alm.example", "Alm AB", "", ""],
        ["Eva", "eva@", "", "", ""],
        ["Nils", "", "", "", ""],
        ["Ylva", "ylva@enskild.example", "Ylvas", "811228-9874", ""],
        ["Olle", "olle@x.example", "X", "123", ""],
    ]
    lines = judged(table[1:], guessed(table), event.id, first_line=2)
    assert [(line.number, line.verdict) for line in lines] == [
        (2, Verdict.DOUBLE), (3, Verdict.NEW), (4, Verdict.DOUBLE), (5, Verdict.WRONG), (6, Verdict.WRONG),
        (7, Verdict.NEW), (8, Verdict.NEW),
    ]  # fmt: skip
    bo, ylva = lines[1].guest, lines[5].guest
    assert (bo.company_number, bo.lang) == ("5560360793", "en")
    assert (ylva.company_number, lines[5].remark) == (None, "Numret är ett personnummer och sparas inte.")
    assert lines[6].remark == "Organisationsnumret stämmer inte och tas inte med."
