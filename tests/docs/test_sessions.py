"""Pages that are sessions run and show what they say.

`python -m tests.docs.test_sessions` writes their outputs anew.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.sessions import played

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [
    DOCS / "tutorial" / "course.md",
    DOCS / "tutorial" / "first-steps.md",
    DOCS / "how-to" / "assert-on-a-trace.md",
    DOCS / "how-to" / "blast-radius.md",
    DOCS / "how-to" / "compare-a-port.md",
    DOCS / "how-to" / "error-messages.md",
    DOCS / "how-to" / "erlang-to-python.md",
    DOCS / "how-to" / "find-a-race.md",
    DOCS / "how-to" / "inject-faults.md",
    DOCS / "how-to" / "keep-to-a-budget.md",
    DOCS / "how-to" / "pictures.md",
    DOCS / "how-to" / "player.md",
    DOCS / "how-to" / "restart-intensity.md",
    DOCS / "how-to" / "teach-the-course.md",
    DOCS / "how-to" / "test-with-hypothesis.md",
    DOCS / "how-to" / "use-several-nodes.md",
    DOCS / "reference" / "erl.md",
    *sorted(page for page in (DOCS / "museum").glob("*.md") if page.stem != "index"),
]


# An awaitable that nobody awaits is one of the things that a page shows.
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_that_is_a_session_shows_what_comes_out(page):
    assert played(page) == page.read_text(encoding="utf-8")


if __name__ == "__main__":
    for each in PAGES:
        each.write_text(played(each), encoding="utf-8")
