"""Telling survivors from the original: `searching` draws `scenarios`, has them played and compares what is observed.

`playing` and `observing` run where pytest does; `equivalence` knows who is the same without being run.
"""

from erlsim.lab.mutation.telling.searching import EQUIVALENT, NONE, SCENARIO, TRIES, Verdict, search

__all__ = ["EQUIVALENT", "NONE", "SCENARIO", "TRIES", "Verdict", "search"]
