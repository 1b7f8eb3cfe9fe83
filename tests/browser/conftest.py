"""What tests in a browser share: Debian's chromium, driven by Playwright, whose own browsers are not needed.

They run from the site's environment, `make check`; without Playwright the files here skip themselves.
"""

import os
import shutil

import pytest

BROWSERS = ("chromium", "google-chrome", "chromium-browser")
NO_BROWSER = f"needs a browser: install Debian's package chromium (looked for {', '.join(BROWSERS)})"


@pytest.fixture(scope="session")
def browser():
    """Start the browser; where there is none, skip, and in CI fail."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(NO_BROWSER)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def watched(browser):
    """Return a function that opens an empty window, and the list of what went wrong in it.

    No request leaves the host of `address`: any other is stopped, and noted like errors in the console,
    errors that no script caught, and files that are not there.
    """
    contexts = []

    def open_window(address, **settings):
        context = browser.new_context(viewport={"width": 1280, "height": 900}, **settings)
        contexts.append(context)
        page, wrong = context.new_page(), []

        def sort_out(route):
            wrong.append(f"asks another host: {route.request.url}")
            route.abort()

        def note(message):
            if message.type == "error":
                wrong.append(f"console: {message.text} ({message.location.get('url', '')})")

        context.route(lambda url: not url.startswith((address, "data:", "blob:")), sort_out)
        page.on("console", note)
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        page.on("response", lambda got: got.status >= 400 and wrong.append(f"{got.status}: {got.url}"))
        return page, wrong

    yield open_window
    for context in contexts:
        context.close()
