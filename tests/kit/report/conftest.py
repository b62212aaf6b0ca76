"""A browser for the tests of the report."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from linewright.kit.report import write_report
from tests.kit.sample_plan import START

#: The browser must not look for updates or networks of its own.
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-default-apps", "--no-first-run", "--mute-audio",
]  # fmt: skip
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")


def browser_path():
    """The Chromium of this machine: the one named by LINEWRIGHT_BROWSER, else the first on the path."""
    named = os.environ.get("LINEWRIGHT_BROWSER")
    return named or next(filter(None, map(shutil.which, BROWSERS)), None)


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all tests, or a skip with the reason."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = browser_path()
    if not path:
        pytest.skip("no Chromium is installed (set LINEWRIGHT_BROWSER to one)")
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def report(sample, tmp_path_factory) -> Path:
    """The report of the sample as a file."""
    plan, factory, closed = sample
    return write_report(plan, factory, tmp_path_factory.mktemp("report") / "plan.html", closed=closed, made=START)


@pytest.fixture
def opened(browser, report):
    """A function that opens a report and, at the end of the test, insists that nothing went wrong in it."""
    troubles, pages = [], []

    def open_report(path=report, width=1440, height=900, scheme="light", fragment="", **options):
        page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme, **options)
        pages.append(page)
        page.on("console", lambda message: troubles.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: troubles.append(f"error: {error}"))
        page.on(
            "request", lambda request: request.url.startswith("file:") or troubles.append(f"request: {request.url}")
        )
        page.goto(path.as_uri() + fragment)
        page.wait_for_selector("html[data-ready=yes]")
        # Waiting inside the page would need eval, which the report's content policy forbids.
        for _ in range(200):
            if page.evaluate("Boolean(linewright.board.view.width > 1 && linewright.board.layout)"):
                break
            page.wait_for_timeout(50)
        return page

    yield open_report
    for page in pages:
        page.close()
    assert troubles == []
