"""Tests written in Erlang: EUnit's and Common Test's, each case in a simulation of its own."""

from erlsim.erl.testing import ct, eunit_module, test_server
from erlsim.erl.testing.outcomes import Failed, Outcome, Passed, Skipped
from erlsim.erl.testing.projects import Case, Project

__all__ = ["Case", "Failed", "Outcome", "Passed", "Project", "Skipped", "ct", "eunit_module", "test_server"]
