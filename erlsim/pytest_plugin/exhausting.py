"""Complete searches under pytest: who asks for one, and what is said of each at the end of the run.

The marker `erlsim(exhaust=True)` asks for one, `erlsim(exhaust={"seconds": 10})` with a budget of its own (the
parameters of `testing.exhaust`), and `--erlsim-exhaustive RUNS` for one of each async test, of at most so many runs.
"""

from __future__ import annotations

from typing import Any

import pytest

from erlsim.errors import ErlsimError
from erlsim.testing.search import Exhaustion

BUDGET = ("max_runs", "seconds", "bound", "check")
sentences_key: pytest.StashKey[list[str]] = pytest.StashKey()


def exhausting(config: pytest.Config, options: dict[str, Any]) -> dict[str, Any] | None:
    """The budget of the search that a test wants, taken out of its options; `None` if it wants none."""
    wanted = options.pop("exhaust", False)
    runs = config.getoption("--erlsim-exhaustive")
    if wanted is False and runs is None:
        return None
    budget = dict(wanted) if isinstance(wanted, dict) else {}
    if not isinstance(wanted, dict | bool) or any(name not in BUDGET for name in budget):
        raise ErlsimError(f"erlsim(exhaust=...) is True or a dict of {', '.join(BUDGET)}, not {wanted!r}")
    options["preempt"] = True
    return budget if runs is None else {"max_runs": runs, **budget}


def keep_sentence(item: pytest.Item, found: Exhaustion) -> None:
    """Say at the end of the run what came of a test's search; what its race was goes into its report."""
    item.config.stash.setdefault(sentences_key, []).append(f"{item.nodeid}: {found.sentence()}")
    if found.race is not None:
        item.add_report_section("call", "erlsim race", str(found.race))


def sentences(config: pytest.Config) -> list[str]:
    """What came of all searches."""
    return config.stash.get(sentences_key, [])
