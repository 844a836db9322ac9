"""Records what is in the stacks of processes that fail within behaviours: `python -m tests.erl.stacks.record`.

It needs `erl`. With `--check` it only says which cases it answers in another way today, and ends with status 1 then.
"""

from __future__ import annotations

from pathlib import Path

from tests.erl.observing import Observation

HERE = Path(__file__).parent
STACKS = Observation(sorted(HERE.glob("*.erl")), "stacks", HERE / "observed.terms")

if __name__ == "__main__":
    STACKS.record()
