"""Telling survivors from the original: `searching` draws `scenarios`, `pairs` play them and compare what is observed.

`playing` and `observing` run where pytest does; `equivalence` knows who is the same without being run.
"""

from erlsim.lab.mutation.telling.searching import EQUIVALENT, MORE_TRIES, NONE, SCENARIO, TRIES, Search, Verdict

__all__ = ["EQUIVALENT", "MORE_TRIES", "NONE", "SCENARIO", "TRIES", "Search", "Verdict"]
