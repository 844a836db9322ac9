"""Strict mode: a run is watched for what does not port (`Simulation(strict=True)`).

`Watch` sees each message, each row of a table, each entry of a process dictionary, each reason and all that callbacks
are given and return. Without it nothing of this is there: it comes in by the hooks that traces and searches use.
`judging` says what is no term, `taking` what a `match` has taken that Erlang's would not, `places` where in the program
it was.
"""

from __future__ import annotations

from erlsim.porting.portable.strict.watching import Watch

__all__ = ["Watch"]
