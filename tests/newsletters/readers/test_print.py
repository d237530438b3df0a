"""Paper for companies that no letter reaches: whom it goes to, the printer's file, and the issue on A4."""

from __future__ import annotations

import io
from itertools import pairwise

import openpyxl
import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import select

from eventsys import documents
from eventsys.audit import AuditEntry
from eventsys.clock import now
from eventsys.database import db
from eventsys.newsletters.issues.models import ArticleKind, Issue, IssueState
from eventsys.newsletters.issues.queries import issue_by_id
from eventsys.newsletters.printing.paper import addresses_of_paper, issue_paper
from eventsys.newsletters.printing.recipients import WhyNot, paper_round
from eventsys.staff.models import Role
from tests.desk.scenes import QueryCounter, reads
from tests.newsletters.factories import make_reader
from tests.newsletters.readers.scenes import (
    BODY,
    make_article,
    make_company,
    make_issue,
    make_picture,
    make_whole_issue,
)
from tests.public.reading import Read, everything_kept, followed
from tests.staff_fixtures import Visitor, new_account, visitor_as


@pytest.fixture
def issue(app: Flask) -> Issue:
    return make_whole_issue(2026, 4)


def page_of(issue: Issue) -> str:
    return f"/personal/nyhetsbrev/nummer/{issue.id}/tryck"


# --- who gets it --------------------------------------------------------------------------------------------------


def test_everybody_in_the_register_is_in_exactly_one_place(app: Flask) -> None:
    make_company("Väveriet AB")
    make_company("Mejl AB", email="info@mejl.example")
    make_company("Nej tack AB", refuses_advertising=True)
    make_company("Utan gata AB", street=" ")
    make_company("Kort postnummer AB", postcode="503")
    make_company("Utan ort AB", place="")
    make_company("Bara namn AB", street="", postcode="", place="")
    found = paper_round()
    assert [one.name for one in found.companies] == ["Väveriet AB"]
    assert {one.name: one.why for one in found.left_out} == {
        "Nej tack AB": WhyNot.REFUSES, "Utan gata AB": WhyNot.NO_STREET, "Kort postnummer AB": WhyNot.NO_POSTCODE,
        "Utan ort AB": WhyNot.NO_PLACE, "Bara namn AB": WhyNot.NO_STREET,
    }  # fmt: skip
    assert found.reasons == [
        (WhyNot.REFUSES, 1), (WhyNot.NO_STREET, 2), (WhyNot.NO_POSTCODE, 1), (WhyNot.NO_PLACE, 1),
    ]  # fmt: skip
    assert found.by_email == 1
    assert len(found.companies) + len(found.left_out) + found.by_email == 7


def test_a_company_whose_reader_subscribes_gets_the_letter_and_no_paper(app: Flask) -> None:
    has, left, refuses = (make_company(name) for name in ("Har AB", "Slutade AB", "Vill inte AB"))
    make_reader("a@har.example", company_id=has.id)
    make_reader("b@slutade.example", lists=[], left=["foretagsamt"], company_id=left.id)
    make_reader("c@villinte.example", refused_at=now(), company_id=refuses.id)
    assert [one.name for one in paper_round().companies] == ["Slutade AB", "Vill inte AB"]
    assert paper_round().by_email == 1


def test_the_round_is_two_queries_in_the_order_of_the_postman(app: Flask, count_queries: QueryCounter) -> None:
    for name, postcode in (("Öst AB", "50332"), ("Åke AB", "50332"), ("Ada AB", "51161"), ("Ek AB", "50100")):
        make_company(name, postcode=postcode)
    with count_queries() as statements:
        found = paper_round()
    assert [one.name for one in found.companies] == ["Ek AB", "Åke AB", "Öst AB", "Ada AB"]
    assert len(reads(statements)) == 2


# --- the printer's file -------------------------------------------------------------------------------------------


def test_the_file_has_a_line_a_company_and_taking_it_is_noted(staff: Visitor, issue: Issue) -> None:
    make_company("Väveriet i Borås AB", care_of="c/o Öberg", street="Allégatan 1", postcode="50332", place="Borås")
    make_company("=1+1 AB", street="+46 Gatan", postcode="51161", place="@Skene")
    make_company("Mejl AB", email="info@mejl.example")
    answer = staff.post(f"{page_of(issue)}/adresser.xlsx")
    assert answer.status_code == 200
    assert 'filename="foretagsamt-2026-4-adresser.xlsx"' in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["Företag", "c/o", "Adress", "Postnummer", "Ort"],
        ["Väveriet i Borås AB", "c/o Öberg", "Allégatan 1", "503 32", "Borås"],
        ["=1+1 AB", None, "+46 Gatan", "511 61", "@Skene"],
    ]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}, "texts, no formulas"
    [entry] = db.session.execute(select(AuditEntry).where(AuditEntry.action == "issue.addresses_taken_out")).scalars()
    assert (entry.subject, entry.detail) == (f"issue:{issue.id}", {"rows": 2})


def test_nothing_to_take_out_is_said_and_not_noted(staff: Visitor, issue: Issue) -> None:
    before = everything_kept()
    assert "Det finns inga adresser" in Read(followed(staff, staff.post(f"{page_of(issue)}/adresser.xlsx"))).words
    assert everything_kept() == before


@pytest.mark.parametrize("role", Role)
def test_only_those_who_may_take_lists_out_get_addresses_or_see_names(app: Flask, issue: Issue, role: Role) -> None:
    make_company("Väveriet AB")
    make_company("Hemlig AB", street="")
    client = visitor_as(app, new_account(role))
    takes = role in (Role.ORGANISER, Role.ADMINISTRATOR)
    writes = takes or role is Role.EDITOR
    assert client.post(f"{page_of(issue)}/adresser.xlsx").status_code == (200 if takes else 403)
    page = client.get(page_of(issue))
    assert page.status_code == (200 if writes else 403)
    assert ("Hemlig AB" in page.text) is takes
    assert ("Hämta 1 adress" in page.text) is takes
    assert client.get(f"{page_of(issue)}/nummer.pdf").status_code == (200 if writes else 403)


def test_the_page_counts_everybody_and_says_why(staff: Visitor, issue: Issue) -> None:
    make_company("Väveriet AB")
    make_company("Nej tack AB", refuses_advertising=True)
    page = Read(staff.get(page_of(issue)))
    assert [stat.text for stat in page.tree.xpath("//*[@class='stat']/b")] == ["1", "1", "0"]
    assert "Reklamspärr" in page.words
    assert "Tryck" in page.tree.xpath("//nav[@class='tabs']/a[@aria-current]/text()")
    assert "Numret har inte skickats än" not in page.words


def test_the_page_warns_while_the_issue_is_not_out(staff: Visitor) -> None:
    issue = make_issue(published_at=None, state=IssueState.DRAFT)
    assert "Numret har inte skickats än" in Read(staff.get(page_of(issue))).words


# --- the paper ----------------------------------------------------------------------------------------------------


def paper(issue: Issue) -> PdfReader:
    return PdfReader(io.BytesIO(issue_paper(issue_by_id(issue.id))))


def words(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_the_paper_holds_the_whole_issue_on_a4_tagged_and_in_our_fonts(issue: Issue) -> None:
    reader = paper(issue)
    assert len(reader.pages) <= 2
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in reader.pages} == {(595, 842)}
    said = words(reader)
    for part in (
        "Företagsamt", "Väveriet i Viared bygger ut", "Åtta nya jobb när hallen står klar i maj.", "Så gick det till",
        "Fredagslunch om export", "Åhaga", "Koncerninköp", "Det händer i vår", "Näringslivsenheten, Borås Stad",
        "https://vaveriet.example/jobb", "upphandling.example/1",
    ):  # fmt: skip
        assert part in said, part
    assert f"1 ({len(reader.pages)})" in said
    catalogue = reader.trailer["/Root"]
    assert catalogue["/Lang"] == "sv"
    assert catalogue["/MarkInfo"]["/Marked"]
    assert str(reader.metadata.title) == issue.subject
    fonts = {str(font["/BaseFont"]) for page in reader.pages for font in _fonts(page)}
    assert fonts
    assert all("Hanken" in font for font in fonts)


def _fonts(page: object) -> list[dict[str, object]]:
    return [font.get_object() for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_pictures_stand_on_the_paper_without_being_fetched(app: Flask, kind: str) -> None:
    issue = make_issue()
    make_article(issue, "Med bild", picture_id=make_picture(400, 300, kind).id, alt="En vävstol")
    images = [image for page in paper(issue).pages for image in page.images]
    assert (400, 300) in {Image.open(io.BytesIO(image.data)).size for image in images}


def test_the_codes_on_the_paper_lead_to_the_issue_and_to_the_sign_up(issue: Issue) -> None:
    addresses = addresses_of_paper(issue)
    assert addresses == ("http://127.0.0.1:8000/foretagsamt/2026/4", "http://127.0.0.1:8000/nyhetsbrev")
    for address in addresses:
        [found] = zxingcpp.read_barcodes(Image.open(io.BytesIO(documents.qr_png(address))))
        assert found.text == address
    drawn = documents.qr_matrix(addresses[0])
    assert documents.qr_svg(addresses[0], "").count("M") > len(drawn)
    said = words(paper(issue))
    assert all(address.removeprefix("http://") in said for address in addresses)


def test_a_long_issue_flows_over_pages_and_loses_nothing(app: Flask) -> None:
    issue = make_issue()
    for number in range(8):
        make_article(issue, f"Rubrik {number}", body=BODY * 8, lead="Ingress " * 20)
    make_article(issue, "Sist", kind=ArticleKind.PROCUREMENT, buyer="Staden")
    reader = paper(issue)
    assert 3 <= len(reader.pages) <= 12
    said = words(reader)
    places = [said.index(f"Rubrik {number}") for number in range(8)]
    assert all(before < after for before, after in pairwise(places))
    assert said.count("Vi trodde aldrig att det skulle gå.") == 64
    assert "Staden" in said


def test_text_is_text_on_the_paper_too(app: Flask) -> None:
    issue = make_issue(subject="</title><h1>å & ö")
    make_article(issue, "<b>fet</b>", lead="<img src=file:///etc/passwd>", link_url="javascript:alert(1)")
    assert "<b>fet</b>" in words(paper(issue))


def test_an_issue_without_articles_is_a_paper_with_its_name(app: Flask) -> None:
    assert "Företagsamt" in words(paper(make_issue(subject="")))


def test_the_door_gives_the_file_under_a_plain_name(staff: Visitor, issue: Issue) -> None:
    answer = staff.get(f"{page_of(issue)}/nummer.pdf")
    assert answer.data.startswith(b"%PDF")
    assert 'filename="foretagsamt-2026-4.pdf"' in answer.headers["Content-Disposition"]
    assert staff.get("/personal/nyhetsbrev/nummer/999999/tryck/nummer.pdf").status_code == 404
