"""The module `compile`, in part: a source in a file of the machine that runs the simulation is compiled and loaded."""

from __future__ import annotations

import sys
from pathlib import Path

import erlsim
from erlsim.erl import loading
from erlsim.erl.library.io_lib import text_of
from erlsim.errors import ErlsimError
from erlsim.terms import Term

__in_stacks__ = False


def file(name: Term, options: Term = None) -> Term:
    """`file/1,2`: `{ok, Module}` or error. The options, and the object code that OTP would write, there are not."""
    path = Path(text_of(name)).with_suffix(".erl")
    try:
        made = loading.load(path, includes=[path.parent])
    except (ErlsimError, OSError):
        return "error"
    return ("ok", made.__name__)


erlsim.module(name="compile")(sys.modules[__name__])
