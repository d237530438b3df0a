"""What every staff page shows around its content: who is signed in, and where one can go.

The entries name pages of higher slices as text; one appears when the page exists and its guard lets the person in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request, url_for
from werkzeug.local import LocalProxy

from eventsys import audit
from eventsys.staff.acts import describe_act, describe_detail, describe_thing
from eventsys.staff.guards import HOME, current_staff, local_path, may_enter
from eventsys.staff.models import Account


@dataclass(frozen=True)
class Entry:
    """A page to go to. `icon` is a name in static/icons.svg."""

    label: str
    endpoint: str
    icon: str
    text: str = ""


@dataclass(frozen=True)
class NavItem:
    """An entry that the person may open, as templates show it."""

    label: str
    url: str
    icon: str
    current: bool
    text: str = ""


NAVIGATION = [
    Entry("Idag", "desk.show_today", "today"),
    Entry("Evenemang", "events_staff.show_events", "calendar"),
    Entry("Nyhetsbrev", "newsletters_staff.show_year", "newsletter"),
    Entry("Företag", "companies_staff.show_companies", "company"),
    Entry("Enkäter", "surveys_staff.show_surveys", "survey"),
    Entry("Uppföljning", "followup_staff.show_years", "chart"),
    Entry("Brev", "desk.show_letters", "mail"),
    Entry("Inställningar", "staff_settings.show_settings", "settings"),
]
# The settings page. A slice adds its own: `SETTINGS.append(Entry(...))`.
SETTINGS = [
    Entry("Ditt konto", "staff.show_my_account", "person", "Namn, lösenord och var du är inloggad."),
    Entry("Konton", "staff_settings.show_accounts", "people", "Vilka som får logga in och vad de får göra."),
    Entry("Utseende", "staff_settings.show_appearance", "image", "Namn, logotyp, färg och kontaktuppgifter."),
    Entry("Logg", "trail.show_trail", "history", "Vem som gjort, sett, tagit ut, skickat och raderat vad."),
    Entry("Komponenter", "staff_settings.show_components", "eye", "Alla delar som sidorna byggs av."),
]


def open_to(account: Account | None, entries: list[Entry]) -> list[NavItem]:
    """The entries whose pages exist and are open to this person."""
    return [_item(entry) for entry in entries if account is not None and _may_open(account, entry.endpoint)]


def _may_open(account: Account, endpoint: str) -> bool:
    view = current_app.view_functions.get(endpoint)
    return view is not None and may_enter(account, getattr(view, "guarded_for", frozenset()))


def _item(entry: Entry) -> NavItem:
    url = url_for(entry.endpoint)
    return NavItem(entry.label, url, entry.icon, _is_current(url), entry.text)


def _is_current(url: str) -> bool:
    return request.path == url or (url != HOME and request.path.startswith(url + "/"))


def staff_nav() -> list[NavItem]:
    """The main menu of the person signed in; empty for others."""
    return open_to(current_staff(), NAVIGATION)


def first_page() -> str:
    """Where a person lands after signing in without having asked for a page."""
    return url_for("desk.show_today" if "desk.show_today" in current_app.view_functions else "staff.show_my_account")


def onwards(wanted: str | None) -> str:
    """Where a person goes after signing in: the page that was asked for, if it is one of ours, or the first page."""
    path = local_path(wanted)
    return first_page() if path == HOME else path


def init_staff(app: Flask) -> None:
    """Words and values that staff templates read. Create_app registers the doors and letters."""
    app.before_request(_act_as_visitor)
    app.context_processor(_around)
    app.jinja_env.filters.update(act=describe_act, thing=describe_thing, act_detail=describe_detail)


def _act_as_visitor() -> None:
    """Threads serve one request after the other: nobody inherits the name of the person before."""
    audit.act_as(audit.PUBLIC)


def _around() -> dict[str, Any]:
    # Proxies: a page that does not ask costs no query and touches no session.
    return {"current_staff": LocalProxy(current_staff), "staff_nav": LocalProxy(staff_nav)}
