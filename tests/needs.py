"""What a test needs and not every machine has.

A test that lacks something is skipped at home, where somebody reads the reason, and fails if `CI` is set: nobody
would notice there. What the project never asks anybody to have, a real Erlang, is done without in either place.
"""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def lacks(why: str) -> NoReturn:
    """Skip the test, or fail it, since something is missing: `why` says what, and how to get it."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(why)


def does_without(why: str) -> NoReturn:
    """Skip the test wherever it runs: `why` says what it would be for."""
    pytest.skip(why)
