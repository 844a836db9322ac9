"""Trying mutants: a `campaign` gives jobs to `agents`, processes in which `agent` is a plugin of pytest.

`coverage` chooses the tests of a mutant, and `cache` knows what came of it before.
"""

from erlsim.lab.mutation.trying.agents import CannotStart
from erlsim.lab.mutation.trying.cache import FOLDER as CACHE
from erlsim.lab.mutation.trying.cache import Cache
from erlsim.lab.mutation.trying.campaign import LATE, NOT_RUN, Baseline, Campaign, FailingTests, Outcome, default_jobs

__all__ = [
    "CACHE",
    "LATE",
    "NOT_RUN",
    "Baseline",
    "Cache",
    "Campaign",
    "CannotStart",
    "FailingTests",
    "Outcome",
    "default_jobs",
]
