"""Swedish and English: which language a page speaks, the catalogue, and how dates and numbers are written.

Source texts are Swedish. The English catalogue is `translations/en.po`, read at start (no compiled files to forget).
Public blueprints are registered twice, plain and under `/en`; `url()` leads to the same page in the page's language.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any

from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from flask import Blueprint, Flask, current_app, has_request_context, request
from flask_babel import Babel, Domain, force_locale
from werkzeug.routing import MapAdapter

from eventsys.clock import local, now
from eventsys.config import settings
from eventsys.paths import PACKAGE

SWEDISH, ENGLISH = "sv", "en"
LANGUAGES = (SWEDISH, ENGLISH)
# What `speaking` has said; empty: the page decides.
_spoken: ContextVar[str] = ContextVar("eventsys_spoken", default="")
_CATALOGUE = PACKAGE / "translations" / "en.po"


@functools.cache
def _english() -> NullTranslations:
    with _CATALOGUE.open("rb") as po:
        catalogue = read_po(po, locale="en")
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


class _Catalogues(Domain):
    """flask-babel's domain, reading our one .po file."""

    _swedish = NullTranslations()

    def get_translations(self) -> NullTranslations:
        return _english() if language() == ENGLISH else self._swedish


def init_i18n(app: Flask) -> None:
    babel = Babel(app, default_locale="sv", default_timezone="Europe/Stockholm", locale_selector=_page_language)
    babel.domain_instance = (
        _Catalogues()
    )  # flask-babel takes the name of a domain only; a domain of one's own goes here
    app.before_request(_speak_as_the_page)
    app.teardown_request(_fall_silent)
    app.jinja_env.install_gettext_callables(_text, _text_of_number, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.globals.update(url=url, link=link)
    app.jinja_env.filters.update(moment=moment, day=day, clock=clock, number=number, short_day=short_day, period=period)
    app.context_processor(lambda: {"lang": language(), "other_language_url": other_language_url()})


def _text(source: str) -> str:
    """A text of a page, without the detour over flask-babel's context: a page has dozens."""
    return source if language() == SWEDISH else _english().gettext(source)


def _text_of_number(one: str, many: str, number: int) -> str:
    if language() == SWEDISH:
        return one if number == 1 else many
    return _english().ngettext(one, many, number)


def _page_language() -> str:
    if not has_request_context():
        return SWEDISH
    blueprint = request.blueprint if request.url_rule else "_en" if request.path.startswith("/en/") else None
    return ENGLISH if (blueprint or "").endswith("_en") else SWEDISH


def _speak_as_the_page() -> None:
    """Asked dozens of times a page, so it is found out once."""
    _spoken.set(_page_language())


def _fall_silent(_error: BaseException | None) -> None:
    _spoken.set("")


def language() -> str:
    """`sv` or `en`: of the page or letter being made."""
    return _spoken.get() or _page_language()


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """Make what is rendered in the block speak this language, whatever the page speaks."""
    known = lang if lang in LANGUAGES else SWEDISH
    before = _spoken.set(known)
    try:
        with force_locale(known):
            yield
    finally:
        _spoken.reset(before)


# --- addresses ----------------------------------------------------------------------------------------------------


def register_in_both_languages(app: Flask, public: Blueprint) -> None:
    app.register_blueprint(public)
    app.register_blueprint(public, url_prefix="/en", name=f"{public.name}_en")


def url(endpoint: str, **values: Any) -> str:
    """The path of a page in the language now spoken, also outside a request."""
    return _path(_endpoint_in(language(), endpoint), values)


def link(endpoint: str, **values: Any) -> str:
    """The whole address for letters, feeds and QR codes: from EVENTSYS_BASE_URL, never from the request's Host."""
    return settings().base_url.rstrip("/") + url(endpoint, **values)


def other_language_url() -> str | None:
    """Where the page now shown stands in the other language, or None when it has no other."""
    if not has_request_context() or request.endpoint is None or request.method != "GET":
        return None
    other = SWEDISH if language() == ENGLISH else ENGLISH
    endpoint = _endpoint_in(other, request.endpoint.replace("_en.", ".", 1))
    return None if endpoint == request.endpoint else _path(endpoint, request.view_args or {})


def _endpoint_in(lang: str, endpoint: str) -> str:
    blueprint, _, name = endpoint.partition(".")
    has_english = f"{blueprint}_en" in current_app.blueprints
    return f"{blueprint}_en.{name}" if lang == ENGLISH and has_english else endpoint


def _path(endpoint: str, values: dict[str, Any]) -> str:
    paths: MapAdapter | None = current_app.extensions.get("eventsys_paths")
    if paths is None:
        paths = current_app.extensions["eventsys_paths"] = current_app.url_map.bind("")
    return paths.build(endpoint, values)


# --- dates and numbers --------------------------------------------------------------------------------------------


def _locale() -> str:
    return "en_GB" if language() == ENGLISH else "sv_SE"


def day(when: datetime | date) -> str:
    """`fredag 5 mars`, with the year when it is not this year's."""
    the_day = local(when).date() if isinstance(when, datetime) else when
    pattern = "EEEE d MMMM" if the_day.year == local(now()).year else "EEEE d MMMM y"
    return format_date(the_day, pattern, locale=_locale())


def short_day(when: datetime | date) -> str:
    """`5 mars`, with the year when it is not this year's."""
    the_day = local(when).date() if isinstance(when, datetime) else when
    pattern = "d MMMM" if the_day.year == local(now()).year else "d MMMM y"
    return format_date(the_day, pattern, locale=_locale())


def clock(when: datetime) -> str:
    """`11.30`, in English `11:30`."""
    return local(when).strftime("%H:%M" if language() == ENGLISH else "%H.%M")


def moment(when: datetime) -> str:
    """`fredag 5 mars kl. 11.30`, in English `Friday 5 March at 11:30`."""
    return f"{day(when)} at {clock(when)}" if language() == ENGLISH else f"{day(when)} kl. {clock(when)}"


def period(start: datetime, end: datetime) -> str:
    """`fredag 5 mars kl. 11.30–13.00`; over several days, both moments in full."""
    if local(start).date() == local(end).date():
        return f"{moment(start)}\N{EN DASH}{clock(end)}"
    return f"{moment(start)} \N{EN DASH} {moment(end)}"


def number(value: float) -> str:
    """Thousands apart by a no-break space: `8 500`; in English `8,500`."""
    return format_decimal(value, locale=_locale())
