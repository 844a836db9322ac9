"""Which OTP release a simulation behaves as: what differs between releases asks here, and nowhere are numbers spread.

`Simulation(otp=...)` gives its world a release; outside of every simulation it is the one that erlsim is measured by.
Functions that a release added are listed in `ADDED`, and are `undef` before it; other differences ask `since`.
Known from OTP's sources and release notes: docs/explanation/otp-versions.md says where.
"""

from __future__ import annotations

from typing import Any, Final

from erlsim.errors import ErlsimError, Error
from erlsim.threads import thread

DEFAULT: Final = 25
# The emulator's version in each release.
EMULATORS: Final = {25: "13.1.5", 26: "14.2", 27: "15.0", 28: "16.0"}
# The first release that has a function.
ADDED: Final = {
    ("proc_lib", "init_fail", 2): 26,
    ("proc_lib", "init_fail", 3): 26,
    ("ets", "lookup_element", 4): 26,
    ("ets", "first_lookup", 1): 27,
    ("ets", "last_lookup", 1): 27,
    ("ets", "next_lookup", 2): 27,
    ("ets", "prev_lookup", 2): 27,
    ("ets", "update_element", 4): 27,
    ("proc_lib", "set_label", 1): 27,
    ("proc_lib", "get_label", 1): 27,
    ("supervisor", "which_child", 2): 28,
}
NEW: Final = frozenset(function for _, function, _ in ADDED)
"""The names of functions that a later release has, or has with another arity."""
# Where a world keeps its release.
RELEASE: Final = "otp release"


def checked(otp: Any) -> int:
    """`otp` if it is a release that is known; else `ErlsimError` with those that are."""
    if type(otp) is not int or otp not in EMULATORS:
        raise ErlsimError(f"otp is one of the releases {', '.join(map(str, EMULATORS))}, not {otp!r}")
    return otp


def current() -> int:
    """The release that the current simulation behaves as."""
    world = thread.world
    release: int = DEFAULT if world is None else world.extensions.get(RELEASE, DEFAULT)
    return release


def since(release: int) -> bool:
    """Whether the current simulation behaves as `release` or a later one."""
    return current() >= release


def lacks(module: str, function: str, arity: int) -> bool:
    """Whether `module:function/arity` is one that a later release has added."""
    return function in NEW and not since(ADDED.get((module, function, arity), DEFAULT))


def demand(module: str, function: str, args: list[Any]) -> None:
    """`error:undef`, as for any function that is not there, if a later release has added `module:function(args)`."""
    if lacks(module, function, len(args)):
        raise Error("undef", [(module, function, args, [])])
