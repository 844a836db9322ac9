"""The pages of figures say what is kept of each release."""

from __future__ import annotations

import erlsim
from docs._tools import performance


def test_the_pages_show_the_figures_that_are_kept():
    # If not: python -m docs._tools.performance
    assert performance.main(["--check"]) == 0


def test_the_figures_of_this_release_are_kept_with_their_peers_and_targets():
    kept = performance.releases()[erlsim.__version__]
    shown = "\n".join(performance.release(erlsim.__version__, kept))
    assert all(f"| {outcome['name']} (" in shown for outcome in kept)
    assert any(outcome["ratios"] for outcome in kept) and any(outcome["targets"] for outcome in kept)
