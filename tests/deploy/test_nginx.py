"""The nginx configuration of deploy/, in front of two web processes on PostgreSQL and Redis."""

from __future__ import annotations

import pytest
import requests
from lxml import html
from sqlalchemy import func, select

from eventsys.database import db
from eventsys.events.models import Attendee
from tests.deploy.conftest import Site
from tests.journeys.product import app_of
from tests.servers import wait_until


def register(site: Site, visitor: requests.Session, number: int, **headers: str) -> requests.Response:
    """One person registers as a browser does it."""
    page = visitor.get(site.address + site.form)
    hidden = html.fromstring(page.text).xpath("//main//form//input[@type='hidden']")
    form = {field.get("name"): field.get("value", "") for field in hidden} | {
        "company_name": "Väveriet i Borås AB",
        "booker_name": f"Åsa Öberg {number}",
        "booker_email": f"asa{number}@vaveriet.example",
        "booker_comes": "y",
    }
    return visitor.post(site.address + site.form, data=form, headers={"Referer": site.address, **headers})


def people(site: Site) -> int:
    with app_of(site.settings):
        return db.session.scalar(select(func.count()).select_from(Attendee)) or 0


@pytest.fixture
def visitor(site: Site) -> requests.Session:
    return site.visitor()


def test_whoever_comes_without_tls_is_led_to_it(site: Site) -> None:
    answer = requests.get(f"{site.plain_address}/evenemang", allow_redirects=False, timeout=10)
    assert answer.status_code == 301
    assert answer.headers["Location"].startswith("https://")


def test_pages_carry_their_headers_through(site: Site, visitor: requests.Session) -> None:
    answer = visitor.get(site.address)
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "nginx/" not in answer.headers["Server"]


def test_figures_for_monitoring_are_not_for_the_world(site: Site, visitor: requests.Session) -> None:
    assert visitor.get(f"{site.address}/metrics").status_code == 404


def test_links_of_surveys_and_other_keys_stay_out_of_the_log(site: Site, visitor: requests.Session) -> None:
    for path in (
        "/enkat/hemlig1",
        "/en/enkat/hemlig2",
        "/bokning/hemlig3",
        "/avsluta/hemlig4?brev=hemlig5",
        "/en/biljett/hemlig6",
    ):
        visitor.get(site.address + path)
    visitor.get(f"{site.address}/evenemang/ett-evenemang/anmalan?kod=hemlig7")
    wait_until(lambda: "GET /evenemang" in site.log, about="the last line of the log")
    assert "hemlig" not in site.log
    assert "enkat" not in site.log
    assert "GET /bokning 404" in site.log
    assert "GET /evenemang/ett-evenemang 404" in site.log


def test_a_limit_holds_across_processes_and_believes_no_claimed_address(site: Site) -> None:
    """Six people from one address, each claiming to come from elsewhere: five forms a minute are taken."""
    before = people(site)
    answers = [
        register(site, site.visitor(), number, **{"X-Forwarded-For": f"192.0.2.{number}", "Forwarded": "for=192.0.2.9"})
        for number in range(6)
    ]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert people(site) == before + 5


def test_a_web_process_that_is_killed_is_passed_over(site: Site, visitor: requests.Session) -> None:
    """The last test of the file: afterwards only one is left."""
    site.webs[0].kill9()
    assert [visitor.get(site.address + site.form).status_code for _ in range(12)] == [200] * 12
