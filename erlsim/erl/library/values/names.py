"""Pids and references by what they are printed as."""

from __future__ import annotations

import re

from erlsim import erlang
from erlsim.erl.running.cells import outward
from erlsim.erl.running.failures import bif_failed
from erlsim.terms import Pid, Ref, Term

__in_stacks__ = False

_PID = re.compile(r"<(\d+)\.(\d+)\.(\d+)>")
_REF = re.compile(r"#Ref<0\.(\d+)\.(\d+)\.(\d+)>")


def _text(items: Term) -> str:
    plain = outward(items)
    return "".join(map(chr, plain)) if type(plain) is list and all(type(each) is int for each in plain) else ""


def list_to_pid(items: Term) -> Pid:
    """`list_to_pid/1`."""
    found = _PID.fullmatch(_text(items))
    pid = None if found is None else erlang.pid_of(int(found[1]), int(found[3]) << 15 | int(found[2]))
    if pid is None:
        raise bif_failed("badarg", "erlang", "list_to_pid", [items])
    return pid


def list_to_ref(items: Term) -> Ref:
    """`list_to_ref/1`."""
    found = _REF.fullmatch(_text(items))
    if found is None:
        raise bif_failed("badarg", "erlang", "list_to_ref", [items])
    high, middle, low = (int(found[place]) for place in (1, 2, 3))
    return Ref(high << 50 | middle << 18 | low)
