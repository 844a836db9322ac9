"""A scenario on a real Erlang: `compiled_erlang` and `compiled_elixir` make a `Target` of sources, `run` runs it there.

The driver is `erlsim_scenario.erl`, compiled beside the port's modules; what it observes comes back in Erlang's
external format (`etf`).
"""

from erlsim.porting.scenarios.beam.running import run, run_on_beam, run_on_elixir
from erlsim.porting.scenarios.beam.targets import NoBeam, Target, compiled_elixir, compiled_erlang

__all__ = ["NoBeam", "Target", "compiled_elixir", "compiled_erlang", "run", "run_on_beam", "run_on_elixir"]
