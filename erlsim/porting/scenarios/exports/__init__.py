"""Scenarios as the ported project's own tests: EUnit, Common Test and ExUnit, without erlsim.

`exported` runs the scenarios on the prototype and writes down what it showed. Times are real there: they are scaled,
and margins are stated in the file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from erlsim.errors import ErlsimError
from erlsim.porting.scenarios.checks import unmet
from erlsim.porting.scenarios.exports import elixir, erlang
from erlsim.porting.scenarios.exports.expected import checks
from erlsim.porting.scenarios.runs import Place, run_on_python
from erlsim.porting.scenarios.scenario import Scenario

KINDS = ("eunit", "ct", "exunit")


def exported(
    scenarios: Sequence[Scenario],
    kind: str,
    name: str,
    prototype: Place | None = None,
    modules: Mapping[str, str] | None = None,
) -> tuple[str, str]:
    """The name and the text of a file of tests: of EUnit (`eunit`), Common Test (`ct`) or ExUnit (`exunit`).

    `name` is what is tested: `pool` gives `pool_scenario_tests.erl`, `pool_SUITE.erl`, `pool_scenario_test.exs`.
    `modules` are those of the port that have other names there; if it is left out, ExUnit's are those that the
    scenarios say. `ErlsimError` if the prototype does not show what a scenario expects.
    """
    if kind not in KINDS:
        raise ErlsimError(f"tests are of {', '.join(KINDS)}, not of {kind!r}")
    tests = []
    for scenario in scenarios:
        run = run_on_python(scenario, prototype)
        wrong = unmet(run)
        if wrong is not None:
            raise ErlsimError(str(wrong))
        places = modules if modules is not None else scenario.elixir if kind == "exunit" else {}
        tests.append((scenario.name, *checks(scenario.steps, run.seen, places)))
    if kind == "exunit":
        return f"{name}_scenario_test.exs", elixir.exunit(name, tests)
    if kind == "ct":
        return f"{name}_SUITE.erl", erlang.common_test(f"{name}_SUITE", tests)
    return f"{name}_scenario_tests.erl", erlang.eunit(f"{name}_scenario_tests", tests)


__all__ = ["KINDS", "exported"]
