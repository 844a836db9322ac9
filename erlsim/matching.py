"""`Pattern = Term`, as an expression: what Erlang's match does that Python's assignment does not."""

from __future__ import annotations

from typing import Any

from erlsim import hints
from erlsim.errors import Error
from erlsim.terms import Term
from erlsim.terms.matching import matches, parts


def match(pattern: Any, term: Term) -> Any:
    """Let `term` match `pattern` (patterns are those of `erlang.receive`): the part that the pattern leaves open.

    If it leaves several open they come as a tuple, and if none, `term` itself: `pid = match(("ok", ...), answer)`.
    `error:{badmatch, term}` if it does not match, as `{ok, Pid} = Answer` in Erlang.
    """
    if not matches(pattern, term):
        error = Error(("badmatch", term))
        hint = hints.of_reason(term[1]) if type(term) is tuple and len(term) == 2 else None
        if hint is not None:
            error.add_note(hint)
        raise error
    found = parts(pattern, term)
    return term if not found else found[0] if len(found) == 1 else tuple(found)


__all__ = ["match"]
