"""Portable or not: a lint that reads source.

`check(target)` gives the findings in a file, a package or a text; `rules()` says of each rule why it is one, the
portable way, and an example in three forms. Nothing is run, and nothing but Python's `ast` is asked: what a value is
follows from the parameters of callbacks, from the results of erlsim's functions and from type hints.

What happens: `sources` reads files, `program` knows their functions, `walking` goes through each with what `flow` knows
of its names (`shapes`); `looks` and `patterns` look at what stands there.
"""

from __future__ import annotations

from erlsim.porting.portable.findings import Finding, Rule, rules
from erlsim.porting.portable.lint import check

__all__ = ["Finding", "Rule", "check", "rules"]
