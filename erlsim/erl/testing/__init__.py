"""Tests written in Erlang: EUnit's and Common Test's, each case in a simulation of its own."""

from erlsim.erl.testing import compile_module, ct, eunit_module, test_server
from erlsim.erl.testing.outcomes import Failed, Outcome, Passed, Skipped
from erlsim.erl.testing.projects import Case, Project

__all__ = [
    "Case",
    "Failed",
    "Outcome",
    "Passed",
    "Project",
    "Skipped",
    "compile_module",
    "ct",
    "eunit_module",
    "test_server",
]
