"""The page of one company: everything for those who may see the register, own events for co-organisers."""

from __future__ import annotations

from datetime import date

import pytest

from eventsys.clock import now
from eventsys.companies.merging import merge
from eventsys.companies.models import Company, CompanyTag, VisitForm
from eventsys.database import db, transaction
from eventsys.events.invitations.models import Invitation, InvitationState
from eventsys.events.models import Registration
from eventsys.mail.models import State
from eventsys.newsletters.lists import FORETAGSAMT
from eventsys.newsletters.subscriptions.models import Reader, Subscription, Way
from eventsys.newsletters.welcome.models import Choice, WelcomeLetter, WelcomeRound
from eventsys.staff.models import Role
from tests.companies.scenes import (
    code_of,
    contact_of,
    keep,
    make_company,
    new_number,
    note_of,
    number_of,
    tag_named,
    visit_of,
)
from tests.desk.scenes import give_series_of, make_letter
from tests.factories import in_days, make_event, make_registration

ALL_OF_IT = (Role.ADMINISTRATOR, Role.ORGANISER, Role.EDITOR)


def path(company: Company) -> str:
    db.session.rollback()
    return f"/personal/foretag/{company.id}"


def furnished(mark: str = "ek", number: int = 700_001) -> Company:
    """A company with something of everything."""
    company = make_company(
        "Väveriet AB", number=number_of(number), legal_form="Aktiebolag", street="Exempelgatan 1", postcode="50330",
        place="Borås", employees=7, registered_on=date(2020, 2, 3),
    )  # fmt: skip
    add_to(company, mark)
    return company


def add_to(company: Company, mark: str) -> None:
    address, event = f"{mark}@vav.example", make_event(title=f"Lunch {mark}")
    booking = make_registration(event, [f"Åsa {mark}"])
    tag = tag_named(f"Kluster {mark}")
    round_ = WelcomeRound(
        year=2027, number=ord(mark[0]), registered_until=date(2027, 1, 1), created_at=now(), changed_at=now()
    )
    reader = Reader(token=f"r-{mark}", address=f"läsare-{mark}@vav.example", company_id=company.id, added_at=now())
    keep(tag, round_, reader)
    keep(
        contact_of(company.id, address, name=f"Kontakt {mark}", attached_at=now()),
        note_of(company.id, f"Vill växa {mark}"), code_of(company.id, f"1310{ord(mark[0]) % 10}"),
        visit_of(company.id, themes=f"Lokaler {mark}", follow_up=f"Ring {mark}", follow_up_on=date(2020, 1, 7)),
        CompanyTag(company_id=company.id, tag_id=tag.id),
        Subscription(reader_id=reader.id, list=FORETAGSAMT, way=Way.PAGE, began_at=now()),
        Invitation(
            event_id=event.id, state=InvitationState.SENT, token=f"i-{mark}", name=f"Gäst {mark}", email=address,
            email_key=address, company_id=company.id, created_at=now(),
        ),
        WelcomeLetter(
            round_id=round_.id, company_id=company.id, choice=Choice.EXCLUDED, claim=None, reason=f"Vilande {mark}",
            created_at=now(),
        ),
    )  # fmt: skip
    with transaction():
        db.session.get_one(Registration, booking.id).company_id = company.id
    make_letter(State.ACCEPTED, address=address, subject=f"Brev till {mark}")


SHOWN = (
    "Aktiebolag", "Exempelgatan 1, 503\xa030 Borås", "Lunch ek", "Kontakt ek", "Vill växa ek", "Lokaler ek",
    "Ring ek", "läsare-ek@vav.example", "Företagsamt", "Vilande ek", "Kluster ek", "Brev till ek", "13.101",
)  # fmt: skip


PEOPLE = ("Åsa ek", "Gäst ek")


@pytest.mark.parametrize("role", ALL_OF_IT)
def test_everything_of_a_company_is_on_its_page_and_for_editors_all_but_who_came_and_was_invited(
    signed_in_client, role
):
    company = furnished()
    page = signed_in_client(role).get(path(company))
    assert page.status_code == 200
    hidden = list(PEOPLE) if role is Role.EDITOR else []
    assert [text for text in (*SHOWN, *PEOPLE) if text not in page.text] == hidden
    assert number_of(700_001)[6:] in page.text


def test_co_organisers_see_events_of_their_series_and_nothing_else(signed_in_client, co_organiser):
    company = furnished()
    ours = make_event(title="Anbudsskola")
    give_series_of(ours, co_organiser)
    browser = signed_in_client(co_organiser)
    assert browser.get(path(company)).status_code == 404
    booking = make_registration(ours, ["Bo Alm"])
    with transaction():
        db.session.get_one(Registration, booking.id).company_id = company.id
    page = browser.get(path(company)).text
    assert "Anbudsskola" in page
    assert "Bo Alm" in page
    hidden = ("Lunch ek", "Kontakt ek", "Vill växa", "Ring ek", "läsare-ek", "Vilande", "Brev till", "Exempelgatan")
    assert [text for text in hidden if text in page] == []


def test_hosts_are_told_which_role_the_page_is_for(signed_in_client, host):
    assert signed_in_client(host).get(path(furnished())).status_code == 403


def test_a_company_that_is_not_there_is_not_found(signed_in_client):
    assert signed_in_client(Role.ORGANISER).get("/personal/foretag/2147483647").status_code == 404


def test_an_empty_company_says_so_everywhere(signed_in_client):
    page = signed_in_client(Role.ORGANISER).get(path(make_company("Tomma AB"))).text
    for text in (
        "Har inte varit med på något evenemang.", "Inget besök är antecknat.", "Inget är antecknat.",
        "Ingen härifrån prenumererar.", "Inget brev har gått till", "Ingen kontakt finns.",
    ):  # fmt: skip
        assert text in page


def test_the_page_warns_of_what_one_must_know(signed_in_client):
    company = make_company(
        "Konkursen AB", deregistered_on=date(2026, 5, 6), procedure="Konkurs", refuses_advertising=True
    )  # fmt: skip
    page = signed_in_client(Role.ORGANISER).get(path(company)).text
    for text in ("Avregistrerat 6 maj", ">Konkurs<", "Reklamspärr"):
        assert text in page


def test_a_merged_company_leads_to_the_kept_one_which_says_what_it_was_merged_from(signed_in_client):
    kept, other = make_company("Väveriet AB"), make_company("Väveriet i Borås", number=new_number())
    with transaction():
        merge(kept.id, other.id, now())
    browser = signed_in_client(Role.ORGANISER)
    page = browser.get(path(other)).text
    assert "Ihopslaget med ett annat företag" in page
    assert path(kept) in page
    page = browser.get(path(kept)).text
    assert "Väveriet i Borås" in page
    assert f"{path(other)}/sla-isar" in page


def test_all_letters_to_an_address_are_one_link_away(signed_in_client):
    company = furnished()
    for number in range(25):
        make_letter(address="ek@vav.example", subject=f"Nr {number}")
    browser = signed_in_client(Role.ORGANISER)
    page = browser.get(path(company)).text
    assert "Visar de 20 senaste av 26." in page
    assert "/personal/brev?q=ek@vav.example" in page
    assert "Brev till ek" in browser.get("/personal/brev?q=ek@vav.example").text


def test_words_of_others_are_shown_as_text(signed_in_client):
    company = make_company("<script>alert(1)</script> AB", website="javascript:alert(1)")
    page = signed_in_client(Role.ORGANISER).get(path(company)).text
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.CO_ORGANISER])
def test_the_page_costs_the_same_number_of_queries_however_much_there_is(count_queries, signed_in_client, role):
    company = furnished()
    browser = signed_in_client(role)
    address = path(company)
    with count_queries() as few:
        browser.get(address)
    for mark in "abcd":
        add_to(company, mark)
        other = make_company(f"{mark} AB")
        with transaction():
            merge(company.id, other.id, now())
    with count_queries() as many:
        browser.get(address)
    assert len(many) == len(few) <= 20, "\n".join(many)


# --- associations -------------------------------------------------------------------------------------------------


def test_an_association_is_informed_by_any_visit_or_by_somebody_who_came(signed_in_client, noon):
    year = now().year
    visited, came, booked, never = (make_company(f"{name} förening", kind="association") for name in "ABCD")
    make_company("E förening", kind="association", archived_at=now())
    make_company("F AB")
    keep(visit_of(visited.id, form=VisitForm.INFORMATION, visited_on=date(year, 1, 1)))
    keep(visit_of(never.id, visited_on=date(year - 1, 12, 31)))
    event = make_event(title="Årets möte", starts_at=in_days(0, hour=8))
    for company, state in ((came, "attended"), (booked, "confirmed")):
        with transaction():
            booking = make_registration(event, 1, at=in_days(-1))
            booking.company_id, booking.attendees[0].state = company.id, state
    browser = signed_in_client(Role.EDITOR)
    page = browser.get("/personal/foretag/foreningar").text
    assert "2 av 4" in page
    assert "Kom till" in page
    assert "1 av 4" in browser.get(f"/personal/foretag/foreningar?ar={year - 1}").text
    assert "2 av 4" in browser.get("/personal/foretag/foreningar?ar=9999").text


def test_a_visit_that_is_only_planned_informs_nobody(signed_in_client):
    company = make_company("A förening", kind="association")
    keep(visit_of(company.id, visited_on=in_days(2).date()))
    assert "0 av 1" in signed_in_client(Role.ORGANISER).get("/personal/foretag/foreningar").text


def test_without_associations_the_page_says_how_one_begins(signed_in_client):
    assert "Inga föreningar" in signed_in_client(Role.ORGANISER).get("/personal/foretag/foreningar").text


@pytest.mark.parametrize("role", [Role.HOST, Role.CO_ORGANISER])
def test_associations_are_for_those_who_see_the_register(signed_in_client, role):
    assert signed_in_client(role).get("/personal/foretag/foreningar").status_code == 403


# --- Idag and the search ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", list(Role))
def test_follow_ups_that_are_due_wait_for_those_who_see_the_register(signed_in_client, role):
    company, archived = make_company("Väveriet AB"), make_company("Arkivet AB", archived_at=now())
    keep(
        visit_of(company.id, follow_up="Ring om lokaler", follow_up_on=in_days(0).date()),
        visit_of(company.id, follow_up="Om en vecka", follow_up_on=in_days(7).date()),
        visit_of(company.id, follow_up="Redan gjort", follow_up_on=date(2020, 1, 7), followed_up_at=now()),
        visit_of(archived.id, follow_up="Arkiverat", follow_up_on=date(2020, 1, 7)),
    )  # fmt: skip
    page = signed_in_client(role).get("/personal").text
    assert ("Ring om lokaler" in page) is (role in ALL_OF_IT)
    assert [text for text in ("Om en vecka", "Redan gjort", "Arkiverat") if text in page] == []


def found(browser, query: str) -> str:
    return browser.get("/personal/sok", query_string={"q": query}).text


@pytest.mark.parametrize("query", ["akesson", "ÅKESSON", "Åkesson", "bygg akesson", "AkeSsoN"])
def test_a_company_is_found_whatever_the_case_the_rings_and_the_order_of_words(signed_in_client, query):
    make_company("Åkesson Bygg AB", number=number_of(700_002))
    make_company("Alm Bygg AB")
    page = found(signed_in_client(Role.EDITOR), query)
    assert "Åkesson Bygg AB" in page
    assert "Alm Bygg AB" not in page


def test_a_company_is_found_by_its_number_with_and_without_the_hyphen(signed_in_client):
    company = make_company("Åkesson Bygg AB", number=number_of(700_002))
    number, browser = company.number, signed_in_client(Role.EDITOR)
    for query in (number, f"{number[:6]}-{number[6:]}", number[:8]):
        assert "Åkesson Bygg AB" in found(browser, query), query
    assert "Åkesson Bygg AB" not in found(browser, number_of(700_003))


def test_signs_of_sql_mean_themselves(signed_in_client):
    make_company("100_procent AB")
    browser = signed_in_client(Role.ORGANISER)
    assert "100_procent AB" in found(browser, "100_")
    assert "100_procent AB" not in found(browser, "100%")


def test_a_contact_leads_to_the_company_but_not_for_co_organisers(signed_in_client, co_organiser):
    company = furnished()
    make_letter()
    for query in ("kontakt ek", "ek@vav.example"):
        assert path(company) in found(signed_in_client(Role.EDITOR), query)
        assert path(company) not in found(signed_in_client(co_organiser), query)


def test_what_is_archived_has_a_badge_and_what_was_merged_is_found_as_the_other(signed_in_client):
    kept, other = make_company("Väveriet AB"), make_company("Väveriet Arkivet", archived_at=now())
    merged = make_company("Väveriet Dubbel")
    with transaction():
        merge(kept.id, merged.id, now())
    page = found(signed_in_client(Role.ORGANISER), "väveriet")
    assert page.count("Arkiverat") == 1
    assert page.index(path(kept)) < page.index(path(other))
    assert "Väveriet Dubbel" not in page
