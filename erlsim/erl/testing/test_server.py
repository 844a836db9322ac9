"""The module `test_server`, as far as the macros of `ct.hrl` need it."""

from __future__ import annotations

import sys

import erlsim
from erlsim.terms import Term

__in_stacks__ = False


def lookup_config(key: Term, config: Term) -> Term:
    """What `?config(Key, Config)` is: the value of a key, or undefined."""
    return next((each[1] for each in config if type(each) is tuple and each[0] == key), "undefined")


def seconds(count: Term) -> Term:
    """Milliseconds."""
    return count * 1000


def minutes(count: Term) -> Term:
    """Milliseconds."""
    return count * 60_000


def hours(count: Term) -> Term:
    """Milliseconds."""
    return count * 3_600_000


erlsim.module(name="test_server")(sys.modules[__name__])
