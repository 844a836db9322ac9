"""What may stand in a guard: comparisons, arithmetic, and the few functions that Erlang allows there."""

from __future__ import annotations

from erlsim.porting.drafts.calls import GUARDS
from erlsim.porting.drafts.forms import (
    Apply,
    Call,
    Case,
    Comprehension,
    Field,
    Form,
    Fun,
    If,
    Match,
    Op,
    Receive,
    Record,
    Try,
    within,
)

_SAFE = frozenset("length map_size tuple_size byte_size self node".split())


def never_fails(form: Form) -> bool:
    """Whether a condition may stand in a guard and always has a value: one that fails there is false in silence."""
    for each in within(form):
        if isinstance(each, Call) and not (each.name in _SAFE or each.name.startswith("is_")):
            return False
        if isinstance(each, Op) and each.name not in _COMPARING:
            return False
        if isinstance(each, Field):
            return False
    return is_guard(form)


_COMPARING = frozenset("=:= =/= === == /= < =< > >= andalso orelse".split())


def is_guard(form: Form) -> bool:
    """Whether a condition may stand in a guard."""
    for each in within(form):
        if isinstance(each, Call) and not (each.module == "erlang" and each.name in GUARDS):
            return False
        if isinstance(each, Apply | Fun | Case | If | Receive | Try | Comprehension | Match | Record):
            return False
        if isinstance(each, Op) and each.name in ("++", "!"):
            return False
    return True
