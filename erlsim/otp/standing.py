"""What the code of a behaviour stands for in stacks: OTP's functions beneath a callback, by which one knows a crash.

A callback that fails is seen in `gen_server:try_dispatch/4`, which `gen_server:handle_msg/6` has called, which
`proc_lib:init_p_do_apply/3` has, whatever the functions here are called. Their lines are none of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import FrameType
from typing import TypeAlias

from erlsim.terms import Term

Names: TypeAlias = str | Callable[[FrameType, FrameType | None], str]
"""Functions of OTP, `"try_dispatch/4 handle_msg/6"`, innermost first; or what gives them for a frame and its call."""

_WAITING = ("erlsim._kernel", "erlsim._bifs", "erlsim.erlang")


def standing(module: str, functions: Mapping[str, Names]) -> Callable[[FrameType, FrameType | None], list[Term] | None]:
    """The `__stands_for__` of a file of `module`: what each of its functions is in a stack.

    What is not among `functions` is in no stack if its name begins with an underscore, and there as itself if not.
    """

    def stands_for(frame: FrameType, inner: FrameType | None) -> list[Term] | None:
        name = frame.f_code.co_name
        names = functions.get(name)
        if names is None:
            return [] if name.startswith("_") else None
        if not isinstance(names, str):
            names = names(frame, inner)
        return [entry(module, each) for each in names.split()]

    return stands_for


def entry(module: str, name: str) -> Term:
    """The entry of `"handle_msg/6"`, or of `"gen:do_call/4"`, which is of another module."""
    function, _, arity = name.rpartition("/")
    if ":" in function:
        module, _, function = function.partition(":")
    return (module, function, int(arity), [])


def is_waiting(inner: FrameType | None) -> bool:
    """Whether who has called `inner` waits for a message in it."""
    return inner is not None and str(inner.f_globals.get("__name__", "")).startswith(_WAITING)


def is_calling(inner: FrameType | None, *names: str) -> bool:
    """Whether `inner`, what a frame has called, is one of these functions."""
    return inner is not None and inner.f_code.co_name in names


def is_within(frame: FrameType, inner: FrameType | None) -> bool:
    """Whether `inner` belongs to the same file."""
    return inner is not None and inner.f_globals is frame.f_globals
