"""A real browser, for whatever ends up in one: headless Chromium, driven by Playwright.

Chromium is the machine's own (`.ci/chromium` installs Debian's); none is downloaded. Where there is none, tests that
need it are skipped, or fail in CI (`needs`).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests import needs

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
HOW = "install it (`.ci/chromium` does, as root on Debian) or name one in ERLSIM_CHROMIUM"


def chromium() -> str | None:
    """The path of a Chromium."""
    given = os.environ.get("ERLSIM_CHROMIUM")
    names = (given, *NAMES) if given else NAMES
    return next((path for name in names if (path := shutil.which(name))), None)


def missing() -> str:
    """What is missing to open a page; nothing if nothing is."""
    try:
        import playwright  # noqa: F401 - to see whether it is there
    except ImportError:
        return "no playwright: pip install 'erlsim[browser]'"
    return "" if chromium() else f"no Chromium: {HOW}"


def require() -> None:
    """Skip the test, or fail it, where a browser is missing."""
    if why := missing():
        needs.lacks(why)


@contextmanager
def launched() -> Iterator[Any]:
    """A running browser, as Playwright has it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium())
        try:
            yield browser
        finally:
            browser.close()
