"""Every staff page, filled by the demonstration: nothing for axe to find, nothing beside the window, by day and night.

A new page fails the first test until it stands here by name, and its own until the demonstration has something for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from eventsys.clock import local, now
from eventsys.demo import SIGN_IN
from eventsys.serving import running_web
from tests.browser.addresses import addresses_of, first_shown
from tests.browser.furnishing import furnish
from tests.chromium import WCAG, assert_quiet, axe, expect, forget_notes, new_page
from tests.demonstration import fill_in
from tests.house.test_foreign_ids import WORDS
from tests.journeys.product import app_of, fresh_settings
from tests.staff_walk import FITS, press

pytestmark = pytest.mark.browser

PAGES = [
    "companies_staff.show_archiving", "companies_staff.show_companies", "companies_staff.show_company_form",
    "companies_staff.show_company_tags", "companies_staff.show_contact", "companies_staff.show_contact_removal",
    "companies_staff.show_duplicates", "companies_staff.show_import", "companies_staff.show_imports",
    "companies_staff.show_merging", "companies_staff.show_new_company", "companies_staff.show_new_contact",
    "companies_staff.show_new_import", "companies_staff.show_new_note", "companies_staff.show_new_visit",
    "companies_staff.show_note", "companies_staff.show_note_removal", "companies_staff.show_postcodes",
    "companies_staff.show_register_settings", "companies_staff.show_selection_archiving",
    "companies_staff.show_selection_tag", "companies_staff.show_tag", "companies_staff.show_tag_removal",
    "companies_staff.show_tags", "companies_staff.show_unmerging", "companies_staff.show_visit",
    "companies_staff.show_visit_removal", "companies_staff.show_visits", "desk.show_associations",
    "desk.show_caught_letter", "desk.show_caught_letters", "desk.show_company", "desk.show_letter",
    "desk.show_letters", "desk.show_lifting", "desk.show_returns", "desk.show_search", "desk.show_send_again",
    "desk.show_suppressions", "desk.show_today", "desk.show_treat_as_sent", "events_staff.show_adding",
    "events_staff.show_adding_guest", "events_staff.show_booker", "events_staff.show_cancelling",
    "events_staff.show_copy", "events_staff.show_deletion", "events_staff.show_diet", "events_staff.show_earlier",
    "events_staff.show_entrance", "events_staff.show_event", "events_staff.show_event_form",
    "events_staff.show_events", "events_staff.show_guest_file", "events_staff.show_guests",
    "events_staff.show_handouts", "events_staff.show_kitchen", "events_staff.show_leaving",
    "events_staff.show_letters", "events_staff.show_materials", "events_staff.show_message",
    "events_staff.show_moving", "events_staff.show_new_event", "events_staff.show_new_question",
    "events_staff.show_new_series", "events_staff.show_new_session", "events_staff.show_new_slot",
    "events_staff.show_one_series", "events_staff.show_people", "events_staff.show_people_leaving",
    "events_staff.show_period", "events_staff.show_person", "events_staff.show_person_sessions",
    "events_staff.show_point", "events_staff.show_points", "events_staff.show_points_large",
    "events_staff.show_poster", "events_staff.show_posters", "events_staff.show_programme",
    "events_staff.show_publishing", "events_staff.show_publishing_drafts", "events_staff.show_question",
    "events_staff.show_registration", "events_staff.show_reminding", "events_staff.show_representation",
    "events_staff.show_rooms", "events_staff.show_sample", "events_staff.show_sending", "events_staff.show_series",
    "events_staff.show_series_access", "events_staff.show_series_drafts", "events_staff.show_session",
    "events_staff.show_session_removal", "events_staff.show_slip", "events_staff.show_slot",
    "events_staff.show_slot_removal", "events_staff.show_term", "events_staff.show_theme", "events_staff.show_themes",
    "events_staff.show_who_came", "events_staff.show_who_eats_what", "events_staff.show_withdrawing",
    "followup_staff.show_assessment", "followup_staff.show_entries", "followup_staff.show_figure",
    "followup_staff.show_figures", "followup_staff.show_goal", "followup_staff.show_goal_removal",
    "followup_staff.show_goals", "followup_staff.show_new_goal", "followup_staff.show_reopening",
    "followup_staff.show_report", "followup_staff.show_settling", "followup_staff.show_years",
    "handouts.show_handout", "handouts.show_handouts", "handouts.show_set", "handouts.show_sets",
    "newsletters_staff.show_audience", "newsletters_staff.show_beginning_anew", "newsletters_staff.show_cancelling",
    "newsletters_staff.show_checks", "newsletters_staff.show_code", "newsletters_staff.show_code_poster",
    "newsletters_staff.show_code_slide", "newsletters_staff.show_codes", "newsletters_staff.show_comments",
    "newsletters_staff.show_days", "newsletters_staff.show_example", "newsletters_staff.show_idea",
    "newsletters_staff.show_ideas", "newsletters_staff.show_inviting", "newsletters_staff.show_inviting_events",
    "newsletters_staff.show_issue", "newsletters_staff.show_ledger", "newsletters_staff.show_ledger_names",
    "newsletters_staff.show_left_out", "newsletters_staff.show_new_reader", "newsletters_staff.show_new_readers",
    "newsletters_staff.show_new_segment", "newsletters_staff.show_preview", "newsletters_staff.show_print",
    "newsletters_staff.show_proof", "newsletters_staff.show_reader", "newsletters_staff.show_reader_file",
    "newsletters_staff.show_reader_leaving", "newsletters_staff.show_readers", "newsletters_staff.show_release",
    "newsletters_staff.show_removal", "newsletters_staff.show_result", "newsletters_staff.show_round",
    "newsletters_staff.show_round_removal", "newsletters_staff.show_rounds", "newsletters_staff.show_segment",
    "newsletters_staff.show_segment_form", "newsletters_staff.show_segment_removal",
    "newsletters_staff.show_segments", "newsletters_staff.show_sending_now", "newsletters_staff.show_settings",
    "newsletters_staff.show_unknown", "newsletters_staff.show_web_page", "newsletters_staff.show_welcome_approval",
    "newsletters_staff.show_welcome_cancelling", "newsletters_staff.show_welcome_ledger",
    "newsletters_staff.show_welcome_left_out", "newsletters_staff.show_welcome_names",
    "newsletters_staff.show_welcome_paper", "newsletters_staff.show_welcome_preview",
    "newsletters_staff.show_welcome_settings", "newsletters_staff.show_welcome_text",
    "newsletters_staff.show_welcome_unknown", "newsletters_staff.show_year", "privacy_staff.show_erasing",
    "operations.show_operations",
    "privacy_staff.show_new_request", "privacy_staff.show_refusing", "privacy_staff.show_request",
    "privacy_staff.show_requests", "retention.show_due", "retention.show_protocol", "retention.show_protocols",
    "retention.show_rule", "retention.show_rules", "second_factor.show_setup",
    "staff.show_forgotten", "staff.show_my_account",
    "staff.show_password_change", "staff.show_password_link", "staff_settings.show_account",
    "staff_settings.show_accounts", "staff_settings.show_appearance", "staff_settings.show_components",
    "staff_settings.show_invitation", "staff_settings.show_settings", "statements.show_statement",
    "statements.show_statements", "statements.show_version", "statements.show_versions",
    "surveys_staff.show_new_survey_question", "surveys_staff.show_new_template_question",
    "surveys_staff.show_results", "surveys_staff.show_survey", "surveys_staff.show_survey_closing",
    "surveys_staff.show_survey_code", "surveys_staff.show_survey_opening", "surveys_staff.show_survey_poster",
    "surveys_staff.show_survey_preview", "surveys_staff.show_survey_question",
    "surveys_staff.show_survey_question_removal", "surveys_staff.show_survey_sample",
    "surveys_staff.show_survey_settings", "surveys_staff.show_survey_slide", "surveys_staff.show_survey_template",
    "surveys_staff.show_survey_texts", "surveys_staff.show_survey_times", "surveys_staff.show_surveys",
    "surveys_staff.show_template_question", "surveys_staff.show_template_question_removal",
    "surveys_staff.show_texts", "trail.show_trail",
]  # fmt: skip
# What is no page: parts of one for a script, letters and other frames that run no script, files, pictures.
NO_PAGES = {
    "companies_staff.show_companies_file", "companies_staff.show_import_progress",
    "companies_staff.show_import_report", "companies_staff.show_visits_file", "desk.show_caught_attachment",
    "desk.show_caught_html", "events_staff.show_badge", "events_staff.show_entrance_now", "events_staff.show_export",
    "issuer.show_answer", "issuer.show_way_out", "issuer.show_way_to_issuer",  # on to another address
    "events_staff.show_kitchen_pdf", "events_staff.show_outline_page", "events_staff.show_paper",
    "events_staff.show_papers", "events_staff.show_period_export", "events_staff.show_poster_pdf",
    "events_staff.show_sample_letter", "events_staff.show_source_png", "events_staff.show_source_svg",
    "events_staff.show_staff_material", "followup_staff.show_report_file", "followup_staff.show_report_paper",
    "newsletters_staff.show_code_count", "newsletters_staff.show_code_png", "newsletters_staff.show_code_poster_pdf",
    "newsletters_staff.show_code_svg", "newsletters_staff.show_issue_calendar", "newsletters_staff.show_issue_letter",
    "newsletters_staff.show_issue_pdf", "newsletters_staff.show_ledger_file", "newsletters_staff.show_progress",
    "newsletters_staff.show_proof_letter", "newsletters_staff.show_readers_file", "newsletters_staff.show_test_sheet",
    "newsletters_staff.show_welcome_addresses", "newsletters_staff.show_welcome_frozen_letter",
    "newsletters_staff.show_welcome_ledger_file", "newsletters_staff.show_welcome_letter",
    "newsletters_staff.show_welcome_papers", "newsletters_staff.show_welcome_pdf",
    "newsletters_staff.show_welcome_progress", "newsletters_staff.show_welcome_sample",
    "newsletters_staff.show_year_calendar", "privacy_staff.show_extract", "retention.show_protocol_file",
    "surveys_staff.show_report", "surveys_staff.show_result_file", "surveys_staff.show_survey_png",
    "surveys_staff.show_survey_poster_pdf", "surveys_staff.show_survey_svg", "surveys_staff.show_surveys_file",
    "trail.show_trail_file",
}  # fmt: skip
ON_THE_WAY_IN = {"staff.show_sign_in"}  # by `desk`, before it has signed in
# Pages of somebody who signs in with codes, or is about to: tests/staff/test_second_factor_in_browser.py.
WITH_CODES = {
    "second_factor.show_code", "second_factor.show_first_setup", "second_factor.show_recovery_codes",
    "second_factor.show_turning_off",
}  # fmt: skip
WIDE = """() => [...document.querySelectorAll('body *')].filter(e => {
    const box = e.getBoundingClientRect();
    return box.width && box.right > document.documentElement.clientWidth + 1 && !e.closest('.table-wrap');
}).map(e => e.outerHTML.slice(0, 90))"""

SETTLED = f"() => new Promise(say => requestAnimationFrame(() => requestAnimationFrame(() => say({FITS}))))"
BARE = """() => [...document.querySelectorAll('main .button, main input')]
    .filter(e => e.offsetParent && !['hidden', 'checkbox', 'radio', 'range', 'color', 'file'].includes(e.type))
    .filter(e => !e.closest('.honeypot, .hidden-visually'))
    .filter(e => getComputedStyle(e).borderTopStyle === 'none').map(e => e.outerHTML.slice(0, 90))"""
"""What has no edge once colours are taken away."""


@dataclass
class Desk:
    """The running demonstration, and a window in which its administrator has signed in."""

    app: Flask
    url: str
    page: Page
    made: dict[str, str]
    """Addresses of pages that no row has, by endpoint."""

    @property
    def period(self) -> dict[str, str]:
        """Of the follow-up: what stands in its addresses."""
        return {"year": str(local(now()).year), "half": "1", "figure": "prenumeranter", "document": "rapport"}

    def address_of(self, endpoint: str) -> str | None:
        if endpoint in self.made:
            return self.made[endpoint]
        [rule] = [one for one in self.app.url_map.iter_rules(endpoint) if "GET" in (one.methods or ())]
        words = {name: word for (page, name), word in WORDS.items() if page == endpoint} | self.period
        words = {name: word for name, word in words.items() if name in rule.arguments}
        with self.app.app_context():
            found = addresses_of(self.app, rule, words)
            return first_shown(lambda address: self.page.request.get(self.url + address), found)


@pytest.fixture(scope="module")
def desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    with app_of(fresh_settings("sqlite", folder)) as app, running_web(app, "127.0.0.1", 0) as web:
        fill_in(tmp_path_factory)
        page = new_page(browser, 390, 844)
        expect(page, "Blocked script execution")  # axe looks into frames too, and letters run no script
        desk = Desk(app, f"http://127.0.0.1:{web.port}", page, furnish(folder))
        page.goto(f"{desk.url}/personal/logga-in")
        page.get_by_label("E-post").fill(SIGN_IN.email)
        page.get_by_label("Lösenord").fill(SIGN_IN.password)
        press(page, "Logga in")
        yield desk
        page.context.close()


def fits(page: Page) -> bool:
    """Whether nothing lies beside the window, once tables have found out whether they fit (staff.js)."""
    return bool(page.evaluate(SETTLED))


def test_every_staff_page_is_looked_at_here(app_once: Flask) -> None:
    rules = [rule for rule in app_once.url_map.iter_rules() if "GET" in (rule.methods or ())]
    assert {rule.endpoint for rule in rules if rule.rule.startswith("/personal")} == set(
        PAGES
    ) | NO_PAGES | ON_THE_WAY_IN | WITH_CODES


@pytest.mark.parametrize("endpoint", PAGES)
def test_a_staff_page_on_phone_and_desk_by_day_and_by_night(desk: Desk, endpoint: str) -> None:
    address, page = desk.address_of(endpoint), desk.page
    forget_notes(page)
    assert address is not None, "nothing in the demonstration is shown on this page: see furnishing.py"
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="light", forced_colors="none")
    page.goto(desk.url + address)  # and axe
    page.set_viewport_size({"width": 320, "height": 640})
    assert fits(page), page.evaluate(WIDE)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(color_scheme="dark")
    assert fits(page), page.evaluate(WIDE)
    axe(page, options=WCAG)
    page.set_viewport_size({"width": 640, "height": 400})  # what a window of 1280 pixels holds at a zoom of 200 %
    assert fits(page), page.evaluate(WIDE)
    page.emulate_media(forced_colors="active")
    assert page.evaluate(BARE) == []
    page.emulate_media(forced_colors="none")
    assert_quiet(page)
