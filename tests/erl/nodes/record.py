"""Records what a program notices of other nodes: `python -m tests.erl.nodes.record` (needs `erl`, and its `epmd`).

With `--check` it only says which cases an `erl` answers in another way today, and ends with status 1 if there are any.
"""

from __future__ import annotations

from pathlib import Path

from tests.erl.observing import Observation

HERE = Path(__file__).parent
NODES = Observation([HERE / "observed.erl"], "observed", HERE / "observed.terms", ("-sname", "recorder"))

if __name__ == "__main__":
    NODES.record()
