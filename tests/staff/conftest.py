from tests.staff_fixtures import (  # noqa: F401
    administrator,
    anyone,
    co_organiser,
    editor,
    host,
    organiser,
    signed_in_client,
)

# STAND-INS until the other slices are there.
import pytest


@pytest.fixture(autouse=True)
def _stand_ins(app):
    app.jinja_env.globals.setdefault("asset", lambda path: "/static/" + path)
    if not app.url_build_error_handlers:
        app.url_build_error_handlers.append(lambda error, endpoint, values: "/saknas")
        import eventsys.i18n as i18n
        real = i18n._path
        def path(endpoint, values):
            try: return real(endpoint, values)
            except Exception: return "/saknas"
        i18n._path = path
