"""Where each process was in its code, its variables, its server's state, and the tables, at every event of a run.

Recorded only in a simulation with `trace="states"`; others pay nothing. `frames` finds the code that a process is in,
`tables` compares ETS tables, `recorder` notes what has changed.
"""

from __future__ import annotations

from erlsim.trace.states.recorder import Change, Recorder, State, States
from erlsim.trace.states.tables import TableChange

__all__ = ["Change", "Recorder", "State", "States", "TableChange"]
