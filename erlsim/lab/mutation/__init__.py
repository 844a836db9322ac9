"""Mutation testing of supervision: would the tests notice if the strategy were wrong?

`run(Plan(...))` changes what the user has declared, one place at a time (`mutants.KINDS`), puts each mutant to the
user's own tests, and searches for a scenario that tells each survivor from the original: a `Report`. `text`, `data` and
`page` say it.

- `finding`: reads the files and makes the mutants, which the user's own list completes
- `trying`: runs the tests in processes that are copies of one another, and keeps what it has learned
- `telling`: plays scenarios with a survivor and the original side by side
"""

from erlsim.lab.mutation.finding.mutants import KINDS
from erlsim.lab.mutation.finding.own import WrongList
from erlsim.lab.mutation.finding.sources import Unreadable
from erlsim.lab.mutation.page import page
from erlsim.lab.mutation.run import OWN_LIST, Plan, Report, run
from erlsim.lab.mutation.telling import TRIES
from erlsim.lab.mutation.trying import CACHE, CannotStart, FailingTests, default_jobs
from erlsim.lab.mutation.words import data, text

__all__ = [
    "CACHE",
    "KINDS",
    "OWN_LIST",
    "TRIES",
    "CannotStart",
    "Plan",
    "Report",
    "FailingTests",
    "Unreadable",
    "WrongList",
    "data",
    "default_jobs",
    "page",
    "run",
    "text",
]
