"""eventsys: events, newsletters and surveys for a city's business office.

`create_app` is the only place that knows every slice: what each offers stands in the tables below.
"""

from __future__ import annotations

from flask import Flask
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from eventsys import assets, errorpages, health, identity, security
from eventsys.broker import init_broker
from eventsys.companies import actors as company_actors
from eventsys.companies import personal as company_personal
from eventsys.companies import records as company_records
from eventsys.companies import retention as company_retention
from eventsys.companies import staff_routes as company_staff_routes
from eventsys.companies import tables as company_tables  # noqa: F401
from eventsys.config import Settings, SettingsError, load_settings
from eventsys.counters import init_counters
from eventsys.database import db, init_database
from eventsys.desk import actors as desk_actors
from eventsys.desk import staff_routes as desk_staff_routes
from eventsys.events import actors as events_actors
from eventsys.events import letters as events_letters
from eventsys.events import personal as events_personal
from eventsys.events import records as event_records
from eventsys.events import retention as events_retention
from eventsys.events import routes as events_routes
from eventsys.events import staff_routes as events_staff_routes
from eventsys.events import tables as events_tables  # noqa: F401 (migrations and tests see every table)
from eventsys.events.checkin import routes as checkin_routes
from eventsys.events.invitations import letters as invitation_letters
from eventsys.events.materials import letters as material_letters
from eventsys.events.programme import letters as programme_letters
from eventsys.events.reminders import letters as reminder_letters
from eventsys.followup import staff_routes as followup_staff_routes
from eventsys.followup import tables as followup_tables  # noqa: F401
from eventsys.handing_out import init_record_sets
from eventsys.i18n import init_i18n, register_in_both_languages
from eventsys.leases import init_leases
from eventsys.limits import init_limits
from eventsys.logs import configure_logs, log_requests
from eventsys.mail import actors as mail_actors
from eventsys.mail import personal as mail_personal
from eventsys.mail import records as mail_records
from eventsys.mail import retention as mail_retention
from eventsys.mail.bounces import actors as bounces_actors
from eventsys.mail.bounces.consequences import on_complaint
from eventsys.mail.letters import register_letters
from eventsys.newsletters import actors as newsletter_actors
from eventsys.newsletters import letters as newsletter_letters
from eventsys.newsletters import personal as newsletter_personal
from eventsys.newsletters import records as newsletter_records
from eventsys.newsletters import retention as newsletter_retention
from eventsys.newsletters import routes as newsletter_routes
from eventsys.newsletters import staff_routes as newsletter_staff_routes
from eventsys.newsletters import tables as newsletter_tables  # noqa: F401
from eventsys.newsletters.subscriptions.leaving import complained
from eventsys.operations import letters as operations_letters
from eventsys.operations import routes as operations_routes
from eventsys.operations import staff_routes as operations_staff_routes
from eventsys.paths import MIGRATIONS, STATIC, TEMPLATES
from eventsys.personal import register_keepers
from eventsys.privacy import actors as privacy_actors
from eventsys.privacy import letters as privacy_letters
from eventsys.privacy import personal as privacy_personal
from eventsys.privacy import routes as privacy_routes
from eventsys.privacy import staff_routes as privacy_staff_routes
from eventsys.privacy import tables as privacy_tables  # noqa: F401
from eventsys.privacy.handouts import pages as handout_pages
from eventsys.privacy.retention import actors as retention_actors
from eventsys.privacy.retention import pages as retention_pages
from eventsys.privacy.retention import requests as request_retention
from eventsys.privacy.statements import pages as statement_pages
from eventsys.retention import init_retention
from eventsys.staff import issuer_pages, second_factor_pages, trail_pages
from eventsys.staff import letters as staff_letters
from eventsys.staff import personal as staff_personal
from eventsys.staff import records as staff_records
from eventsys.staff import routes as staff_routes
from eventsys.staff import staff_routes as staff_settings_routes
from eventsys.staff.acts import LETTER_NAMES
from eventsys.staff.navigation import init_staff
from eventsys.surveys import actors as survey_actors
from eventsys.surveys import letters as survey_letters
from eventsys.surveys import personal as survey_personal
from eventsys.surveys import records as survey_records
from eventsys.surveys import retention as survey_retention
from eventsys.surveys import routes as survey_routes
from eventsys.surveys import staff_routes as survey_staff_routes
from eventsys.surveys import tables as survey_tables  # noqa: F401

PUBLIC_DOORS = (  # in Swedish and in English
    events_routes.doors,
    newsletter_routes.doors,
    newsletter_routes.open_doors,
    survey_routes.doors,
    privacy_routes.doors,
)
DOORS = (
    health.doors,
    operations_routes.doors,
    operations_staff_routes.doors,
    checkin_routes.doors,
    staff_routes.doors,
    second_factor_pages.doors,
    issuer_pages.doors,
    staff_settings_routes.doors,
    trail_pages.doors,
    company_staff_routes.doors,
    events_staff_routes.doors,
    newsletter_staff_routes.doors,
    survey_staff_routes.doors,
    privacy_staff_routes.doors,
    desk_staff_routes.doors,
    followup_staff_routes.doors,
    statement_pages.doors,
    retention_pages.doors,
    handout_pages.doors,
)
JOBS = (
    events_actors.expire_offers,
    events_actors.send_reminders,
    events_actors.settle_attendance,
    events_actors.make_paper,
    events_actors.forget_papers,
    desk_actors.attach_contacts,
    company_actors.read_import,
    company_actors.apply_import,
    company_actors.forget_imports,
    newsletter_actors.send_issue,
    newsletter_actors.ask_registered,
    newsletter_actors.make_welcome_paper,
    newsletter_actors.forget_welcome_papers,
    survey_actors.tend_survey,
    retention_actors.begin_night,
    retention_actors.destroy_due,
    privacy_actors.erase_person,
    privacy_actors.forget_unconfirmed,
    mail_actors.deliver,
    bounces_actors.fetch_bounces,
)
LETTERS = {
    **staff_letters.LETTERS,
    **events_letters.LETTERS,
    **invitation_letters.LETTERS,
    **material_letters.LETTERS,
    **programme_letters.LETTERS,
    **reminder_letters.LETTERS,
    **newsletter_letters.LETTERS,
    **survey_letters.LETTERS,
    **privacy_letters.LETTERS,
    **operations_letters.LETTERS,
}
RETENTION = (  # in the order in which things are destroyed: the addresses of welcome letters before the letters
    *events_retention.CATEGORIES,
    *survey_retention.CATEGORIES,
    *newsletter_retention.CATEGORIES,
    *company_retention.CATEGORIES,
    *request_retention.CATEGORIES,
    *mail_retention.CATEGORIES,
)
ASIDES = (*events_retention.ASIDES, *newsletter_retention.ASIDES, *company_retention.ASIDES)
KEEPERS = (  # in the order in which they forget: who finds rows by those of a lower floor goes first
    survey_personal.KEEPER,
    newsletter_personal.KEEPER,
    events_personal.KEEPER,
    company_personal.KEEPER,
    staff_personal.KEEPER,
    privacy_personal.KEEPER,
    mail_personal.keeper(LETTER_NAMES),
)
RECORD_SETS = (
    *event_records.SETS,
    *newsletter_records.SETS,
    *mail_records.SETS,
    *survey_records.SETS,
    *company_records.SETS,
    *staff_records.SETS,
)

csrf = CSRFProtect()


def create_app(settings: Settings | None = None) -> Flask:
    """The application, ready to serve: settings, database, broker with every job, pages.

    Raises SettingsError when a setting is wrong, or the secret key is missing.
    """
    settings = settings or load_settings()
    if not settings.secret_key:
        raise SettingsError("EVENTSYS_SECRET_KEY is missing. Give a long random text, the same for every process.")
    configure_logs(settings.log_level)
    init_counters(settings.metrics_folder)
    app = Flask("eventsys", static_folder=str(STATIC), template_folder=str(TEMPLATES))
    _configure(app, settings)
    init_database(app, settings.sqlalchemy_url)
    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True)
    init_i18n(app)
    init_leases(app)
    init_limits(app, settings)
    csrf.init_app(app)
    csrf.exempt(checkin_routes.doors)  # it has no session; how it guards itself stands in checkin/pages/doors.py
    csrf.exempt(survey_routes.doors)  # a survey is answered without a cookie (surveys/forms.py)
    csrf.exempt(newsletter_routes.open_doors)  # one click in a mail program (RFC 8058) carries no token of ours
    init_broker(app, settings.broker_url, list(JOBS))
    register_letters(app, LETTERS)
    init_retention(app, RETENTION, ASIDES)
    init_record_sets(app, RECORD_SETS)
    register_keepers(app, KEEPERS)
    on_complaint(app, complained)
    _register_doors(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.extensions["eventsys_settings"] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="eventsys",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.served_securely,
        WTF_CSRF_TIME_LIMIT=None,  # a form left open over lunch must still work
        MAX_CONTENT_LENGTH=5 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        MAX_FORM_PARTS=2000,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]


def _register_doors(app: Flask) -> None:
    log_requests(app)
    security.init_security(app)
    assets.init_assets(app)
    errorpages.init_error_pages(app)
    identity.init_identity(app)
    init_staff(app)
    for public in PUBLIC_DOORS:
        register_in_both_languages(app, public)
    for doors in DOORS:
        app.register_blueprint(doors)
