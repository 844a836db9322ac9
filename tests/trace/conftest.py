"""A browser for the tests of the page."""

from __future__ import annotations

import pytest

from tests import browser as browsers


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium; the test is skipped, or fails in CI, where there is none."""
    browsers.require()
    with browsers.launched() as running:
        yield running
