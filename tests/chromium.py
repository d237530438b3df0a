"""A real Chromium for tests: Swedish, in Stockholm, at a phone's width, and listened to.

A pytest plugin (named in pyproject.toml) with the fixtures `page` (390x844), `wide_page` (1280x800) and `open_page`
(any size, several at once, fake cameras ...). Every page is watched for console errors, refusals by the Content
Security Policy, failed requests and requests that leave 127.0.0.1, and every address opened with goto(), and what
the page shows at the end of the test, is run through axe. What was noticed fails the test when it ends; a test that
provokes something says so first, with expect(page, "part of the note").

Playwright keeps an event loop running in the main thread, so a test in the same process cannot use asyncio.run().
"""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, sync_playwright
from playwright.sync_api import expect as eventually

from tests.servers import require

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
CAMERA = (
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)
PATIENCE = 20_000  # ms; a machine with two cores also runs the servers and another test
HERE = ("127.0.0.1", "localhost")
WCAG = {
    "resultTypes": ["violations"],
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
}
AXE = Axe().axe_script
RUN_AXE = "async ([context, options]) => (await axe.run(context || document, options)).violations"
ONCE_ONLY = re.compile(r'(value|content|href|action|src)="[^"]*"|<time.*?</time>', re.DOTALL)


class Watch:
    """What was noticed on one page."""

    def __init__(self, page: Page):
        self.page = page
        self.notes: list[str] = []
        self.expected: list[str] = []
        self.axe = True
        page.on("console", self.hear)
        page.on("pageerror", lambda error: self.notes.append(f"error in script: {error}"))
        page.on("request", self.see_request)
        page.on("response", self.see_response)

    def hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            kind = "policy" if "Content Security Policy" in message.text else "console"
            self.notes.append(f"{kind}: {message.text} ({message.location.get('url', '')})")

    def see_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.hostname not in HERE:
            self.notes.append(f"left this machine: {request.method} {request.url}")

    def see_response(self, response: Response) -> None:
        """A page may be a refusal, and say so with its status; what a page is made of may not be missing."""
        if response.status >= 500 or (response.status >= 400 and response.request.resource_type != "document"):
            self.notes.append(f"answered {response.status}: {response.url}")

    @property
    def unexpected(self) -> list[str]:
        return [note for note in self.notes if not any(part in note for part in self.expected)]


eventually.set_options(timeout=PATIENCE)
_watches: WeakKeyDictionary[Page, Watch] = WeakKeyDictionary()
_passed: set[int] = set()


def expect(page: Page, part: str) -> None:
    """Do not fail for notes that contain `part`: this test provokes them."""
    _watches[page].expected.append(part)


def without_axe(page: Page) -> None:
    """Do not run axe by itself on this page: a test of speed, or of something that is no page of ours."""
    _watches[page].axe = False


def forget_notes(page: Page) -> None:
    """A page that goes from test to test: each answers for its own."""
    _watches[page].notes.clear()


def assert_quiet(page: Page) -> None:
    """Nothing in the console, nothing refused by the policy, nothing failed, nothing asked of other hosts."""
    noticed = _watches[page].unexpected
    assert not noticed, f"noticed on {page.url}:\n  " + "\n  ".join(noticed)


def axe(page: Page, context: str | None = None, options: dict[str, Any] | None = None) -> None:
    """Fail with a readable list unless the page, as it is now, passes axe's rules for WCAG 2.2 AA and good practice.

    context: a CSS selector to look at a part only. A page that passed with the same markup is not run again.
    """
    if not page.url.startswith("http"):
        return
    known = hash((page.viewport_size and page.viewport_size["width"], context, ONCE_ONLY.sub("", page.content())))
    if known in _passed and not options:
        return
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE)
    violations = page.evaluate(RUN_AXE, [context, options or WCAG])
    assert not violations, f"axe on {page.url}:\n" + "\n".join(map(describe, violations))
    _passed.add(known)


def describe(violation: dict[str, Any]) -> str:
    lines = [f"  {violation['id']} ({violation['impact']}): {violation['help']}"]
    for node in violation["nodes"]:
        reasons = [one["message"] for one in node["any"] + node["all"] + node["none"]]
        lines.append(f"    {' '.join(map(str, node['target']))}: {node['html'][:160]}")
        lines += [f"      {reason}" for reason in reasons[:3]]
    return "\n".join(lines)


def _run_axe_when_opened(page: Page) -> None:
    """goto() is how a test opens an address: look at it at once, before the test goes on."""
    goto = page.goto

    def goto_and_look(*args: Any, **named: Any) -> Response | None:
        response = goto(*args, **named)
        if _watches[page].axe and response and "text/html" in response.headers.get("content-type", ""):
            axe(page)
        return response

    page.goto = goto_and_look  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def start_browser() -> Iterator[Callable[..., Browser]]:
    """start_browser(*more_flags): a Chromium; the same flags give the same one."""
    program = require("chromium")
    started: dict[tuple[str, ...], Browser] = {}
    with sync_playwright() as playwright:

        def start(*more: str) -> Browser:
            if more not in started:
                started[more] = playwright.chromium.launch(executable_path=program, args=[*FLAGS, *more])
            return started[more]

        yield start
        for browser in started.values():
            browser.close()


@pytest.fixture(scope="session")
def browser(start_browser: Callable[..., Browser]) -> Browser:
    """The session's Chromium; each page gets a context, thus cookies, of its own."""
    return start_browser()


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(start_browser: Callable[..., Browser], request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """open_page(width=390, height=844, flags=(), base_url=None, **options of Browser.new_context): a watched page."""
    pages: list[Page] = []

    def open_one(width: int = 390, height: int = 844, *, flags: tuple[str, ...] = (), **options: Any) -> Page:
        page = new_page(start_browser(*flags), width, height, **options)
        pages.append(page)
        return page

    yield open_one
    try:
        if not getattr(request.node, "failed_in_call", False):
            for page in pages:
                look_at_the_end(page)
    finally:
        for page in pages:
            page.context.close()


def new_page(browser: Browser, width: int, height: int, **options: Any) -> Page:
    """A watched page in a context of its own."""
    defaults: dict[str, Any] = {"locale": "sv-SE", "timezone_id": "Europe/Stockholm", "reduced_motion": "reduce"}
    context = browser.new_context(viewport={"width": width, "height": height}, **{**defaults, **options})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    _watches[page] = Watch(page)
    _watches[page].axe = options.get("java_script_enabled", True)  # its promises never end where scripts may not run
    _run_axe_when_opened(page)
    return page


@pytest.fixture(scope="session")
def kept_page(browser: Browser) -> Iterator[Page]:
    """One page for all looks of this test process; take it through `look`."""
    page = new_page(browser, 390, 844)
    yield page
    page.context.close()


@pytest.fixture
def look(kept_page: Page, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """look(width=390, height=844, **options of Page.emulate_media): a watched page for tests that only look.

    It goes from test to test, which spares a process and a warm axe for each: a test that types, presses or stores
    anything takes a page of its own.
    """

    def take(width: int = 390, height: int = 844, **media: Any) -> Page:
        kept_page.set_viewport_size({"width": width, "height": height})
        usual = {"color_scheme": "light", "reduced_motion": "reduce", "forced_colors": "none"}
        kept_page.emulate_media(**{**usual, **media})
        return kept_page

    yield take
    try:
        if not getattr(request.node, "failed_in_call", False):
            look_at_the_end(kept_page)
    finally:
        kept_page.goto("about:blank")
        kept_page.context.clear_cookies()
        forget_notes(kept_page)


def look_at_the_end(page: Page) -> None:
    if not page.is_closed():
        if _watches[page].axe:
            axe(page)
        assert_quiet(page)


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A page as on a phone."""
    return open_page()


@pytest.fixture
def wide_page(open_page: OpenPage) -> Page:
    """A page as on a desk."""
    return open_page(1280, 800)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[Any]:
    """A test that failed says why itself; what its pages showed at the end would only hide that."""
    report: pytest.TestReport = yield
    if report.when == "call":
        item.failed_in_call = report.failed  # type: ignore[attr-defined]
    return report
