"""One scenario, three runs: what is done to a program from outside, on its prototype and on its port, and compared.

A `Scenario` is written in Python, as text or as JSON (`load`), or cut out of a recorded run. It runs on the Python
modules, on Erlang source without a BEAM, and on a real Erlang or Elixir where there is one; `compare` names the first
step at which two runs differ, and `check_port` does all of it.
"""

from erlsim.porting.scenarios.beam import NoBeam, run_on_beam, run_on_elixir
from erlsim.porting.scenarios.checks import Difference, Report, Side, check_port, compare, unmet
from erlsim.porting.scenarios.cutting import cut
from erlsim.porting.scenarios.driver import Seen
from erlsim.porting.scenarios.exports import exported
from erlsim.porting.scenarios.files import load, save
from erlsim.porting.scenarios.forms import from_json, in_erlang, read, step_text, text, to_json
from erlsim.porting.scenarios.outcomes import Only, Outcomes, Sets, compare_outcomes, outcomes_of
from erlsim.porting.scenarios.runs import Run, run_on_erlang, run_on_python
from erlsim.porting.scenarios.scenario import Scenario
from erlsim.porting.scenarios.steps import SELF, Call, Expected, Module, Ms, Step, Var

__all__ = [
    "SELF",
    "Call",
    "Difference",
    "Expected",
    "Module",
    "Ms",
    "NoBeam",
    "Only",
    "Outcomes",
    "Report",
    "Run",
    "Scenario",
    "Seen",
    "Sets",
    "Side",
    "Step",
    "Var",
    "check_port",
    "compare",
    "compare_outcomes",
    "cut",
    "exported",
    "from_json",
    "in_erlang",
    "load",
    "outcomes_of",
    "read",
    "run_on_beam",
    "run_on_elixir",
    "run_on_erlang",
    "run_on_python",
    "save",
    "step_text",
    "text",
    "to_json",
    "unmet",
]
