"""The module `io_lib`, in part: formatting as a function that returns characters. Mirrors `io_lib`."""

from __future__ import annotations

from erlsim import terms
from erlsim.terms import Term


def format(directives: Term, args: Term) -> list[int]:
    """The characters of `terms.format(directives, args)`. Mirrors `io_lib:format/2`."""
    return terms.chars(terms.format(directives, args))


__all__ = ["format"]
