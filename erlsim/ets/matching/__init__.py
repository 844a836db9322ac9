"""Match specifications, read and compiled: `[(head, [guard, ...], [body, ...]), ...]`.

`patterns` compiles heads, `expressions` guards and bodies with the functions of `guards`; `programs` puts the clauses
together. Nothing here knows of tables.
"""

from __future__ import annotations

from erlsim.ets.matching.guards import is_integer
from erlsim.ets.matching.programs import (
    NOTHING,
    Program,
    compile_pattern,
    compile_spec,
    keeps_key,
    lint,
    program_of,
    reference,
)

__all__ = [
    "NOTHING",
    "Program",
    "program_of",
    "compile_pattern",
    "compile_spec",
    "is_integer",
    "keeps_key",
    "lint",
    "reference",
]
